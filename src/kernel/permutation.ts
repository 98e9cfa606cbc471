// A shuffled order of the whole numbers below n that takes no memory: where each comes, and what comes at each place.

import type { Stream } from './random.js'

/**
 * Eight rounds of a Feistel network over the smallest even number of bits that is enough; places beyond the end are
 * followed until one is within it (J. Black and P. Rogaway, Ciphers with arbitrary finite domains, 2002). Fewer than four
 * steps on average.
 */
export class Permutation {
  private readonly half: number
  private readonly mask: number
  private readonly keys = new Int32Array(ROUNDS)

  constructor(
    readonly size: number,
    stream: Stream,
  ) {
    if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST)) throw new RangeError(`${size} in a shuffled order`)
    this.half = Math.max(1, Math.ceil((32 - Math.clz32(size - 1)) / 2))
    this.mask = 2 ** this.half - 1
    this.shuffle(stream)
  }

  /** Another order of as many. */
  shuffle(stream: Stream): void {
    for (let round = 0; round < ROUNDS; round++) this.keys[round] = stream.bits() | 0
  }

  /** What comes at a place. */
  at(place: number): number {
    let number = place
    do number = this.forward(number)
    while (number >= this.size)
    return number
  }

  /** Where a number comes. */
  placeOf(number: number): number {
    let place = number
    do place = this.back(place)
    while (place >= this.size)
    return place
  }

  private forward(number: number): number {
    const { half, mask, keys } = this
    let left = number >>> half
    let right = number & mask
    for (let round = 0; round < ROUNDS; round++) {
      const next = left ^ (mixed(right, keys[round]!) & mask)
      left = right
      right = next
    }
    return ((left << half) | right) >>> 0
  }

  private back(number: number): number {
    const { half, mask, keys } = this
    let left = number >>> half
    let right = number & mask
    for (let round = ROUNDS - 1; round >= 0; round--) {
      const before = right ^ (mixed(left, keys[round]!) & mask)
      right = left
      left = before
    }
    return ((left << half) | right) >>> 0
  }
}

const ROUNDS = 8
const LARGEST = 2 ** 31

// As the finaliser of the kernel's streams.
function mixed(word: number, key: number): number {
  let h = Math.imul((word + key) ^ (key >>> 15), 0x21f0aaad)
  h ^= h >>> 15
  h = Math.imul(h, 0x735a2d97)
  return h ^ (h >>> 15)
}
