import { describe, expect, it } from 'vitest'
import { Alias } from '../../src/kernel/alias.js'
import { Tape } from '../../src/kernel/random.js'
import { expectCountsFit } from './goodness.js'

const laws: readonly (readonly [string, readonly number[]])[] = [
  ['two halves', [0.5, 0.5]],
  ['a rare one', [0.999, 0.001]],
  ['five of all sizes', [0.1, 0.6, 0.05, 0.2, 0.05]],
  ['weights that are no shares', [3, 1, 4, 1, 5, 9, 2, 6]],
  ['hundreds', Array.from({ length: 300 }, (_, index) => 1 / (1 + index))],
]

describe('An alias table', () => {
  it.each(laws)('draws categories by their weights: %s', (name, weights) => {
    const alias = new Alias(weights)
    const stream = new Tape('alias').stream('draws', name)
    const counts = new Float64Array(weights.length)
    for (let i = 0; i < 300_000; i++) counts[alias.draw(stream)]! += 1
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const probabilities = weights.map((weight) => weight / total)
    expectCountsFit(`${name}, seed "alias"`, counts, probabilities)
  })

  it.each(laws)('gives each category its share of all words there are, to one or two: %s', (_, weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const words = wordsOf(new Alias(weights), weights.length)
    expect(words.reduce((sum, count) => sum + count)).toBe(2 ** 32)
    weights.forEach((weight, index) => {
      expect(Math.abs(words[index]! - (weight / total) * 2 ** 32)).toBeLessThanOrEqual(1)
    })
  })

  it('never draws what has no weight, wherever it stands', () => {
    for (const weights of [[0, 1], [1, 0], [1], [0, 0, 2, 0], [0, 1e-300, 0]]) {
      const words = wordsOf(new Alias(weights), weights.length)
      expect(words.map((count) => count > 0)).toEqual(weights.map((weight) => weight > 0))
    }
  })

  it('takes other weights, fewer or more, and is as good as new', () => {
    const alias = new Alias([1, 2, 3])
    for (const [, weights] of [...laws, ...[...laws].reverse()]) {
      alias.set(weights)
      expect(wordsOf(alias, weights.length)).toEqual(wordsOf(new Alias(weights), weights.length))
    }
    alias.set([1, 1, 5, 5], 2)
    expect(wordsOf(alias, 4)).toEqual([2 ** 31, 2 ** 31, 0, 0])
  })

  it('refuses weights that are negative, no numbers, or nothing together', () => {
    for (const weights of [[], [0], [0, 0], [1, -1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
      expect(() => new Alias(weights)).toThrow(RangeError)
    }
  })
})

/** Of all 2^32 words, how many draw each category: a column changes its mind at one word only, found by halving. */
function wordsOf(alias: Alias, categories: number): number[] {
  const stream = new Tape(0).stream('words')
  let word = 0
  stream.bits = () => word
  const at = (value: number) => {
    word = value
    return alias.draw(stream)
  }
  let columns = 2
  while (columns < categories) columns *= 2
  const height = 2 ** 32 / columns
  const counts = new Array<number>(categories).fill(0)
  for (let column = 0; column < columns; column++) {
    const first = column * height
    const stays = at(first)
    let low = 0
    let high = height
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (at(first + middle) === stays) low = middle
      else high = middle
    }
    counts[stays]! += high
    if (high < height) counts[at(first + height - 1)]! += height - high
  }
  return counts
}
