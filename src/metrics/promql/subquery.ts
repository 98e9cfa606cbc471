// Subqueries: an instant expression evaluated on a grid of steps makes the windows of a range function.

import type { Labels } from '../labels.js'
import type { Subquery } from './ast.js'
import { PromqlError } from './error.js'
import { lastStepMs, type Moment, type RangeNode, type Run, type VectorNode } from './plan.js'
import type { Samples } from './samples.js'
import { anchorOf, referenceMs, slideMs } from './selection.js'

/** The step of a subquery that names none: Prometheus' global evaluation_interval. */
const DEFAULT_STEP_MS = 60_000

/** Its steps are evaluated once for a whole run around it, between two windows too: an error there is an error. */
export class SubqueryRange implements RangeNode {
  readonly type = 'matrix'
  readonly rangeMs: number
  readonly #stepMs: number
  readonly #tracks = new Map<Labels, Track>()
  #outer: Run | undefined
  #filled: Track[] = []
  #untilMs = 0
  #endMs = 0

  constructor(
    readonly subquery: Subquery,
    readonly inner: VectorNode,
  ) {
    this.rangeMs = subquery.rangeMs
    this.#stepMs = subquery.stepMs ?? DEFAULT_STEP_MS
  }

  load(moment: Moment): number {
    if (this.#outer !== moment.run) {
      this.#outer = undefined
      this.#evaluate(moment.run)
      this.#outer = moment.run
    }
    this.#untilMs = referenceMs(this.subquery, moment)
    this.#endMs = this.#untilMs + slideMs(this.subquery, moment)
    return this.#filled.length
  }

  labels(index: number): Labels {
    return this.#filled[index]!.labels
  }

  fill(index: number, samples: Samples): void {
    const { times, values, size } = this.#filled[index]!
    samples.startMs = this.#endMs - this.rangeMs
    samples.endMs = this.#endMs
    samples.times = times
    samples.values = values
    samples.from = firstAfter(times, size, this.#untilMs - this.rangeMs)
    samples.to = firstAfter(times, size, this.#untilMs)
    samples.lastReset = size
  }

  #evaluate(outer: Run): void {
    for (const track of this.#filled) track.size = 0
    this.#filled = []
    const run = this.#runIn(outer)
    const { startMs, endMs, stepMs, work } = run
    const steps = endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1
    work.add(steps, this.subquery)
    for (let step = 0; step < steps; step++) {
      const timeMs = startMs + step * stepMs
      const { size, labels, values } = this.inner.vector({ timeMs, run })
      work.add(size, this.subquery)
      for (let i = 0; i < size; i++) this.#track(labels[i]!).push(timeMs, values[i]!)
    }
  }

  /** Steps are multiples of the step since time zero, the first one inside the half-open range. */
  #runIn(outer: Run): Run {
    const stepMs = this.#stepMs
    if (stepMs === 0) {
      throw new PromqlError('execution', 'unexpected error: runtime error: integer divide by zero', this.subquery)
    }
    const first = referenceMs(this.subquery, { timeMs: outer.startMs, run: outer }, outer.anchorShiftMs)
    const before = first - this.rangeMs
    const aligned = stepMs * Math.trunc(before / stepMs)
    const startMs = aligned <= before ? aligned + stepMs : aligned
    // Prometheus 3.15 works out `@` anew only where a subquery starts at another instant than what is around it.
    const anchorShiftMs = startMs === outer.startMs ? outer.anchorShiftMs + startMs - first : 0
    const untilMs = anchorOf(this.subquery, outer) ?? outer.fetchedUntilMs
    return {
      ...outer,
      startMs,
      endMs: first + lastStepMs(outer) - outer.startMs,
      stepMs,
      anchorShiftMs,
      fetchedUntilMs: untilMs - Math.trunc(this.subquery.offsetMs),
    }
  }

  #track(labels: Labels): Track {
    let track = this.#tracks.get(labels)
    if (track === undefined) {
      track = new Track(labels)
      this.#tracks.set(labels, track)
    }
    if (track.size === 0) this.#filled.push(track)
    return track
  }
}

/** The first index with a time after an instant. */
function firstAfter(times: Float64Array, size: number, timeMs: number): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! > timeMs) high = middle
    else low = middle + 1
  }
  return low
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
