// The log-normal law, moved: what most latencies are taken for.
import { exp, log } from '../../kernel/elementary.js'
import { normalCdf, normalQuantile } from '../../kernel/normal.js'
import type { Stream } from '../../kernel/random.js'
import { zigguratNormal } from '../../kernel/ziggurat.js'
import { addMoved, NO_MASS, type Piece } from './piece.js'

/** The law of shift + exp(N(mu, sigma²)) milliseconds. Adding and multiplying stay inside this family. */
export class LogNormal implements Piece {
  constructor(
    private readonly mu: number,
    private readonly sigma: number,
    private readonly shiftMs: number,
  ) {}

  plus(ms: number): LogNormal {
    return new LogNormal(this.mu, this.sigma, this.shiftMs + ms)
  }

  times(factor: number): LogNormal {
    return new LogNormal(this.mu + log(factor), this.sigma, this.shiftMs * factor)
  }

  shareBetween(aboveMs: number, atMostMs: number): number {
    return normalBetween(this.standard(aboveMs), this.standard(atMostMs))
  }

  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    return this.shiftMs + this.bareMoment(1, aboveMs, atMostMs)
  }

  varianceBetween(aboveMs: number, atMostMs: number): number {
    const mean = this.bareMoment(1, aboveMs, atMostMs)
    const variance = Math.max(0, this.bareMoment(2, aboveMs, atMostMs) - mean * mean)
    const width = atMostMs - Math.max(aboveMs, this.shiftMs)
    // No law inside an interval varies more than half of it on each end (Popoviciu): keeps cancellation harmless.
    return Math.min(variance, (width * width) / 4)
  }

  addBelow(ms: number, weight: number, sums: Float64Array, at: number): void {
    const { mu, sigma, shiftMs } = this
    const standard = this.standard(ms)
    if (standard === Number.NEGATIVE_INFINITY) return
    const share = weight * normalCdf(standard)
    const first = weight * exp(mu + (sigma * sigma) / 2) * normalCdf(standard - sigma)
    const second = weight * exp(2 * mu + 2 * sigma * sigma) * normalCdf(standard - 2 * sigma)
    addMoved(shiftMs, share, first, second, sums, at)
  }

  quantile(p: number): number {
    return this.at(normalQuantile(p))
  }

  upperQuantile(p: number): number {
    return this.at(-normalQuantile(p))
  }

  sample(stream: Stream): number {
    return this.shiftMs + exp(this.mu + this.sigma * zigguratNormal(stream))
  }

  private at(standard: number): number {
    return this.shiftMs + exp(this.sigma > 0 ? this.mu + this.sigma * standard : this.mu)
  }

  private standard(ms: number): number {
    const bareMs = ms - this.shiftMs
    if (bareMs <= 0) return Number.NEGATIVE_INFINITY
    const distance = log(bareMs) - this.mu
    if (this.sigma > 0) return distance / this.sigma
    return distance >= 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  /**
   * E[Y^power | a < Y <= b] of the unshifted law Y, from
   * E[Y^k; Y <= x] = exp(k mu + k² sigma² / 2) Phi(z(x) - k sigma).
   */
  private bareMoment(power: 1 | 2, aboveMs: number, atMostMs: number): number {
    const low = raised(Math.max(0, aboveMs - this.shiftMs), power)
    const high = raised(Math.max(0, atMostMs - this.shiftMs), power)
    const from = this.standard(aboveMs)
    const until = this.standard(atMostMs)
    const share = normalBetween(from, until)
    if (share < NO_MASS) return from > 0 || high === Number.POSITIVE_INFINITY ? low : high
    const tilt = power * this.sigma
    const whole = exp(power * this.mu + (tilt * tilt) / 2)
    const moment = (whole * normalBetween(from - tilt, until - tilt)) / share
    return Math.min(high, Math.max(low, moment))
  }
}

/** P(from < Z <= until), computed on the side of zero where the two values don't cancel. */
function normalBetween(from: number, until: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-until) : normalCdf(until) - normalCdf(from)
}

function raised(base: number, power: 1 | 2): number {
  return power === 1 ? base : base * base
}
