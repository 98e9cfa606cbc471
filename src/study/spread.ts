// The values that a figure has taken in many runs, so that any number of parts, put together in any order, is the same.

/** So many different values are kept as they are; what has more is kept to fewer digits, as many as this allows. */
const mostValues = 8192

/** Of the fraction of a double. */
const allBits = 52

export interface SpreadData {
  /** How many bits of a value's fraction are kept; left out where all are. */
  readonly bits?: number
  /** In ascending order, each with how often it came. */
  readonly values: readonly number[]
  readonly counts: readonly number[]
}

/**
 * A multiset of numbers. Everything that is said of it follows from which values it holds, never from when they came:
 * digits are cut off, not rounded, so that cutting twice is cutting once, and the number of digits that are kept follows
 * from the whole. Infinity is a value as others are: what never happened takes for ever.
 */
export class Spread {
  /** How many values there are. */
  size = 0
  private readonly counts = new Map<number, number>()
  private bits = allBits
  private order: readonly number[] | undefined

  static from({ bits, values, counts }: SpreadData): Spread {
    const spread = new Spread()
    spread.bits = bits ?? allBits
    for (const [index, value] of values.entries()) spread.add(value, counts[index])
    return spread
  }

  add(value: number, times = 1): void {
    if (times === 0) return
    // There is one zero.
    const kept = cut(value, this.bits) + 0
    this.counts.set(kept, (this.counts.get(kept) ?? 0) + times)
    this.size += times
    this.order = undefined
    if (this.counts.size > mostValues) this.coarsen()
  }

  merge(other: Spread): void {
    if (other.bits < this.bits) this.cutTo(other.bits)
    for (const [value, times] of other.counts) this.add(value, times)
  }

  /** A copy in which all values are so many times as large. */
  scaled(factor: number): Spread {
    const spread = new Spread()
    for (const [value, times] of this.counts) spread.add(value * factor, times)
    return spread
  }

  /** The value of the run that has so many at or below it: from 1 for the least to the size for the greatest. */
  ranked(rank: number): number {
    let below = 0
    for (const value of this.ascending()) {
      below += this.counts.get(value)!
      if (below >= rank) return value
    }
    return Number.NaN
  }

  /** The inverse of the empirical distribution, in the middle between two values where it jumps at p. */
  quantile(p: number): number {
    const rank = this.size * p
    if (rank >= this.size) return this.ranked(this.size)
    if (rank !== Math.floor(rank) || rank === 0) return this.ranked(Math.floor(rank) + 1)
    const [below, above] = [this.ranked(rank), this.ranked(rank + 1)]
    return below === above ? below : (below + above) / 2
  }

  get min(): number {
    return this.ranked(1)
  }

  get max(): number {
    return this.ranked(this.size)
  }

  get mean(): number {
    const { min, max } = this
    // A mean of equal values would be off in its last digit.
    if (min === max) return min
    let sum = 0
    for (const value of this.ascending()) sum += value * this.counts.get(value)!
    return sum / this.size
  }

  /** Of the mean; NaN for one value, of which nobody knows how far others would be from it. */
  get standardError(): number {
    const { size, mean } = this
    if (size < 2) return Number.NaN
    let squares = 0
    for (const value of this.ascending()) squares += this.counts.get(value)! * (value - mean) ** 2
    return Math.sqrt(squares / (size - 1) / size)
  }

  /** The first in their order that is like this. */
  find(isLike: (value: number) => boolean): number | undefined {
    return this.ascending().find(isLike)
  }

  data(): SpreadData {
    const values = this.ascending()
    const counts = values.map((value) => this.counts.get(value)!)
    return { ...(this.bits === allBits ? {} : { bits: this.bits }), values, counts }
  }

  private ascending(): readonly number[] {
    this.order ??= [...this.counts.keys()].sort((a, b) => a - b)
    return this.order
  }

  private coarsen(): void {
    while (this.counts.size > mostValues) this.cutTo(this.bits - 1)
  }

  private cutTo(bits: number): void {
    const before = [...this.counts]
    this.bits = bits
    this.order = undefined
    this.counts.clear()
    for (const [value, times] of before) {
      const kept = cut(value, bits)
      this.counts.set(kept, (this.counts.get(kept) ?? 0) + times)
    }
  }
}

const double = new Float64Array(1)
const words = new BigUint64Array(double.buffer)

/** Towards zero. */
function cut(value: number, bits: number): number {
  if (bits === allBits) return value
  double[0] = value
  words[0]! &= -1n << BigInt(allBits - bits)
  return double[0]
}
