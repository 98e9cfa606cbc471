// How long answers took of which the latency class is known: what counters of time add up.
import { grown } from '../../kernel/grown.js'
import type { Stream } from '../../kernel/random.js'
import type { LatencyClasses } from '../latency/latency-classes.js'

/**
 * A sum of many tells no more of each than its mean and its variance. So each takes one of two times within its class,
 * with the mean and the variance that the law has there. There always are two: no law between two ends varies by more
 * than the product of the ways from its mean to them (R. Bhatia and C. Davis, A better bound on the variance, American
 * Mathematical Monthly 107 (2000)).
 */
export class Times {
  private shortMs = new Float64Array(FIRST_ROOM)
  private longMs = new Float64Array(FIRST_ROOM)
  /** Of the short one, in words out of 2^32. */
  private parts = new Float64Array(FIRST_ROOM)

  constructor(private readonly boundsMs: Float64Array) {}

  /** From now on answers of a category take their time by a class of this law; none at all without one. */
  set(category: number, law: LatencyClasses | undefined, latencyClass: number): void {
    if (category >= this.parts.length) this.grow(category)
    const variance = law?.variances[latencyClass] ?? 0
    const meanMs = law?.meansMs[latencyClass] ?? 0
    const deviationMs = Math.sqrt(variance)
    const downMs = meanMs - (latencyClass === 0 ? 0 : this.boundsMs[latencyClass - 1]!)
    const upMs = (this.boundsMs[latencyClass] ?? Number.POSITIVE_INFINITY) - meanMs
    const belowMs = deviationMs > upMs ? variance / upMs : Math.min(deviationMs, downMs)
    const aboveMs = belowMs > 0 ? variance / belowMs : 0
    this.shortMs[category] = meanMs - belowMs
    this.longMs[category] = meanMs + aboveMs
    this.parts[category] = belowMs > 0 ? (2 ** 32 * aboveMs) / (belowMs + aboveMs) : 2 ** 32
  }

  draw(stream: Stream, category: number): number {
    return stream.bits() < this.parts[category]! ? this.shortMs[category]! : this.longMs[category]!
  }

  private grow(category: number): void {
    this.shortMs = grown(this.shortMs, new Float64Array(2 * category))
    this.longMs = grown(this.longMs, new Float64Array(2 * category))
    this.parts = grown(this.parts, new Float64Array(2 * category))
  }
}

const FIRST_ROOM = 64
