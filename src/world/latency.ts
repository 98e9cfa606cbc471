// How long a version takes to answer: a log-normal law given by its p50 and p99, scaled and shifted by faults.
import { exp, log } from '../kernel/elementary.js'
import { logNormalFrom } from '../kernel/lognormal.js'
import { normalCdf } from '../kernel/normal.js'
import type { LatencyChange } from '../scenario/units.js'

/**
 * The law of shift + exp(N(mu, sigma²)) milliseconds. Adding and multiplying stay inside this family, so the shares
 * below are those of the changed law itself, never an approximation of it.
 */
export class Latency {
  private constructor(
    private readonly mu: number,
    private readonly sigma: number,
    private readonly shiftMs: number,
  ) {}

  static fromPercentiles(p50Ms: number, p99Ms: number): Latency {
    const { mu, sigma } = logNormalFrom({ p50: p50Ms, p99: p99Ms })
    return new Latency(mu, sigma, 0)
  }

  /** This law with a part of a change on it: 1 is the whole change, less while a fault is still growing. */
  changed(change: LatencyChange, growth = 1): Latency {
    if (change.kind === 'add') return new Latency(this.mu, this.sigma, this.shiftMs + change.ms * growth)
    const full = change.kind === 'factor' ? change.factor : 1 + change.percent / 100
    const factor = 1 + (full - 1) * growth
    if (!(factor > 0)) throw new RangeError(`latency cannot be multiplied by ${factor}`)
    return new Latency(this.mu + log(factor), this.sigma, this.shiftMs * factor)
  }

  /** P(aboveMs < X <= atMostMs). */
  shareBetween(aboveMs: number, atMostMs: number): number {
    return normalBetween(this.standard(aboveMs), this.standard(atMostMs))
  }

  /** E[X | aboveMs < X <= atMostMs], or the nearer finite end where the law has no mass to speak of. */
  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    return this.shiftMs + this.bareMoment(1, aboveMs, atMostMs)
  }

  /** Var[X | aboveMs < X <= atMostMs] in square milliseconds. */
  varianceBetween(aboveMs: number, atMostMs: number): number {
    const mean = this.bareMoment(1, aboveMs, atMostMs)
    const variance = Math.max(0, this.bareMoment(2, aboveMs, atMostMs) - mean * mean)
    const width = atMostMs - Math.max(aboveMs, this.shiftMs)
    // No law inside an interval varies more than half of it on each end (Popoviciu): keeps cancellation harmless.
    return Math.min(variance, (width * width) / 4)
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

/** What a law means on a grid of bounds: class k is (bounds[k-1], bounds[k]], the last one everything above. */
export interface LatencyClasses {
  readonly shares: Float64Array
  readonly meansMs: Float64Array
  readonly variances: Float64Array
  /** The classes from the likeliest to the rarest. */
  readonly order: Int32Array
  /** The share of all classes from a place in this order on. */
  readonly tails: Float64Array
  /** Where to begin the search for the last place whose tail is at least y: at index y * GUIDES, or anywhere before. */
  readonly guide: Uint8Array
}

export const GUIDES = 256

export function latencyClasses(law: Latency, boundsMs: ArrayLike<number>): LatencyClasses {
  const count = boundsMs.length + 1
  const shares = new Float64Array(count)
  const meansMs = new Float64Array(count)
  const variances = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const aboveMs = index === 0 ? 0 : boundsMs[index - 1]!
    const atMostMs = index === count - 1 ? Number.POSITIVE_INFINITY : boundsMs[index]!
    shares[index] = law.shareBetween(aboveMs, atMostMs)
    meansMs[index] = law.meanBetweenMs(aboveMs, atMostMs)
    variances[index] = law.varianceBetween(aboveMs, atMostMs)
  }
  const order = Int32Array.from(shares.keys()).sort((one, other) => shares[other]! - shares[one]! || one - other)
  const tails = tailsOf(shares, order, new Float64Array(count))
  return { shares, meansMs, variances, order, tails, guide: guideThrough(tails) }
}

/** Overwrites `tails` with what its name says, given shares and an order. */
export function tailsOf(shares: Float64Array, order: Int32Array, tails: Float64Array): Float64Array {
  let sum = 0
  for (let place = order.length - 1; place >= 0; place--) {
    sum += shares[order[place]!]!
    tails[place] = sum
  }
  return tails
}

function guideThrough(tails: Float64Array): Uint8Array {
  const guide = new Uint8Array(GUIDES + 1)
  const last = Math.min(tails.length - 1, 255)
  let place = 0
  for (let index = GUIDES; index >= 0; index--) {
    while (place < last && tails[place + 1]! >= (index + 1) / GUIDES) place++
    guide[index] = place
  }
  return guide
}

/** Below this share a class is never hit in practice and its moments would be a quotient of rounding errors. */
const NO_MASS = 1e-14

/** P(from < Z <= until), computed on the side of zero where the two values don't cancel. */
function normalBetween(from: number, until: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-until) : normalCdf(until) - normalCdf(from)
}

function raised(base: number, power: 1 | 2): number {
  return power === 1 ? base : base * base
}
