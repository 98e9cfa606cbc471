// How lucky a flight is: what it has drawn beside what was to be expected; and flights that are made luckier than by chance,
// with how much likelier that has made them.
import { log } from '../kernel/elementary.js'
import { poisson } from '../kernel/poisson.js'
import type { Stream } from '../kernel/random.js'
import type { LatencyClasses } from './latency/latency-classes.js'

/** Of what is counted apart, so many times as many come on average as by the law: by stage, side and kind. */
export type Tilt = Float64Array

/**
 * Answers are counted by stage of the time since the release, by side (what is released, or not) and by kind: 0 is
 * whatever isn't a success, k + 1 a success of latency class k. Each count is Poisson and free of the others, so with
 * other means the flight has another law, whose density beside the true one is a product of simple terms: each run of a
 * tilted flight stands for as many true ones as that says (importance sampling, in whose words this is a likelihood
 * ratio).
 */
export class Luck {
  readonly kinds: number
  readonly size: number
  /** What has been drawn, and its means by the true law. */
  readonly counts: Float64Array
  readonly means: Float64Array
  /** ln of how many times as likely as by the true law the flight is under its tilt, as far as it has come. */
  likelihood = 0
  private tilt: Tilt | undefined
  /** Once it is certain what becomes of the release, chance is left alone again. */
  private isOver = false

  constructor(
    /** The first stage begins here; before that nothing is tilted. */
    readonly startMs: number,
    readonly stageMs: number,
    readonly stages: number,
    /** Of successes; 1 where nobody watches latency. */
    latencyClasses: number,
    private readonly isReleased: readonly boolean[],
  ) {
    this.kinds = latencyClasses + 1
    this.size = stages * sides * this.kinds
    this.counts = new Float64Array(this.size)
    this.means = new Float64Array(this.size)
  }

  /** The next flight. */
  begin(tilt: Tilt | undefined): void {
    this.counts.fill(0)
    this.means.fill(0)
    this.tilt = tilt
    this.likelihood = 0
    this.isOver = false
  }

  end(): void {
    this.isOver = true
  }

  draw(stream: Stream, timeMs: number, version: number, kind: number, mean: number): number {
    if (mean === 0) return 0
    const stage = Math.floor((timeMs - this.startMs) / this.stageMs)
    if (this.isOver || stage < 0 || stage >= this.stages) return poisson(stream, mean)
    const at = (stage * sides + (this.isReleased[version] ? 1 : 0)) * this.kinds + kind
    const factor = this.tilt?.[at] ?? 1
    const count = poisson(stream, mean * factor)
    this.counts[at]! += count
    this.means[at]! += mean
    if (factor !== 1) this.likelihood += count * log(factor) - mean * (factor - 1)
    return count
  }

  /** Successes, class by class: into `hits`, place by place in the law's order. Returns how many they are together. */
  drawClasses(
    stream: Stream,
    timeMs: number,
    version: number,
    mean: number,
    { order, shares }: LatencyClasses,
    hits: Float64Array,
  ): number {
    let sum = 0
    for (let place = 0; place < order.length; place++) {
      const latencyClass = order[place]!
      hits[place] = this.draw(stream, timeMs, version, 1 + latencyClass, mean * shares[latencyClass]!)
      sum += hits[place]!
    }
    return sum
  }
}

/** What isn't released, and what is. */
export const sides = 2
