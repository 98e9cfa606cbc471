// Selectors as nodes: an instant vector, or windows, straight from the store.

import type { Labels } from '../labels.js'
import type { Matcher } from '../matcher.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import type { MatrixSelector, Subquery, VectorSelector } from './ast.js'
import type { Moment, RangeNode, Run, VectorNode } from './plan.js'
import type { Samples } from './samples.js'
import { Vector } from './vector.js'

/** Prometheus' --query.lookback-delta: an instant selector finds samples younger than this. */
export const LOOKBACK_MS = 300_000

/** The instant a selector or subquery is about, after `@` and `offset`; `shiftMs` is by how much `@` misses it. */
export function referenceMs(selector: VectorSelector | Subquery, { timeMs, run }: Moment, shiftMs = 0): number {
  const anchorMs = anchorOf(selector, run)
  if (anchorMs === undefined) return timeMs - Math.trunc(selector.offsetMs)
  // Prometheus makes of `@` an offset from the first step, which it then cuts to whole milliseconds.
  return run.startMs - Math.trunc(run.startMs - anchorMs + selector.offsetMs - shiftMs)
}

/** How far the edges of an anchored window move, though not the samples in it: where it is not evaluated only once. */
export function slideMs(selector: VectorSelector | Subquery, { timeMs, run }: Moment): number {
  return anchorOf(selector, run) === undefined ? 0 : timeMs - run.startMs
}

/** The instant that `@` names, if it means anything here. */
export function anchorOf({ anchor }: VectorSelector | Subquery, run: Run): number | undefined {
  if (typeof anchor === 'object') return anchor.timeMs
  if (anchor === undefined || run.isParameter) return undefined
  return anchor === 'start' ? run.queryStartMs : run.queryEndMs
}

/** The latest sample that Prometheus fetches; `at` is the latest it looks for. */
function fetchedMs(selector: VectorSelector, run: Run, at: number): number {
  const anchorMs = anchorOf(selector, run)
  const offsetMs = Math.trunc(selector.offsetMs)
  return anchorMs === undefined ? Math.min(at, run.fetchedUntilMs - offsetMs) : anchorMs - offsetMs
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
    const { selector, wantsTime } = this
    const { run } = moment
    const anchorMs = anchorOf(selector, run)
    // Prometheus 3.15 takes the time of what `@` itself finds, in spite of an offset.
    const isTimed = wantsTime && anchorMs !== undefined
    const at = isTimed ? anchorMs : referenceMs(selector, moment, run.anchorShiftMs) + slideMs(selector, moment)
    const fetched = fetchedMs(selector, run, at)
    return { at: Math.min(at, fetched), oldest: Math.max(at, fetched) - run.lookbackMs }
  }
}

export class RangeSelector implements RangeNode {
  readonly type = 'matrix'
  readonly rangeMs: number
  readonly #matched: Matched
  #series: readonly Series[] = []
  #afterMs = 0
  #untilMs = 0
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
    const { selector } = this.matrix
    const at = referenceMs(selector, moment, moment.run.anchorShiftMs)
    const fetched = fetchedMs(selector, moment.run, at)
    this.#untilMs = Math.min(at, fetched)
    this.#afterMs = Math.max(at, fetched) - this.rangeMs
    this.#endMs = at + slideMs(selector, moment)
    this.#series = this.#matched.series
    return this.#series.length
  }

  labels(index: number): Labels {
    return this.#series[index]!.labels
  }

  fill(index: number, samples: Samples): void {
    const series = this.#series[index]!
    const last = series.latestAt(this.#untilMs)
    samples.startMs = this.#endMs - this.rangeMs
    samples.endMs = this.#endMs
    samples.from = series.latestAt(this.#afterMs) + 1
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
