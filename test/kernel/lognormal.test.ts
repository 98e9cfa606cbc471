import { describe, expect, it } from 'vitest'
import { logNormal, logNormalCdf, logNormalFrom } from '../../src/kernel/lognormal.js'
import { normalCdf } from '../../src/kernel/normal.js'
import { Tape } from '../../src/kernel/random.js'
import { relativeError } from './cases.js'
import { drawn, expectContinuousFit } from './goodness.js'

describe('the log-normal distribution', () => {
  it('has the median and the 99th percentile it was made from', () => {
    const { mu, sigma } = logNormalFrom({ p50: 40, p99: 900 })
    expect(relativeError(logNormalCdf(40, mu, sigma), 0.5)).toBeLessThan(1e-14)
    expect(relativeError(logNormalCdf(900, mu, sigma), 0.99)).toBeLessThan(1e-14)
  })

  it('is a single latency when both are the same', () => {
    const { mu, sigma } = logNormalFrom({ p50: 1, p99: 1 })
    expect({ mu, sigma }).toEqual({ mu: 0, sigma: 0 })
    expect([0, 0.999, 1, 2].map((x) => logNormalCdf(x, mu, sigma))).toEqual([0, 0, 1, 1])
    expect(logNormal(new Tape(1).stream('draws'), mu, sigma)).toBe(1)
  })

  it('gives nothing below zero and everything below infinity', () => {
    expect([-1, 0, Number.POSITIVE_INFINITY].map((x) => logNormalCdf(x, 3, 2))).toEqual([0, 0, 1])
  })

  it.each([
    [0, 0.1],
    [3.7, 1.3],
  ])('is what is drawn, with mu %s and sigma %s', (mu, sigma) => {
    const stream = new Tape('log-normal fit').stream('draws', `${mu} ${sigma}`)
    const draws = drawn(200_000, () => logNormal(stream, mu, sigma))
    expectContinuousFit('seed "log-normal fit"', draws, (x) => normalCdf((Math.log(x) - mu) / sigma))
  })

  it('refuses percentiles and parameters that make no distribution', () => {
    const stream = new Tape(1).stream('draws')
    for (const [p50, p99] of [
      [0, 1],
      [2, 1],
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => logNormalFrom({ p50, p99 })).toThrow(RangeError)
    }
    for (const [mu, sigma] of [
      [0, -1],
      [0, Number.NaN],
      [Number.NaN, 1],
    ] as const) {
      expect(() => logNormal(stream, mu, sigma)).toThrow(RangeError)
    }
  })
})
