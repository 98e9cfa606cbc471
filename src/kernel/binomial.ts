// How many of n succeed: the binomial distribution.

import { exp, log, log1p } from './elementary.js'
import type { Stream } from './random.js'
import { stirlingTail } from './stirling.js'

const LARGEST_N = 2 ** 52

/** Below a mean of 10 (of successes or failures) one uniform, monotone in p; from there on a rejection. */
export function binomial(stream: Stream, n: number, p: number): number {
  if (!(Number.isInteger(n) && n >= 0 && n <= LARGEST_N && p >= 0 && p <= 1)) {
    throw new RangeError(`a binomial count of ${n} trials with probability ${p}`)
  }
  if (p > 0.5) return n - ofRare(stream, n, 1 - p)
  return ofRare(stream, n, p)
}

/** ln P(count = k). */
export function binomialLogProbability(k: number, n: number, p: number): number {
  if (k === 0) return p === 0 ? 0 : n * log1p(-p)
  if (k === n) return n * log(p)
  const above = n * p - k
  const rest = n - k
  const shape = stirlingTail(n) - stirlingTail(k) - stirlingTail(rest) + 0.5 * log(n / (2 * Math.PI * k * rest))
  return shape + k * log1p(above / k) + rest * log1p(-above / rest)
}

function ofRare(stream: Stream, n: number, p: number): number {
  return n * p < 10 ? byInversion(stream, n, p) : byRejection(stream, n, p)
}

function byInversion(stream: Stream, n: number, p: number): number {
  const odds = p / (1 - p)
  let rest = stream.uniform()
  let probability = exp(n * log1p(-p))
  let k = 0
  // What is left of the sum's rounding errors must not send the count far into the tail.
  while (rest >= probability && probability > 1e-17 && k < n) {
    rest -= probability
    k++
    probability *= (odds * (n - k + 1)) / k
  }
  return k
}

// BTRS: W. Hörmann, The generation of binomial random variates, Journal of Statistical Computation and Simulation 46
// (1993). The hat of the Poisson case, fitted to the binomial.
function byRejection(stream: Stream, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const peak = 0.92 - 4.2 / b
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + centre)
    if (edge >= 0.07 && v <= peak) return k
    if (!(k >= 0 && k <= n)) continue
    const alpha = (2.83 + 5.1 / b) * deviation
    const mode = Math.floor((n + 1) * p)
    const height = log((v * alpha) / (a / (edge * edge) + b))
    if (height <= binomialLogProbability(k, n, p) - binomialLogProbability(mode, n, p)) return k
  }
}
