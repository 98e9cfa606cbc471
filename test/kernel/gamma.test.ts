import { describe, expect, it } from 'vitest'
import { gammaCdf, gammaQuantile, logGamma } from '../../src/kernel/gamma.js'
import { normalCdf } from '../../src/kernel/normal.js'

describe('the gamma distribution', () => {
  it('is the exponential one for shape 1, and the sum of Poisson terms for whole shapes', () => {
    for (const x of [1e-6, 0.1, 1, 2.5, 30]) {
      expect(gammaCdf(x, 1)).toBeCloseTo(-Math.expm1(-x), 13)
      let term = Math.exp(-x)
      let below = term
      for (let k = 1; k < 7; k++) {
        term *= x / k
        below += term
      }
      expect(gammaCdf(x, 7)).toBeCloseTo(1 - below, 13)
    }
  })

  it('is that of half a squared normal for shape 1/2', () => {
    for (const x of [1e-9, 0.01, 0.7, 1.5, 12]) {
      expect(gammaCdf(x, 0.5)).toBeCloseTo(2 * normalCdf(Math.sqrt(2 * x)) - 1, 13)
    }
  })

  it('starts at 0 and ends at 1', () => {
    expect([-1, 0, 1e9, Number.POSITIVE_INFINITY].map((x) => gammaCdf(x, 3))).toEqual([0, 0, 1, 1])
  })

  it.each([0.05, 0.5, 1, 3.3, 40, 1e4])('has the quantiles that lead back, shape %s', (shape) => {
    for (const p of [0.001, 0.02, 0.5, 0.9, 0.999]) {
      const back = gammaCdf(gammaQuantile(p, shape), shape)
      expect(Math.abs(back / p - 1)).toBeLessThan(1e-10)
    }
    expect(gammaQuantile(0, shape)).toBe(0)
    expect(gammaQuantile(1, shape)).toBe(Number.POSITIVE_INFINITY)
  })

  it('has factorials in its logarithm', () => {
    for (const [n, factorial] of [
      [1, 1],
      [2, 1],
      [5, 24],
      [11, 3_628_800],
      [21, 2_432_902_008_176_640_000],
    ] as const) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12)
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
  })

  it('refuses what is no shape and no probability', () => {
    for (const shape of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => gammaCdf(1, shape)).toThrow(RangeError)
    }
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => gammaQuantile(p, 1)).toThrow(RangeError)
  })
})
