// How n things fall into several categories: the multinomial distribution, as a chain of conditional binomials.

import { binomial } from './binomial.js'
import type { Stream } from './random.js'

/** Writes one count a category into out, which is at least as long. The probabilities need not sum to 1. */
export function multinomial(stream: Stream, n: number, probabilities: ArrayLike<number>, out: Float64Array): void {
  if (out.length < probabilities.length) throw new RangeError(`${out.length} places for ${probabilities.length} counts`)
  const total = weightsFrom(probabilities, out)
  if (!(Number.isInteger(n) && n >= 0 && (n === 0 || (total > 0 && total < Number.POSITIVE_INFINITY)))) {
    throw new RangeError(`${n} things to spread over a total weight of ${total}`)
  }
  const last = probabilities.length - 1
  let left = n
  for (let i = 0; i < last; i++) {
    const probability = probabilities[i]!
    const count = left === 0 || probability === 0 ? 0 : binomial(stream, left, probability / out[i]!)
    out[i] = count
    left -= count
  }
  out[last] = left
}

// out[i] becomes the weight of category i and all after it: sums from the end, because differences from the start would
// lose the rare categories.
function weightsFrom(probabilities: ArrayLike<number>, out: Float64Array): number {
  let weight = 0
  for (let i = probabilities.length - 1; i >= 0; i--) {
    const probability = probabilities[i]!
    if (!(probability >= 0)) throw new RangeError(`a category of probability ${probability}`)
    weight += probability
    out[i] = weight
  }
  return weight
}
