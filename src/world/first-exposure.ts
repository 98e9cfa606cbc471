// When the first request met a version that was worse than it should be.
import { exp, log } from '../kernel/elementary.js'
import type { Stream } from '../kernel/random.js'

/**
 * Exposed requests come at a rate that is piecewise linear. Given how many came between two looks, each lies anywhere
 * on the integral of that rate with equal chance, so the first of n lies at 1 - (1-u)^(1/n) of it.
 */
export class FirstExposure {
  /** The first instant at which a request could be exposed. */
  possibleMs: number | undefined
  /** The instant at which one was. */
  requestMs: number | undefined
  /** FIELDS numbers for each stretch of time since the last look, in the order of `add`. */
  private readonly numbers: number[] = []
  private count = 0

  reset(): void {
    this.possibleMs = undefined
    this.requestMs = undefined
    this.count = 0
  }

  /** Mean exposed requests of a stretch of time in which their rate was proportional to a straight line. */
  add(fromMs: number, untilMs: number, rateFrom: number, rateUntil: number, requests: number): void {
    if (this.requestMs !== undefined) return
    this.possibleMs ??= fromMs
    // Written over what earlier looks left: cutting the array short costs more than all of this.
    const { numbers } = this
    const at = FIELDS * this.count++
    numbers[at] = fromMs
    numbers[at + 1] = untilMs
    numbers[at + 2] = rateFrom
    numbers[at + 3] = rateUntil
    numbers[at + 4] = requests
  }

  /** So many exposed requests were drawn for the stretches added since the last look. */
  look(stream: Stream, exposed: number): void {
    if (this.count === 0) return
    if (exposed > 0) this.requestMs = this.timeAt(1 - exp(log(1 - stream.uniform()) / exposed))
    this.count = 0
  }

  private timeAt(part: number): number {
    const last = FIELDS * (this.count - 1)
    let left = 0
    for (let at = 0; at <= last; at += FIELDS) left += part * this.numbers[at + 4]!
    let at = 0
    for (; at < last && left > this.numbers[at + 4]!; at += FIELDS) left -= this.numbers[at + 4]!
    const [fromMs, untilMs, rateFrom, rateUntil, requests] = this.numbers.slice(at, at + FIELDS) as Stretch
    return fromMs + partOfTime(Math.min(1, left / requests), rateFrom, rateUntil) * (untilMs - fromMs)
  }
}

const FIELDS = 5
type Stretch = [fromMs: number, untilMs: number, rateFrom: number, rateUntil: number, requests: number]

/** The x in [0, 1] at which the integral of a line from `start` to `end` reaches this part of the whole. */
function partOfTime(part: number, start: number, end: number): number {
  const aim = part * (start + end)
  return Math.min(1, aim / (start + Math.sqrt(start * start + (end - start) * aim)))
}
