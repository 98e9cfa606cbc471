// Subqueries: an instant expression evaluated on a grid of steps makes the windows of a range function.

import type { Labels } from '../labels.js'
import type { Subquery } from './ast.js'
import type { Moment, RangeNode, VectorNode } from './plan.js'
import type { Samples } from './samples.js'
import { referenceMs } from './selection.js'

/** The step of a subquery that names none: Prometheus' global evaluation_interval. */
const DEFAULT_STEP_MS = 60_000

export class SubqueryRange implements RangeNode {
  readonly type = 'matrix'
  readonly rangeMs: number
  readonly #stepMs: number
  readonly #tracks = new Map<Labels, Track>()
  #filled: Track[] = []
  #endMs = 0

  constructor(
    readonly subquery: Subquery,
    readonly inner: VectorNode,
  ) {
    this.rangeMs = subquery.rangeMs
    this.#stepMs = subquery.stepMs ?? DEFAULT_STEP_MS
  }

  load(moment: Moment): number {
    const { startMs, endMs, lookbackMs } = moment
    const end = referenceMs(this.subquery, moment)
    const step = this.#stepMs
    // Steps are multiples of the step since time zero, the first one inside the half-open range.
    const before = end - this.rangeMs
    let at = step * Math.trunc(before / step)
    if (at <= before) at += step
    for (const track of this.#filled) track.size = 0
    this.#filled = []
    this.#endMs = end
    for (; at <= end; at += step) this.#collect(at, this.inner.vector({ timeMs: at, startMs, endMs, lookbackMs }))
    return this.#filled.length
  }

  labels(index: number): Labels {
    return this.#filled[index]!.labels
  }

  fill(index: number, samples: Samples): void {
    const track = this.#filled[index]!
    samples.times = track.times
    samples.values = track.values
    samples.from = 0
    samples.to = track.size
    samples.startMs = this.#endMs - this.rangeMs
    samples.endMs = this.#endMs
    samples.lastReset = track.size
  }

  #collect(timeMs: number, { size, labels, values }: ReturnType<VectorNode['vector']>): void {
    for (let i = 0; i < size; i++) {
      let track = this.#tracks.get(labels[i]!)
      if (track === undefined) {
        track = new Track(labels[i]!)
        this.#tracks.set(labels[i]!, track)
      }
      if (track.size === 0) this.#filled.push(track)
      track.push(timeMs, values[i]!)
    }
  }
}

class Track {
  size = 0
  times = new Float64Array(16)
  values = new Float64Array(16)

  constructor(readonly labels: Labels) {}

  push(timeMs: number, value: number): void {
    if (this.size === this.times.length) {
      const { times, values } = this
      this.times = new Float64Array(2 * this.size)
      this.values = new Float64Array(2 * this.size)
      this.times.set(times)
      this.values.set(values)
    }
    this.times[this.size] = timeMs
    this.values[this.size] = value
    this.size++
  }
}
