import { describe, expect, it } from 'vitest'
import { normal, normalCdf, normalQuantile } from '../../src/kernel/normal.js'
import { Tape } from '../../src/kernel/random.js'
import { casesOf, relativeError } from './cases.js'
import { drawn, expectContinuousFit, expectMoments } from './goodness.js'

describe('the normal distribution', () => {
  it.each(casesOf('normal').filter(([name]) => name === 'cdf'))('%s(%s) is %s', (_, x, value) => {
    const tolerance = Number(x) < -37.5 ? 1e-7 : 2e-15
    expect(relativeError(normalCdf(Number(x)), Number(value))).toBeLessThan(tolerance)
  })

  it.each(casesOf('normal').filter(([name]) => name === 'quantile'))('%s(%s) is %s', (_, p, value) => {
    expect(relativeError(normalQuantile(Number(p)), Number(value))).toBeLessThan(2e-15)
  })

  it('has quantiles that undo the distribution function', () => {
    for (let x = -37; x < 5; x += 0.0731) {
      const tolerance = x < 0 ? 1e-13 : 1e-15 / Math.exp((-x * x) / 2)
      expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(tolerance)
    }
  })

  it('rises everywhere, also across the joins of its approximations', () => {
    let before = 0
    for (let x = -9; x < 6; x += 1e-3) {
      const here = normalCdf(x)
      expect(here).toBeGreaterThan(before)
      before = here
    }
  })

  it('ends at 0 and 1', () => {
    expect([
      normalCdf(Number.NEGATIVE_INFINITY),
      normalCdf(-40),
      normalCdf(40),
      normalCdf(Number.POSITIVE_INFINITY),
    ]).toEqual([0, 0, 1, 1])
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(normalCdf(Number.NaN)).toBeNaN()
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError)
  })
})

describe('normal draws', () => {
  it('come from the normal distribution', () => {
    const stream = new Tape('normal fit').stream('draws')
    const draws = drawn(200_000, () => normal(stream))
    expectContinuousFit('normal, seed "normal fit"', draws, normalCdf)
    expectMoments('normal, seed "normal fit"', draws, { mean: 0, variance: 1 })
  })

  it('are never infinite, even on a uniform of 0', () => {
    const stream = new Tape(1).stream('draws')
    stream.uniform = () => 0
    expect(normal(stream)).toBeGreaterThan(-9)
  })
})
