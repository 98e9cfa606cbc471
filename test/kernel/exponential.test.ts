import { describe, expect, it } from 'vitest'
import { exponential, standardExponential } from '../../src/kernel/exponential.js'
import { Tape } from '../../src/kernel/random.js'
import { drawn, expectContinuousFit, expectCountsFit, expectMoments } from './goodness.js'

describe('exponential draws', () => {
  it.each([1e-6, 1, 250])('of mean %s come from the exponential distribution', (mean) => {
    const stream = new Tape('exponential fit').stream('draws', String(mean))
    const draws = drawn(200_000, () => exponential(stream, mean))
    expectContinuousFit(`mean ${mean}, seed "exponential fit"`, draws, (x) => -Math.expm1(-x / mean))
    expectMoments(`mean ${mean}, seed "exponential fit"`, draws, { mean, variance: mean ** 2, fourth: 9 * mean ** 4 })
  })

  it('of mean 0 are 0', () => {
    expect(exponential(new Tape(1).stream('draws'), 0)).toBe(0)
  })

  it('are right in the tail, too, where one in two thousand comes', () => {
    const stream = new Tape('exponential tail').stream('draws')
    const draws = drawn(4_000_000, () => standardExponential(stream)).filter((x) => x > 7.5)
    const mean = 4e6 * Math.exp(-7.5)
    expect(Math.abs(draws.length - mean)).toBeLessThan(4 * Math.sqrt(mean))
    expectContinuousFit('seed "exponential tail"', draws, (x) => -Math.expm1(7.5 - x))
  })

  it('cover every layer of the ziggurat alike', () => {
    // Layers end where the density has equal steps of area, so the distribution function is tried at all their edges.
    const stream = new Tape('exponential layers').stream('draws')
    const draws = drawn(1_000_000, () => standardExponential(stream))
    const edges = Array.from({ length: 257 }, (_, index) => -Math.log1p(-index / 257))
    const counts = new Float64Array(257)
    for (const x of draws) counts[edges.findLastIndex((edge) => edge <= x)]! += 1
    expectCountsFit('seed "exponential layers"', counts, new Array(257).fill(1 / 257))
  })

  it('refuse a mean that is negative or no number', () => {
    const stream = new Tape(1).stream('draws')
    for (const mean of [-1, Number.NaN]) expect(() => exponential(stream, mean)).toThrow(RangeError)
  })
})
