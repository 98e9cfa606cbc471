// The regularised incomplete beta function, from which tails of binomial distributions come at any size.
import { exp, log, log1p } from '../kernel/elementary.js'
import { logGamma } from '../kernel/gamma.js'

/** The share of Beta(a, b) that lies below x. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The continued fraction converges fast on one side of the mean only; the other side is its mirror image.
  const isMirrored = x > (a + 1) / (a + b + 2)
  return isMirrored ? 1 - lowerTail(1 - x, b, a) : lowerTail(x, a, b)
}

/** Where so much of Beta(a, b) lies below. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2
    if (betaCdf(middle, a, b) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Enough for any double in between. */
const HALVINGS = 60

function lowerTail(x: number, a: number, b: number): number {
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  return (exp(logFront) * continuedFraction(x, a, b)) / a
}

const MOST_TERMS = 100_000
const TINY = 1e-300

/** By Lentz's method; DLMF 8.17.22. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return value
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
