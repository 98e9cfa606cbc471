// How many different users a number of requests comes from, when each request is some user's at random: the occupancy
// problem of balls thrown into bins.

import { binomial } from './binomial.js'
import { exp, expm1, log1p } from './elementary.js'
import { normal } from './normal.js'
import { poisson } from './poisson.js'
import type { Stream } from './random.js'

const MOST_THROWN = 64
const VARIANCE_OF_ROUNDING = 1 / 12

/** How many of the bins are hit by the balls. Exact up to 64 balls; from there on with the exact mean and variance. */
export function distinct(stream: Stream, balls: number, bins: number): number {
  if (!(Number.isInteger(balls) && balls >= 0 && Number.isInteger(bins) && bins >= 0 && (bins > 0 || balls === 0))) {
    throw new RangeError(`${balls} balls thrown into ${bins} bins`)
  }
  if (balls <= MOST_THROWN) return thrown(stream, balls, bins)
  if (bins === 1) return 1
  return fitted(stream, balls, bins)
}

// A ball hits a new bin with a probability that depends on the number of bins already hit, not on which they are.
function thrown(stream: Stream, balls: number, bins: number): number {
  let hit = 0
  for (let i = 0; i < balls; i++) {
    if (stream.uniform() * bins >= hit) hit++
  }
  return hit
}

function fitted(stream: Stream, balls: number, bins: number): number {
  const most = Math.min(balls, bins)
  const { hit, missed, variance } = moments(balls, bins)
  const count = missed < hit ? most - countOf(stream, missed, variance) : countOf(stream, hit, variance)
  return Math.min(Math.max(count, 1), most)
}

// The number hit is distributed like a sum of independent yes-or-no variables of unequal probabilities (its generating
// polynomial has real roots only: L. H. Harper, Stirling behavior is asymptotically normal, Annals of Mathematical
// Statistics 38 (1967)), and so is the number missed, of the most that could be hit. Where these probabilities are
// small, a binomial of the same mean and variance follows it, down to the Poisson counts of the last bins missed or the
// first ones hit twice, which a rounded normal would never draw; elsewhere the normal does. The largest difference
// between this and the true distribution function is 0.0075, at 65 balls in 163 bins.
function countOf(stream: Stream, mean: number, variance: number): number {
  const p = 1 - variance / mean
  if (p > 0.4 && variance > 1) return Math.round(mean + Math.sqrt(variance - VARIANCE_OF_ROUNDING) * normal(stream))
  const trials = mean / p
  // So few are missed that mean and variance may differ by rounding errors only.
  if (!(trials > 0 && trials <= 1e15)) return poisson(stream, Math.max(mean, 0))
  // Mixed so that 1 / trials, and with it the variance, is right on average.
  const fewer = Math.max(1, Math.floor(trials))
  const whole = stream.uniform() < ((trials - fewer) * (fewer + 1)) / trials ? fewer + 1 : fewer
  return binomial(stream, whole, mean / whole)
}

interface Moments {
  readonly hit: number
  readonly missed: number
  readonly variance: number
}

// With U bins, H balls and A = (1 - 1/U)^H: U A bins stay empty on average, and the variance is
// U (U-1) (1-2/U)^H + U A - U^2 A^2. Both are written with expm1 and log1p so that few balls in many bins, where these
// are differences of nearly equal numbers, keep their digits.
function moments(balls: number, bins: number): Moments {
  const logA = balls * log1p(-1 / bins)
  const hit = -bins * expm1(logA)
  const empty = bins * exp(logA)
  const single = -empty * expm1(balls * log1p(-1 / (bins - 1)))
  const pair = empty * empty * expm1(balls * log1p(-1 / ((bins - 1) * (bins - 1))))
  return { hit, missed: balls < bins ? balls - hit : empty, variance: single + pair }
}
