import { describe, expect, it } from 'vitest'
import { below } from '../../src/kernel/below.js'
import { Tape } from '../../src/kernel/random.js'
import { drawn, expectCountsFit } from './goodness.js'

describe('whole numbers below n', () => {
  it.each([1, 2, 3, 10, 97, 4096])('are equally likely for n = %s', (n) => {
    const stream = new Tape('below').stream('draws', n)
    const counts = new Float64Array(n)
    for (let i = 0; i < 200_000; i++) counts[below(stream, n)]! += 1
    expectCountsFit(`below ${n}, seed "below"`, counts, new Array(n).fill(1 / n))
  })

  it.each([2 ** 21 - 1, 2 ** 21 + 1, 3_000_000_000, 2 ** 53])('spread evenly below n = %s', (n) => {
    const stream = new Tape('below, many').stream('draws', String(n))
    const counts = new Float64Array(100)
    const numbers = drawn(100_000, () => below(stream, n))
    expect(numbers.filter((number) => !(Number.isInteger(number) && number >= 0 && number < n))).toEqual([])
    for (const number of numbers) counts[Math.floor((number / n) * 100)]! += 1
    expectCountsFit(`below ${n}, seed "below, many"`, counts, new Array(100).fill(0.01))
  })

  it('are as likely as the words that make them, none of which counts for two', () => {
    // Of the 2^32 words, 2^32 mod 3 = 1 is too much: the one whose product has the low part 0.
    const stream = new Tape(1).stream('draws')
    const words = [0, 2 ** 32 - 1]
    stream.bits = () => words.shift()!
    expect(below(stream, 3)).toBe(2)
    expect(words).toEqual([])
  })

  it('refuses what has nothing below it, or too much', () => {
    const stream = new Tape(1).stream('draws')
    for (const n of [0, -1, Number.NaN, 2 ** 54]) expect(() => below(stream, n)).toThrow(RangeError)
  })
})
