// Selectors as nodes: an instant vector, or windows, straight from the store.

import type { Labels } from '../labels.js'
import type { Matcher } from '../matcher.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import type { MatrixSelector, Subquery, VectorSelector } from './ast.js'
import type { Moment, RangeNode, VectorNode } from './plan.js'
import type { Samples } from './samples.js'
import { Vector } from './vector.js'

/** Prometheus' --query.lookback-delta: an instant selector finds samples younger than this. */
export const LOOKBACK_MS = 300_000

/** The instant a selector or subquery is about, after `@` and `offset`. */
export function referenceMs({ anchor, offsetMs }: VectorSelector | Subquery, moment: Moment): number {
  if (anchor === undefined) return moment.timeMs - offsetMs
  if (anchor === 'start') return moment.run.queryStartMs - offsetMs
  if (anchor === 'end') return moment.run.queryEndMs - offsetMs
  return anchor.timeMs - offsetMs
}

/** The series a selector matches, asked of the store again only after new series have appeared. */
class Matched {
  #generation = -1
  #series: readonly Series[] = []

  constructor(
    readonly store: Store,
    readonly matchers: readonly Matcher[],
  ) {}

  get series(): readonly Series[] {
    if (this.#generation !== this.store.generation) {
      this.#series = this.store.select(this.matchers)
      this.#generation = this.store.generation
    }
    return this.#series
  }
}

export class InstantSelector implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #matched: Matched

  /** With `wantsTime` it yields when each sample was taken, in seconds, in place of its value: timestamp(x). */
  constructor(
    store: Store,
    readonly selector: VectorSelector,
    readonly wantsTime = false,
  ) {
    this.#matched = new Matched(store, selector.matchers)
  }

  vector(moment: Moment): Vector {
    const { at, oldest } = this.#reach(moment)
    const out = this.#out
    out.size = 0
    for (const series of this.#matched.series) {
      const index = series.latestAt(at)
      if (index < series.from || series.times[index]! <= oldest || series.stale[index] === 1) continue
      if (this.wantsTime) out.push(series.labels.withoutName, series.times[index]! / 1000)
      else out.push(series.labels, series.values[index]!)
    }
    if (this.wantsTime) out.refuseDuplicates(this.selector)
    return out
  }

  /** The latest instant a sample may have, and one that is too old. */
  #reach(moment: Moment): { readonly at: number; readonly oldest: number } {
    const at = referenceMs(this.selector, moment)
    if (!this.wantsTime || this.selector.anchor === undefined) return { at, oldest: at - moment.run.lookbackMs }
    // Prometheus 3.15 looks back from `@` itself, but fetches only what is in reach with the offset.
    const anchored = at + this.selector.offsetMs
    return { at: Math.min(at, anchored), oldest: Math.max(at, anchored) - moment.run.lookbackMs }
  }
}

export class RangeSelector implements RangeNode {
  readonly type = 'matrix'
  readonly rangeMs: number
  readonly #matched: Matched
  #series: readonly Series[] = []
  #startMs = 0
  #endMs = 0
  #fresh = { times: new Float64Array(16), values: new Float64Array(16) }

  constructor(
    store: Store,
    readonly matrix: MatrixSelector,
  ) {
    this.#matched = new Matched(store, matrix.selector.matchers)
    this.rangeMs = matrix.rangeMs
  }

  load(moment: Moment): number {
    this.#endMs = referenceMs(this.matrix.selector, moment)
    this.#startMs = this.#endMs - this.rangeMs
    this.#series = this.#matched.series
    return this.#series.length
  }

  labels(index: number): Labels {
    return this.#series[index]!.labels
  }

  fill(index: number, samples: Samples): void {
    const series = this.#series[index]!
    const last = series.latestAt(this.#endMs)
    samples.startMs = this.#startMs
    samples.endMs = this.#endMs
    samples.from = series.latestAt(this.#startMs) + 1
    samples.to = last + 1
    samples.times = series.times
    samples.values = series.values
    samples.lastReset = series.lastReset
    if (series.lastStale >= samples.from && samples.from <= last) this.#leaveOutStale(series, samples)
  }

  /** Range vectors do not see staleness markers. */
  #leaveOutStale(series: Series, samples: Samples): void {
    const { from, to } = samples
    if (this.#fresh.times.length < to - from) {
      this.#fresh = { times: new Float64Array(2 * (to - from)), values: new Float64Array(2 * (to - from)) }
    }
    const { times, values } = this.#fresh
    let size = 0
    for (let i = from; i < to; i++) {
      if (series.stale[i] === 1) continue
      times[size] = series.times[i]!
      values[size] = series.values[i]!
      size++
    }
    samples.times = times
    samples.values = values
    samples.from = 0
    samples.to = size
    samples.lastReset = size
  }
}
