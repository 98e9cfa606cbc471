// Evaluates one rule, as Prometheus 3.15 does: what its query finds becomes samples, and series that are no longer
// found become stale.
import { formatFloat } from '../float.js'
import type { Labels } from '../labels.js'
import { PromqlError } from '../promql/error.js'
import type { Query } from '../promql/query.js'
import type { Sample } from '../promql/value.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import type { TellAlert } from './alert.js'

export type Health = 'unknown' | 'ok' | 'err'

export interface Moment {
  /** What Prometheus' clock shows. */
  readonly timeMs: number
  /** When it asks, and its samples lie: earlier by the group's query_offset. */
  readonly sampleMs: number
  readonly limit: number
  readonly tell: TellAlert
}

/** Where samples go; undefined for series that nobody reads. */
export interface Recorder {
  readonly store: Store
  seriesOf(labels: Labels): Series | undefined
}

/** Why an evaluation came to nothing. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

export abstract class Evaluation {
  health: Health = 'unknown'
  /** Empty after an evaluation that went well. */
  lastError = ''
  lastEvaluationMs: number | undefined
  #written = new Set<Series>()

  constructor(protected readonly recorder: Recorder) {}

  /** What is to be written. Throws a RuleError. */
  protected abstract samples(moment: Moment): readonly Written[]

  evaluate(moment: Moment): void {
    this.lastEvaluationMs = moment.timeMs
    try {
      this.#write(this.samples(moment), moment.sampleMs)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      this.health = 'err'
      this.lastError = error.message
    }
  }

  /** A new flight begins, on a cleared store. */
  reset(): void {
    this.health = 'unknown'
    this.lastError = ''
    this.lastEvaluationMs = undefined
    this.#written.clear()
  }

  #write(samples: readonly Written[], timeMs: number): void {
    const { store } = this.recorder
    let complaint = ''
    const written = new Set<Series>()
    for (const { series, value } of samples) {
      if (series === undefined) continue
      const refusal = store.append(series, timeMs, value) ? undefined : refusalOf(series, timeMs, value)
      if (refusal === undefined) written.add(series)
      else complaint = refusal
    }
    // Another rule may have written what this one no longer does: then nothing is stale.
    for (const series of this.#written) if (!written.has(series)) store.stale(series, timeMs)
    this.#written = written
    this.health = complaint === '' ? 'ok' : 'err'
    this.lastError = complaint
  }
}

export interface Written {
  readonly series: Series | undefined
  readonly value: number
}

/** A scalar is a vector of one sample without labels. */
export function ask(query: Query, store: Store, timeMs: number): readonly Sample[] {
  try {
    const value = query.at(store, timeMs)
    if (value.kind === 'vector') return value.samples
    if (value.kind === 'scalar') return [{ labels: store.labels.empty, value: value.value }]
  } catch (error) {
    if (error instanceof PromqlError) throw new RuleError(error.message)
    throw error
  }
  throw new RuleError('rule result is not a vector or scalar')
}

/** Undefined if the series has the very sample already. */
function refusalOf({ times, values, stale, to }: Series, timeMs: number, value: number): string | undefined {
  const [lastMs, last] = [times[to - 1]!, values[to - 1]!]
  if (timeMs < lastMs) return 'out of order sample'
  if (stale[to - 1] !== 1 && Object.is(last, value)) return undefined
  const both = `existing ${formatFloat(last)}, new value ${formatFloat(value)}`
  return `duplicate sample for timestamp ${timeMs}; overrides not allowed: ${both}`
}
