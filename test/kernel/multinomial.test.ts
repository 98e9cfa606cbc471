import { describe, expect, it } from 'vitest'
import { multinomial } from '../../src/kernel/multinomial.js'
import { Tape } from '../../src/kernel/random.js'
import { expectCountsFit, expectMoments } from './goodness.js'

const SHARES = [0.5, 0.25, 0.15, 0.06, 0.03, 0.009, 0.0009, 0.0001]
const OUTCOMES = 20_000

describe('multinomial draws', () => {
  it('fall into each category by its probability, and vary and pull on each other as they should', () => {
    const n = 500
    const stream = new Tape('multinomial fit').stream('draws')
    const counts = new Float64Array(SHARES.length)
    const totals = new Float64Array(SHARES.length)
    const firsts: number[] = []
    const pairs: number[] = []
    for (let i = 0; i < OUTCOMES; i++) {
      multinomial(stream, n, SHARES, counts)
      for (let k = 0; k < counts.length; k++) totals[k]! += counts[k]!
      firsts.push(counts[0]!)
      pairs.push(counts[1]! + counts[3]!)
    }
    expectCountsFit('seed "multinomial fit"', totals, SHARES)
    expectMoments('first category', firsts, { mean: n * 0.5, variance: n * 0.25 })
    // Two categories together are binomial, which they are only if their covariance is right.
    expectMoments('two categories', pairs, { mean: n * 0.31, variance: n * 0.31 * 0.69 })
  })

  it('come from the joint distribution: two things in three categories', () => {
    const stream = new Tape('multinomial pair').stream('draws')
    const counts = new Float64Array(3)
    const seen = new Float64Array(6)
    for (let i = 0; i < OUTCOMES; i++) {
      multinomial(stream, 2, [0.5, 0.3, 0.2], counts)
      seen[['200', '020', '002', '110', '101', '011'].indexOf(counts.join(''))]! += 1
    }
    expectCountsFit('seed "multinomial pair"', seen, [0.25, 0.09, 0.04, 0.3, 0.2, 0.12])
  })

  it('always add up to n, take any weights, and leave impossible categories empty', () => {
    const stream = new Tape('multinomial sums').stream('draws')
    const weights = [0, 3, 0, 1e-9, 7e5, 0, 2, 0]
    const counts = new Float64Array(weights.length)
    for (const n of [0, 1, 17, 12_345, 1e9]) {
      multinomial(stream, n, weights, counts)
      expect(counts.reduce((sum, count) => sum + count)).toBe(n)
      for (const empty of [0, 2, 5, 7]) expect(counts[empty]).toBe(0)
    }
  })

  it('give a rare last category its full share', () => {
    const stream = new Tape('multinomial rare').stream('draws')
    const counts = new Float64Array(3)
    const seen: number[] = []
    for (let i = 0; i < OUTCOMES; i++) {
      multinomial(stream, 1e15, [0.7, 0.3, 1e-15], counts)
      seen.push(counts[2]!)
    }
    expectMoments('seed "multinomial rare"', seen, { mean: 1, variance: 1, fourth: 4 })
  })

  it('refuse counts and weights that are none', () => {
    const stream = new Tape(1).stream('draws')
    const counts = new Float64Array(2)
    for (const [n, weights] of [
      [-1, [1, 1]],
      [1.5, [1, 1]],
      [Number.NaN, [1]],
      [3, [0, 0]],
      [3, []],
      [3, [1, -1]],
      [3, [Number.NaN, 1]],
      [3, [Number.POSITIVE_INFINITY, 1]],
      [3, [1, 1, 1]],
    ] as const) {
      expect(() => multinomial(stream, n, weights, counts)).toThrow(RangeError)
    }
  })
})
