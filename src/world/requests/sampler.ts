// Shows some requests to somebody who wants to see them one by one. Looking on draws from a stream of its own.
import type { Stream, Tape } from '../../kernel/random.js'
import { REFUSED } from '../codes.js'
import type { Crowd } from '../crowd.js'
import type { Lane } from '../lanes.js'
import type { Latency } from '../latency/latency.js'

/** One request, from its arrival until its client knew what came of it. */
export interface RequestSample {
  /** Which of all requests it is, counted from 1. */
  readonly number: number
  readonly timeMs: number
  readonly user: number
  readonly strand: number
  readonly version: number
  /** By the number that is the pod's for life; undefined if none answered. */
  readonly pod: number | undefined
  /** An index into the codes of the world. */
  readonly code: number
  readonly durationMs: number
  /** How often it was sent, and how long it waited in a queue. */
  readonly attempts: number
  readonly waitMs: number
}

export interface Sampling {
  /** Every how many requests; the first one is shown. */
  readonly every: number
  take(sample: RequestSample): void
}

/** What is known of a request that is to be shown. */
interface Shown {
  readonly timeMs: number
  readonly lane: Lane
  readonly pod: number | undefined
  readonly code: number
  readonly latencyClass: number
  readonly durationMs: number | undefined
  readonly user: number | undefined
  readonly attempts?: number
  readonly waitMs?: number
}

export class Sampler {
  private readonly stream: Stream

  constructor(
    private readonly sampling: Sampling,
    private readonly crowd: Crowd,
    private readonly isReleased: readonly boolean[],
    /** Upper ends of all latency classes but the last. */
    private readonly boundsMs: ArrayLike<number>,
    tape: Tape,
  ) {
    if (!(Number.isSafeInteger(sampling.every) && sampling.every > 0)) {
      throw new RangeError(`every ${sampling.every} requests`)
    }
    this.stream = tape.stream('sample')
  }

  isDue(request: number): boolean {
    return (request - 1) % this.sampling.every === 0
  }

  take(number: number, shown: Shown): void {
    const { timeMs, lane, pod, code, latencyClass, durationMs, user, attempts = 1, waitMs = 0 } = shown
    const { stream, crowd } = this
    const { version, strand } = lane
    this.sampling.take({
      number,
      timeMs,
      user: user ?? crowd.draw(stream, strand, this.isReleased[version]!),
      strand,
      version,
      pod,
      code,
      durationMs: durationMs ?? (code === REFUSED ? 0 : this.durationMs(lane.formula.rule.latency, latencyClass)),
      attempts,
      waitMs,
    })
  }

  private durationMs(latency: Latency, latencyClass: number): number {
    const aboveMs = latencyClass === 0 ? 0 : this.boundsMs[latencyClass - 1]!
    const atMostMs = this.boundsMs[latencyClass] ?? Number.POSITIVE_INFINITY
    const share = latency.shareBetween(aboveMs, atMostMs)
    const below = latency.shareBetween(Number.NEGATIVE_INFINITY, aboveMs)
    const ms = latency.quantile(Math.min(1, below + share * (1 - this.stream.uniform())))
    return Math.min(atMostMs, Math.max(aboveMs, ms))
  }
}
