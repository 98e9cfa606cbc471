// What all comparisons of one quantity come to: how far apart both fidelities were, scenario by scenario.

export class Table {
  private readonly means = new Map<string, number[]>()
  private readonly spreads = new Map<string, number[]>()

  add(quantity: string, apart: number, apartInSpread: number): void {
    listOf(this.means, quantity).push(apart)
    listOf(this.spreads, quantity).push(apartInSpread)
  }

  get comparisons(): number {
    return [...this.means.values()].reduce((sum, all) => sum + all.length, 0)
  }

  /** By quantity, whether one fidelity has more of it over all scenarios, or spreads it wider: in standard errors. */
  *leanings(): Iterable<readonly [quantity: string, ofMeans: number, ofSpreads: number]> {
    for (const [quantity, means] of this.means) yield [quantity, leaning(means), leaning(this.spreads.get(quantity)!)]
  }

  toString(): string {
    const rows = [...this.leanings()].map(([quantity, ofMeans, ofSpreads]) => {
      const sizes = this.means.get(quantity)!.map(Math.abs)
      const between = (least: number, below: number) => sizes.filter((size) => size >= least && size < below).length
      const equal = sizes.filter((size) => size === 0).length
      const parts = [between(0, 1) - equal, between(1, 2), between(2, 3), between(3, 4)]
      const numbers = [sizes.length, equal, ...parts, Math.max(...sizes), ofMeans, ofSpreads]
      return [quantity, ...numbers.map((number) => (Number.isInteger(number) ? `${number}` : number.toFixed(2)))]
    })
    const head = ['', 'scenarios', 'equal', '< 1', '< 2', '< 3', '< 4', 'largest', 'more', 'wider']
    return [head, ...rows].map(([first, ...rest]) => first!.padEnd(20) + rest.map(wide).join('')).join('\n')
  }
}

/** Each is about normal with a variance of one, unless neither varies: so their sum divided by this root is, too. */
function leaning(all: readonly number[]): number {
  const varying = all.filter((apart) => apart !== 0 && Number.isFinite(apart))
  return varying.reduce((sum, apart) => sum + apart, 0) / Math.sqrt(Math.max(1, varying.length))
}

function listOf(lists: Map<string, number[]>, quantity: string): number[] {
  const known = lists.get(quantity) ?? []
  lists.set(quantity, known)
  return known
}

const wide = (text: string) => text.padStart(10)
