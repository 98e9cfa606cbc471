// An engine to ask questions of: what it told, row by row, and plans and laws with everything that doesn't matter left out.
import { standardExponential } from '../../../../src/kernel/exponential.js'
import { Tape } from '../../../../src/kernel/random.js'
import type { Arrivals } from '../../../../src/world/requests/queueing/arrivals.js'
import type { Ending } from '../../../../src/world/requests/queueing/ending.js'
import type { Law } from '../../../../src/world/requests/queueing/lane-laws.js'
import type { QueueingPlan } from '../../../../src/world/requests/queueing/plan.js'
import { Queueing } from '../../../../src/world/requests/queueing/queueing.js'
import { ArrivalsAt, PoissonArrivals } from './arrivals.js'

export const codes = { ok: 200, shed: 503, timedOut: 504, reset: 502 }

export interface Row {
  readonly atMs: number
  readonly latencyMs: number
  readonly waitMs: number
  readonly ageMs: number
  readonly version: number
  readonly strand: number
  readonly condition: number
  readonly pod: number
  readonly code: number
  readonly attempt: number
  readonly user: number
  readonly isLast: boolean
}

/** Times are rounded to the microsecond, so that sums can be expected as they are written. */
export class Record {
  readonly rows: Row[] = []
  readonly engine: Queueing

  constructor(plan: Partial<QueueingPlan>, seed: number | string = 1) {
    this.tape = new Tape(seed)
    this.engine = new Queueing({ versions: 1, strands: [1], capacities: [{}], codes, ...plan }, this.tape, this)
  }

  readonly tape: Tape

  take(ending: Ending): void {
    const { lanes } = this.engine
    this.rows.push({
      atMs: rounded(ending.timeMs),
      latencyMs: rounded(ending.latencyMs),
      waitMs: rounded(ending.waitMs),
      ageMs: rounded(ending.ageMs),
      version: lanes.versionOf(ending.lane),
      strand: lanes.strandOf(ending.lane),
      condition: lanes.conditionOf(ending.lane),
      pod: ending.pod,
      code: ending.code,
      attempt: ending.tries,
      user: ending.user,
      isLast: ending.isLast,
    })
  }

  /** What was told, in the shortest form: when, code, pod. */
  get told(): readonly string[] {
    return this.rows.map(({ atMs, code, pod }) => `${atMs} ms: ${code} from ${pod}`)
  }

  count(matches: (row: Row) => boolean): number {
    return this.rows.filter(matches).length
  }

  /** Requests at these instants. */
  requests(...instantsMs: readonly number[]): void {
    this.engine.receive(new ArrivalsAt(instantsMs))
  }

  /** Requests by chance. */
  traffic(requestsPerSecond: number): Arrivals {
    const arrivals = new PoissonArrivals(this.tape.stream('arrivals'), requestsPerSecond, this.engine.nowMs)
    this.engine.receive(arrivals)
    return arrivals
  }
}

export function takes(ms: number): Law {
  return { sample: () => ms }
}

export function exponentialOf(meanMs: number): Law {
  return { sample: (stream) => meanMs * standardExponential(stream) }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
