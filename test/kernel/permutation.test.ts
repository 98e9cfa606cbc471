import { describe, expect, it } from 'vitest'
import { Permutation } from '../../src/kernel/permutation.js'
import { Tape } from '../../src/kernel/random.js'
import { discreteFromRatio, drawn, expectCountsFit, expectDiscreteFit } from './goodness.js'

const order = (size: number, seed = 1) => new Permutation(size, new Tape(seed).stream('order', size))

describe('A shuffled order', () => {
  it.each([1, 2, 3, 7, 64, 65, 1000, 4097])('of %s has every number once, and knows where each comes', (size) => {
    const shuffled = order(size)
    const numbers = Array.from({ length: size }, (_, place) => shuffled.at(place))
    expect([...numbers].sort((one, other) => one - other)).toEqual(numbers.map((_, index) => index))
    for (const [place, number] of numbers.entries()) expect(shuffled.placeOf(number)).toBe(place)
  })

  it('of two thousand million keeps within them', () => {
    const shuffled = order(2 ** 31)
    for (const place of [0, 1, 2 ** 30, 2 ** 31 - 1]) expect(shuffled.placeOf(shuffled.at(place))).toBe(place)
  })

  it('of three is each of the six alike', () => {
    const stream = new Tape('orders of three').stream('order')
    const shuffled = new Permutation(3, stream)
    const seen = new Map<string, number>()
    for (let draw = 0; draw < 12_000; draw++) {
      shuffled.shuffle(stream)
      const text = [0, 1, 2].map((place) => shuffled.at(place)).join('')
      seen.set(text, (seen.get(text) ?? 0) + 1)
    }
    expect(seen.size).toBe(6)
    expectCountsFit('orders of three, seed "orders of three"', [...seen.values()], new Array<number>(6).fill(1 / 6))
  })

  it('has as many of its first in another, as if both had been drawn from a hat', () => {
    const stream = new Tape('overlaps').stream('order')
    const [size, first] = [300, 60]
    const shuffled = new Permutation(size, stream)
    const overlaps = drawn(10_000, () => {
      shuffled.shuffle(stream)
      const before = new Set(Array.from({ length: first }, (_, place) => shuffled.at(place)))
      shuffled.shuffle(stream)
      return Array.from({ length: first }, (_, place) => shuffled.at(place)).filter((number) => before.has(number))
        .length
    })
    const law = discreteFromRatio(0, first, 12, (k) => (first - k) ** 2 / ((k + 1) * (size - 2 * first + k + 1)))
    expectDiscreteFit('overlaps, seed "overlaps"', overlaps, law)
  })

  it('refuses sizes that are none', () => {
    for (const size of [0, 1.5, -1, 2 ** 31 + 1]) expect(() => order(size)).toThrow(RangeError)
  })
})
