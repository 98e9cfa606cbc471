// Draws a whole number below n, each with the same probability.
import type { Stream } from './random.js'

/** Exact: words that would make some numbers likelier are drawn again. 4 ns up to two million, 10 beyond. */
export function below(stream: Stream, n: number): number {
  if (!(n >= 1)) throw new RangeError(`a whole number below ${n}`)
  if (n > LARGEST_OF_A_WORD) return belowOfTwo(stream, n)
  for (;;) {
    // The high part of a product with a random word is uniform but for some of the low parts below n: D. Lemire, Fast
    // random integer generation in an interval, ACM Transactions on Modeling and Computer Simulation 29 (2019).
    const product = stream.bits() * n
    const number = Math.floor(product * PER_WORD)
    const low = product - number * WORD
    if (low >= n || low >= WORD % n) return number
  }
}

function belowOfTwo(stream: Stream, n: number): number {
  if (!(n <= MOST)) throw new RangeError(`a whole number below ${n}`)
  for (;;) {
    const number = stream.uniform() * MOST
    if (number < MOST - (MOST % n)) return number % n
  }
}

const WORD = 2 ** 32
const PER_WORD = 2 ** -32
/** Up to here the product is a whole number exactly. */
const LARGEST_OF_A_WORD = 2 ** 21
const MOST = 2 ** 53
