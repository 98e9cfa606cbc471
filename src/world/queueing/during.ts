// What arrives while a server is busy, and how much of its time is then left.
import { exp } from '../../kernel/elementary.js'
import type { Atoms } from './atoms.js'

/** Of a time of some law Y: what arrives in it, and what is left of it when a number of these have come. */
export class During {
  /** P(nothing arrives). */
  readonly none: number
  /** P(more than n arrive), which is also the rate times how long n have come and no more. */
  readonly more: Float64Array
  /** The same times the mean of what is then left of Y, and times its mean square. */
  readonly left: Float64Array
  readonly leftSquare: Float64Array

  constructor({ ms, shares }: Atoms, ratePerMs: number, terms: number) {
    this.more = new Float64Array(terms)
    this.left = new Float64Array(terms)
    this.leftSquare = new Float64Array(terms)
    let none = 0
    for (let index = 0; index < ms.length; index++) none += this.add(ms[index]!, shares[index]!, ratePerMs)
    this.none = none
  }

  /**
   * While n have come, what has passed of a time y is gamma distributed up to y: its moments are
   * (n + 1) / rate P(more than n + 1) / P(more than n), and (n + 1)(n + 2) / rate² P(more than n + 2) / P(more than n).
   */
  private add(y: number, share: number, ratePerMs: number): number {
    const { more, left, leftSquare } = this
    const mean = ratePerMs * y
    const gapMs = 1 / ratePerMs
    const none = exp(-mean)
    let exactly = none
    let now = 1 - exactly
    exactly *= mean
    let next = Math.max(0, now - exactly)
    for (let n = 0; n < more.length && now > NEGLIGIBLE; n++) {
      exactly *= mean / (n + 2)
      const afterNext = Math.max(0, next - exactly)
      const passed = next * (n + 1) * gapMs
      const passedSquare = afterNext * (n + 1) * (n + 2) * gapMs * gapMs
      more[n]! += share * now
      left[n]! += share * Math.max(0, y * now - passed)
      leftSquare[n]! += share * Math.max(0, y * y * now - 2 * y * passed + passedSquare)
      now = next
      next = afterNext
    }
    return share * none
  }
}

/** Shares below this are lost in the rounding of those that matter. */
export const NEGLIGIBLE = 1e-15
