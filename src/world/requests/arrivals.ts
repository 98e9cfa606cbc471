// The instants at which single requests arrive: by chance at a rate that is a straight line for a while, or as a log has
// counted them.
import { standardExponential } from '../../kernel/exponential.js'
import type { Stream, Tape } from '../../kernel/random.js'
import type { Arrivals as CountedArrivals } from '../arrivals.js'
import type { Traffic } from '../traffic.js'

/**
 * From one arrival to the next, the integral of the rate is exponential with mean 1. So nothing is rounded to steps where
 * the rate changes: what is left of a wait goes on at the new rate.
 */
export class Arrivals {
  /** When the next request arrives, as things stand. */
  nextMs = Number.POSITIVE_INFINITY
  /** Where the wait for it began, and how long that is as an integral of the rate. */
  fromMs = 0
  wait = 0
  /** Milliseconds for a wait of 1; 0 where that isn't always the same. */
  gapMs = 0
  stream: Stream
  /** Requests a millisecond at `lineMs`, and how much that grows per millisecond. */
  private rate = 0
  private slope = 0
  private lineMs = 0

  /** Of those that a log has counted, how many have arrived. */
  private taken = 0

  constructor(
    private traffic: Traffic,
    tape: Tape,
  ) {
    this.stream = tape.stream('arrivals')
    this.reset(traffic, tape)
  }

  reset(traffic: Traffic, tape: Tape): void {
    this.traffic = traffic
    this.taken = 0
    this.stream = tape.stream('arrivals')
    this.rate = 0
    this.slope = 0
    this.gapMs = 0
    this.lineMs = 0
    this.fromMs = 0
    this.wait = standardExponential(this.stream)
    this.nextMs = Number.POSITIVE_INFINITY
  }

  /** From this instant on, before which everybody has arrived, the rate is on another line. */
  follow(timeMs: number): void {
    if (this.traffic.arrivals) {
      this.nextMs = this.counted(this.traffic.arrivals)
      return
    }
    const ratePerSecond = this.traffic.rateAt(timeMs)
    const growthPerSecond = this.traffic.slopeAt(timeMs)
    this.wait = Math.max(0, this.wait - this.integral(timeMs))
    this.fromMs = timeMs
    this.lineMs = timeMs
    this.rate = ratePerSecond / 1000
    this.slope = growthPerSecond / 1000
    this.gapMs = growthPerSecond === 0 && ratePerSecond > 0 ? 1000 / ratePerSecond : 0
    this.nextMs = this.after(timeMs, this.wait)
  }

  /** The request has arrived. */
  take(): void {
    if (this.traffic.arrivals) {
      this.taken++
      this.nextMs = this.counted(this.traffic.arrivals)
      return
    }
    this.fromMs = this.nextMs
    this.wait = standardExponential(this.stream)
    this.nextMs = this.after(this.fromMs, this.wait)
  }

  private counted(arrivals: CountedArrivals): number {
    return this.taken < arrivals.total ? arrivals.instantOf(this.taken) : Number.POSITIVE_INFINITY
  }

  private rateAt(timeMs: number): number {
    return Math.max(0, this.rate + this.slope * (timeMs - this.lineMs))
  }

  /** Of the rate, from the last arrival or change on. */
  private integral(untilMs: number): number {
    return ((this.rateAt(this.fromMs) + this.rateAt(untilMs)) / 2) * (untilMs - this.fromMs)
  }

  /** Where the integral reaches the wait: rate * t + slope * t² / 2 = wait, solved without taking a small difference. */
  private after(timeMs: number, wait: number): number {
    if (this.gapMs > 0) return timeMs + wait * this.gapMs
    if (this.slope === 0) return Number.POSITIVE_INFINITY
    const rate = this.rateAt(timeMs)
    const square = rate * rate + 2 * this.slope * wait
    return square > 0 ? timeMs + (2 * wait) / (rate + Math.sqrt(square)) : Number.POSITIVE_INFINITY
  }
}
