// The gamma distribution with scale 1: the distribution function and its inverse.

import { exp, log } from './elementary.js'
import { stirlingTail } from './stirling.js'

/**
 * P(X <= x). Below shape + 1 the power series of the incomplete gamma function, above it Legendre's continued fraction
 * by Lentz's method: W. H. Press et al., Numerical Recipes (2007), section 6.2.
 */
export function gammaCdf(x: number, shape: number): number {
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) throw new RangeError(`a gamma law of shape ${shape}`)
  if (!(x > 0)) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  const scale = exp(shape * log(x) - x - logGamma(shape))
  return x < shape + 1 ? scale * series(x, shape) : 1 - scale * fraction(x, shape)
}

/** The x for which P(X <= x) = p: halved down from a bracket, for laws are made before flights and not in them. */
export function gammaQuantile(p: number, shape: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile at probability ${p}`)
  if (p === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  // In logarithms, because small shapes have quantiles of hundreds of digits behind the point.
  let low = (log(p) + logGamma(shape + 1)) / shape
  let high = Math.max(low, log(shape)) + 1
  while (gammaCdf(exp(high), shape) < p) high++
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return exp(middle)
    if (gammaCdf(exp(middle), shape) < p) low = middle
    else high = middle
  }
}

/** ln Gamma(x) for x > 0. */
export function logGamma(x: number): number {
  let product = 0
  let at = x
  // Stirling's formula for what isn't an integer is good from here on: the recurrence leads there.
  for (; at < 16; at++) product += log(at)
  return (at - 0.5) * log(at) - at + HALF_LOG_2_PI + stirlingTail(at) - product
}

function series(x: number, shape: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; term > sum * PRECISION; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum
}

function fraction(x: number, shape: number): number {
  let b = x + 1 - shape
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let n = 1; ; n++) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / safe(a * d + b)
    c = safe(b + a / c)
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) <= PRECISION) return value
  }
}

function safe(denominator: number): number {
  return Math.abs(denominator) < TINY ? TINY : denominator
}

const HALF_LOG_2_PI = 0.9189385332046727
const PRECISION = 2.220446049250313e-16
const TINY = 1e-300
