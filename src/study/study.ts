// Many flights of one plan under consecutive seeds, and what their outcomes have in common.
import { quantileSorted } from 'simple-statistics'
import type { Plan } from '../run/plan.js'
import type { Outcome } from '../run/record.js'
import { Simulation } from '../run/simulation.js'
import type { Verdict } from '../scenario/budget.js'
import type { Fidelity } from '../scenario/fidelity.js'

export const studySchema = 'coalmine.study/v1'

/** Of the runs in which the number exists: a release that is never detected has no detection time. */
export interface Distribution {
  readonly runs: number
  readonly mean: number | null
  readonly standardError: number | null
  readonly p5: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
}

export interface Study {
  readonly schema: typeof studySchema
  readonly scenario: string
  /** Of the first run; the others have the next ones. */
  readonly seed: number
  readonly runs: number
  /** Whether requests were counted as a flow or flown one by one. */
  readonly fidelity: Fidelity
  readonly verdicts: Readonly<Record<Verdict, number>>
  /** The share of the runs that were promoted with the fault in them, and that were stopped for nothing. */
  readonly missed: number
  readonly falseAborts: number
  readonly numbers: Readonly<Record<string, Distribution>>
}

/** Flies seed after seed. What is finished at any moment is a study of its own. */
export class Seeds {
  private readonly simulation: Simulation
  private readonly columns = new Map<string, number[]>()
  private readonly verdicts: Record<Verdict, number> = { promoted: 0, aborted: 0, paused: 0, stuck: 0 }
  private missed = 0
  private falseAborts = 0
  done = 0

  constructor(
    private readonly plan: Plan,
    private readonly seed: number,
  ) {
    this.simulation = new Simulation(plan)
  }

  fly(runs: number): void {
    for (let run = 0; run < runs; run++) {
      const outcome = this.simulation.fly(this.seed + this.done)
      this.verdicts[outcome.verdict]++
      if (outcome.missed) this.missed++
      if (outcome.falseAbort) this.falseAborts++
      collect('', numbersOf(outcome), this.columns)
      this.done++
    }
  }

  study(): Study {
    const { plan, seed, done, columns } = this
    const share = (count: number) => count / Math.max(1, done)
    const verdicts = { ...this.verdicts }
    for (const verdict of Object.keys(verdicts) as Verdict[]) verdicts[verdict] = share(verdicts[verdict])
    const [missed, falseAborts] = [share(this.missed), share(this.falseAborts)]
    const numbers = Object.fromEntries([...columns].map(([name, values]) => [name, distribution(values)]))
    const { fidelity } = plan.fidelity
    return {
      schema: studySchema,
      scenario: plan.name,
      seed,
      runs: done,
      fidelity,
      verdicts,
      missed,
      falseAborts,
      numbers,
    }
  }
}

function numbersOf({ detectionMs, timeToSafeMs, blastRadius, times }: Outcome): object {
  return { detectionMs, timeToSafeMs, blastRadius, times }
}

/** `blastRadius.users.harmed` and so on, in the order of the record. */
function collect(prefix: string, value: object, columns: Map<string, number[]>): void {
  for (const [key, inner] of Object.entries(value) as [string, number | null | object][]) {
    const name = prefix === '' ? key : `${prefix}.${key}`
    if (typeof inner === 'object' && inner !== null) {
      collect(name, inner, columns)
      continue
    }
    const column = columns.get(name) ?? []
    columns.set(name, column)
    if (inner !== null) column.push(inner)
  }
}

export function distribution(values: readonly number[]): Distribution {
  const runs = values.length
  if (runs === 0) {
    return { runs, mean: null, standardError: null, p5: null, p50: null, p90: null, p95: null, p99: null }
  }
  const sorted = [...values].sort((a, b) => a - b)
  const mean = sorted.reduce((sum, value) => sum + value, 0) / runs
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const quantile = (p: number) => quantileSorted(sorted, p)
  return {
    runs,
    mean,
    standardError: runs > 1 ? Math.sqrt(squares / (runs - 1) / runs) : null,
    p5: quantile(0.05),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
  }
}
