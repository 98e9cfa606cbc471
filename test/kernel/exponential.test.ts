import { describe, expect, it } from 'vitest'
import { exponential } from '../../src/kernel/exponential.js'
import { Tape } from '../../src/kernel/random.js'
import { drawn, expectContinuousFit, expectMoments } from './goodness.js'

describe('exponential draws', () => {
  it.each([1e-6, 1, 250])('of mean %s come from the exponential distribution', (mean) => {
    const stream = new Tape('exponential fit').stream('draws', String(mean))
    const draws = drawn(200_000, () => exponential(stream, mean))
    expectContinuousFit(`mean ${mean}, seed "exponential fit"`, draws, (x) => -Math.expm1(-x / mean))
    expectMoments(`mean ${mean}, seed "exponential fit"`, draws, { mean, variance: mean ** 2, fourth: 9 * mean ** 4 })
  })

  it('of mean 0 are 0, and start at 0', () => {
    const stream = new Tape(1).stream('draws')
    expect(exponential(stream, 0)).toBe(0)
    stream.uniform = () => 0
    expect(exponential(stream, 5)).toBe(0)
  })

  it('refuse a mean that is negative or no number', () => {
    const stream = new Tape(1).stream('draws')
    for (const mean of [-1, Number.NaN]) expect(() => exponential(stream, mean)).toThrow(RangeError)
  })
})
