// The normal distribution: a sampler, the distribution function and its inverse.

import { exp, log } from './elementary.js'
import type { Stream } from './random.js'

/** Standard normal, by inversion: one uniform a draw, monotone, so that paired runs stay paired. */
export function normal(stream: Stream): number {
  return normalQuantile(stream.uniform() || PER_2_54)
}

/**
 * P(Z <= x). Relative error below 1e-15 down to x = -37.5, where doubles lose digits; 0 from -39. W. J. Cody, Rational
 * Chebyshev approximations for the error function, Mathematics of Computation 23 (1969).
 */
export function normalCdf(x: number): number {
  const distance = Math.abs(x)
  if (distance <= 0.66291) {
    const square = x * x
    return 0.5 + (x * polynomial(CENTRE_OVER, square)) / polynomial(CENTRE_UNDER, square)
  }
  const tail = distance < 39 ? upperTail(distance) : distance > 0 ? 0 : Number.NaN
  return x > 0 ? 1 - tail : tail
}

/**
 * The x for which P(Z <= x) = p. Relative error below 1e-15. M. J. Wichura, Algorithm AS 241, Applied Statistics 37
 * (1988).
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile at probability ${p}`)
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred
    return (centred * polynomial(QUANTILE_CENTRE_OVER, r)) / polynomial(QUANTILE_CENTRE_UNDER, r)
  }
  const tail = centred < 0 ? p : 1 - p
  if (tail === 0) return centred < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-log(tail))
  const x =
    r <= 5
      ? polynomial(QUANTILE_TAIL_OVER, r - 1.6) / polynomial(QUANTILE_TAIL_UNDER, r - 1.6)
      : polynomial(QUANTILE_FAR_OVER, r - 5) / polynomial(QUANTILE_FAR_UNDER, r - 5)
  return centred < 0 ? -x : x
}

function upperTail(x: number): number {
  // x squared in two parts, the first exact in few bits: exp would magnify the rounding of the square.
  const head = Math.floor(x * 16) / 16
  const density = exp(-0.5 * head * head) * exp(-0.5 * (x - head) * (x + head))
  if (x <= SQRT_32) return (density * polynomial(TAIL_OVER, x)) / polynomial(TAIL_UNDER, x)
  const z = 1 / (x * x)
  const correction = (z * polynomial(FAR_OVER, z)) / polynomial(FAR_UNDER, z)
  return (density * (PER_SQRT_2_PI - correction)) / x
}

// Coefficients from the lowest power up.
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

const PER_2_54 = 1 / 18014398509481984
const SQRT_32 = 5.656854249492381
const PER_SQRT_2_PI = 0.3989422804014327

const CENTRE_OVER = [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745]
const CENTRE_UNDER = [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1]
const TAIL_OVER = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785,
  8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
]
const TAIL_UNDER = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547,
  235.387901782625, 22.266688044328117, 1,
]
const FAR_OVER = [
  2.9112874951168793e-5, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736, 0.215898534057957,
  0.023073441764940174,
]
const FAR_UNDER = [
  7.297515550839662e-5, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911, 1,
]
const QUANTILE_CENTRE_OVER = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
]
const QUANTILE_CENTRE_UNDER = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
]
const QUANTILE_TAIL_OVER = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
]
const QUANTILE_TAIL_UNDER = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const QUANTILE_FAR_OVER = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const QUANTILE_FAR_UNDER = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
]
