// Counts of independent events: the Poisson distribution.

import { exp, log, log1p } from './elementary.js'
import type { Stream } from './random.js'
import { stirlingTail } from './stirling.js'

// Above this the counts are no longer exact integers.
const LARGEST_MEAN = 2 ** 52

/** Below a mean of 10 one uniform, monotone in the mean; from there on a rejection that takes 2.3 to 2.7 on average. */
export function poisson(stream: Stream, mean: number): number {
  if (!(mean >= 0 && mean <= LARGEST_MEAN)) throw new RangeError(`a Poisson count of mean ${mean}`)
  return mean < 10 ? byInversion(stream, mean) : byRejection(stream, mean)
}

/** ln P(count = k). */
export function poissonLogProbability(k: number, mean: number): number {
  if (k === 0) return -mean
  const above = mean - k
  return k * log1p(above / k) - above - stirlingTail(k) - 0.5 * log(2 * Math.PI * k)
}

function byInversion(stream: Stream, mean: number): number {
  let rest = stream.uniform()
  let probability = exp(-mean)
  let k = 0
  // What is left of the sum's rounding errors must not send the count to infinity.
  while (rest >= probability && probability > 1e-17) {
    rest -= probability
    k++
    probability *= mean / k
  }
  return k
}

// PTRS: W. Hörmann, The transformed rejection method for generating Poisson random variables, Insurance: Mathematics
// and Economics 12 (1993). Nine draws in ten need no logarithm at large means, nearly half at 10.
function byRejection(stream: Stream, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const peak = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const edge = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43)
    if (edge >= 0.07 && v <= peak) return k
    if (k < 0 || (edge < 0.013 && v > edge)) continue
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    if (log((v * inverseAlpha) / (a / (edge * edge) + b)) <= poissonLogProbability(k, mean)) return k
  }
}
