// Intervals of shares and quantiles, against exact sums and against the promise that they make.
import { describe, expect, it } from 'vitest'
import { binomialCdf, quantileRanks, shareInterval } from '../../src/judge/binomial-intervals.js'
import { betaCdf } from '../../src/judge/incomplete-beta.js'
import { binomialLogProbability } from '../../src/kernel/binomial.js'

function sum(from: number, to: number, trials: number, p: number): number {
  let total = 0
  for (let k = from; k <= to; k++) total += Math.exp(binomialLogProbability(k, trials, p))
  return total
}

const cases = [1, 2, 7, 40, 300, 5000].flatMap((trials) =>
  [0.001, 0.05, 0.3, 0.5, 0.9, 0.999].flatMap((p) => {
    const mean = Math.round(trials * p)
    return [0, mean - 3, mean, mean + 2, trials - 1]
      .filter((k) => k >= 0 && k < trials)
      .map((k) => [trials, p, k] as const)
  }),
)

describe('Tails of binomial distributions', () => {
  it.each(cases)('of %i trials with p = %f, up to %i successes', (trials, p, k) => {
    expect(Math.abs(binomialCdf(k, trials, p) - sum(0, k, trials, p))).toBeLessThan(1e-11)
  })

  it('are right where sums are too long', () => {
    // Symmetric, so that half lies below the middle.
    expect(binomialCdf(499_999, 999_999, 0.5)).toBeCloseTo(0.5, 9)
    expect(betaCdf(0.5, 2e7, 2e7)).toBeCloseTo(0.5, 6)
  })
})

describe('The interval of a share', () => {
  it.each([
    // The textbook's: 0 of 10, and 3 of 10, at 95 %.
    [0, 10, 0, 0.3085],
    [3, 10, 0.0667, 0.6525],
    [10, 10, 0.6915, 1],
    [0, 3000, 0, 0.00123],
  ])('%i of %i', (successes, trials, low, high) => {
    const interval = shareInterval(successes, trials, 0.95)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it.each([
    [20, 0.01],
    [200, 0.01],
    [200, 0.3],
    [1000, 0.999],
  ])('of %i trials holds %f as often as it says, or more', (trials, p) => {
    let held = 0
    for (let k = 0; k <= trials; k++) {
      const { low, high } = shareInterval(k, trials, 0.95)
      if (low <= p && p <= high) held += Math.exp(binomialLogProbability(k, trials, p))
    }
    expect(held).toBeGreaterThanOrEqual(0.95)
  })
})

describe('The ranks around a quantile', () => {
  it.each([
    [0.5, 10],
    [0.9, 100],
    [0.95, 1000],
    [0.99, 50],
  ])('of p = %f among %i values hold it as often as they say, and barely so', (p, size) => {
    const { low, high } = quantileRanks(p, size, 0.95)
    // The quantile lies between them when at least `low` and fewer than `high` values are below it.
    const held = sum(low, high - 1, size, p)
    expect(held).toBeGreaterThanOrEqual(0.95)
    const narrower = sum(low + 1, high - 1, size, p)
    expect(narrower - sum(low + 1, low + 1, size, p)).toBeLessThan(0.975)
    expect(sum(low + 1, size, size, p)).toBeLessThan(0.975 + 1e-12)
  })

  it('go beyond the values where these are too few', () => {
    expect(quantileRanks(0.5, 3, 0.95)).toEqual({ low: 0, high: 4 })
    expect(quantileRanks(0.99, 50, 0.95).high).toBe(51)
  })
})
