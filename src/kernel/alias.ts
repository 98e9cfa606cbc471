// Draws one of many categories at a cost that doesn't depend on how many there are: the alias method.
import type { Stream } from './random.js'

/**
 * Probabilities are rounded to whole multiples of 2^-32 that add up to 1, so that one word decides, and the table is
 * built in whole numbers: a category comes with its probability to 2^-32, and one of probability 0 never. M. D. Vose, A
 * linear algorithm for generating random numbers with a given distribution, IEEE Transactions on Software Engineering 17
 * (1991).
 */
export class Alias {
  /** The bits of a word below those that choose a column. */
  private shift = 31
  private mask = 0x7fffffff
  /** By column, the greatest rest of a word that stays in it; -1 if none does. */
  private keeps = new Int32Array(2)
  /** By column, the category of those that stay and of those that don't. */
  private choices = new Int32Array(4)
  private units = new Float64Array(2)
  private readonly small: number[] = []
  private readonly large: number[] = []

  /** The probabilities of categories are proportional to these weights. */
  constructor(weights: ArrayLike<number>, count?: number) {
    this.set(weights, count)
  }

  /** Other weights, in the same memory if it is large enough: as good as new. */
  set(weights: ArrayLike<number>, count = weights.length): void {
    const bits = Math.max(1, 32 - Math.clz32(count - 1))
    const columns = 2 ** bits
    if (columns > LARGEST) throw new RangeError(`${count} categories to draw from`)
    if (this.keeps.length < columns) {
      this.keeps = new Int32Array(columns)
      this.choices = new Int32Array(2 * columns)
      this.units = new Float64Array(columns)
    }
    this.shift = 32 - bits
    this.mask = 2 ** this.shift - 1
    this.units.fill(0, count, columns)
    roundToUnits(weights, count, this.units)
    this.pair(columns)
  }

  draw(stream: Stream): number {
    const word = stream.bits()
    const column = word >>> this.shift
    // The sign instead of a comparison: nobody can predict which way a jump would go.
    return this.choices[2 * column + ((this.keeps[column]! - (word & this.mask)) >>> 31)]!
  }

  /** Fills every column up to the same height, with what is too little in one and too much in another. */
  private pair(columns: number): void {
    const { units, keeps, choices, small, large } = this
    const height = 2 ** this.shift
    for (let column = 0; column < columns; column++) (units[column]! < height ? small : large).push(column)
    while (small.length > 0) {
      const low = small.pop()!
      // Whole numbers that add up to `columns * height`: while one is below the height, another is above.
      const high = large[large.length - 1]!
      keeps[low] = units[low]! - 1
      choices[2 * low] = low
      choices[2 * low + 1] = high
      units[high]! -= height - units[low]!
      if (units[high]! < height) small.push(large.pop()!)
    }
    for (const column of large) {
      keeps[column] = height - 1
      choices[2 * column] = column
      choices[2 * column + 1] = column
    }
    large.length = 0
  }
}

const WHOLE = 2 ** 32
const LARGEST = 2 ** 24

/** Each sum of weights so far is rounded down, and what it grows by is the category's: together they are all there is. */
function roundToUnits(weights: ArrayLike<number>, count: number, units: Float64Array): void {
  let total = 0
  let last = -1
  for (let index = 0; index < count; index++) {
    const weight = weights[index]!
    if (!(weight >= 0)) throw new RangeError(`a category of weight ${weight}`)
    total += weight
    if (weight > 0) last = index
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) throw new RangeError(`categories of total weight ${total}`)
  let sum = 0
  let before = 0
  for (let index = 0; index < count; index++) {
    sum += weights[index]!
    const edge = index >= last ? WHOLE : Math.round((sum / total) * WHOLE)
    units[index] = edge - before
    before = edge
  }
}
