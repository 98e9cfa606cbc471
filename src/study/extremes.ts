// The runs in which a figure was furthest from the others: those that somebody will want to look at.

/** So many on either side. */
const kept = 5

export interface Extreme {
  readonly value: number
  readonly seed: number
}

export interface ExtremesData {
  readonly lowest: readonly Extreme[]
  readonly highest: readonly Extreme[]
}

export class Extremes {
  /** The furthest first; of equal ones the first seeds. */
  lowest: Extreme[] = []
  highest: Extreme[] = []

  static from({ lowest, highest }: ExtremesData): Extremes {
    const extremes = new Extremes()
    extremes.lowest = [...lowest]
    extremes.highest = [...highest]
    return extremes
  }

  add(value: number, seed: number): void {
    if (this.lowest.length < kept || value <= this.lowest.at(-1)!.value) insert(this.lowest, { value, seed }, 1)
    if (this.highest.length < kept || value >= this.highest.at(-1)!.value) insert(this.highest, { value, seed }, -1)
  }

  merge({ lowest, highest }: ExtremesData): void {
    for (const extreme of lowest) insert(this.lowest, extreme, 1)
    for (const extreme of highest) insert(this.highest, extreme, -1)
  }

  data(): ExtremesData {
    return { lowest: this.lowest, highest: this.highest }
  }
}

function insert(list: Extreme[], extreme: Extreme, sign: 1 | -1): void {
  const isAhead = (other: Extreme) =>
    sign * (other.value - extreme.value) < 0 || (other.value === extreme.value && other.seed < extreme.seed)
  let at = list.length
  while (at > 0 && !isAhead(list[at - 1]!)) at--
  list.splice(at, 0, extreme)
  if (list.length > kept) list.pop()
}
