import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../../src/kernel/normal.js'
import { Latency } from '../../../src/world/latency/latency.js'
import { latencyClasses } from '../../../src/world/latency/latency-classes.js'
import { quadrature } from '../flights.js'

const law = Latency.fromPercentiles(80, 400)
const everything = Number.POSITIVE_INFINITY
const boundsMs = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000]

/** The moment of a share of the law, by its quantiles: nothing here uses the code under test. */
function momentOf(quantile: (p: number) => number, power: number, from: number, until: number): number {
  return quadrature((p) => quantile(p) ** power, [from, until], 20_000) / (until - from)
}

const quantileOf = (p: number) => 80 * Math.exp((Math.log(400 / 80) / normalQuantile(0.99)) * normalQuantile(p))

describe('Latency', () => {
  it('has the percentiles it was made from', () => {
    expect(law.shareBetween(0, 80)).toBeCloseTo(0.5, 14)
    expect(law.shareBetween(0, 400)).toBeCloseTo(0.99, 14)
    expect(law.shareBetween(400, everything)).toBeCloseTo(0.01, 14)
  })

  it('keeps its far tail to many digits', () => {
    const sigma = Math.log(5) / normalQuantile(0.99)
    const far = 80 * Math.exp(8 * sigma)
    // The normal distribution beyond 8 standard deviations.
    expect(law.shareBetween(far, everything) / 6.220960574271785e-16).toBeCloseTo(1, 9)
  })

  it('gives every class the mean and the variance of the law inside it', () => {
    let below = 0
    for (const [index, bound] of boundsMs.slice(2, 8).entries()) {
      const low = boundsMs[index + 1]!
      below = law.shareBetween(0, low)
      const until = law.shareBetween(0, bound)
      const mean = momentOf(quantileOf, 1, below, until)
      const variance = momentOf(quantileOf, 2, below, until) - mean ** 2
      expect(law.meanBetweenMs(low, bound) / mean).toBeCloseTo(1, 6)
      expect(law.varianceBetween(low, bound) / variance).toBeCloseTo(1, 4)
    }
  })

  it('has the mean of a log-normal law as a whole', () => {
    const sigma = Math.log(5) / normalQuantile(0.99)
    expect(law.meanBetweenMs(0, everything)).toBeCloseTo(80 * Math.exp(sigma ** 2 / 2), 9)
  })

  it('moves by an added time, as a whole', () => {
    const slower = law.changed({ kind: 'add', ms: 200 })
    expect(slower.shareBetween(0, 280)).toBeCloseTo(0.5, 12)
    expect(slower.shareBetween(0, 600)).toBeCloseTo(0.99, 12)
    expect(slower.shareBetween(0, 200)).toBe(0)
    expect(slower.meanBetweenMs(300, 700)).toBeCloseTo(200 + law.meanBetweenMs(100, 500), 9)
  })

  it('stretches by a factor, and by a percentage in the same way', () => {
    const tripled = law.changed({ kind: 'factor', factor: 3 })
    expect(tripled.shareBetween(0, 240)).toBeCloseTo(0.5, 12)
    const half = law.changed({ kind: 'percent', percent: 50 })
    expect(half.shareBetween(100, 300)).toBeCloseTo(law.shareBetween(100 / 1.5, 200), 12)
  })

  it('applies changes one after the other', () => {
    const first = law.changed({ kind: 'add', ms: 20 }).changed({ kind: 'factor', factor: 2 })
    const second = law.changed({ kind: 'factor', factor: 2 }).changed({ kind: 'add', ms: 20 })
    expect(first.shareBetween(0, 200)).toBeCloseTo(0.5, 12)
    expect(second.shareBetween(0, 180)).toBeCloseTo(0.5, 12)
  })

  it('takes a part of a change while that is growing', () => {
    expect(law.changed({ kind: 'add', ms: 200 }, 0.25).shareBetween(0, 130)).toBeCloseTo(0.5, 12)
    expect(law.changed({ kind: 'factor', factor: 3 }, 0.5).shareBetween(0, 160)).toBeCloseTo(0.5, 12)
  })

  it('can be one and the same time for all answers', () => {
    const fixed = Latency.fromPercentiles(100, 100)
    const { shares, meansMs, variances } = latencyClasses(fixed, [50, 100, 200])
    expect([...shares]).toEqual([0, 1, 0, 0])
    expect(meansMs[1]).toBeCloseTo(100, 12)
    expect(variances[1]).toBeCloseTo(0, 9)
  })
})

describe('Latency classes', () => {
  it('share out all answers', () => {
    const { shares, meansMs } = latencyClasses(law, boundsMs)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14)
    const mean = shares.reduce((sum, share, index) => sum + share * meansMs[index]!, 0)
    expect(mean).toBeCloseTo(law.meanBetweenMs(0, everything), 9)
  })

  it('have means inside their bounds, the ones nobody hits as well', () => {
    const far = latencyClasses(law.changed({ kind: 'add', ms: 60 }), [1e-3, 1, 61, 100, 1e6, 1e9])
    for (const [index, above] of [0, 1e-3, 1, 61, 100, 1e6, 1e9].entries()) {
      if (far.shares[index]! > 0) expect(far.meansMs[index]).toBeGreaterThanOrEqual(above)
    }
    expect(far.variances.every((variance) => variance >= 0)).toBe(true)
  })

  it('are ordered from the likeliest to the rarest', () => {
    const { shares, order, tails } = latencyClasses(law, boundsMs)
    const sorted = [...order].map((index) => shares[index]!)
    expect(sorted).toEqual([...shares].sort((one, other) => other - one))
    expect(tails[0]).toBeCloseTo(1, 14)
    expect(tails[order.length - 1]).toBe(sorted.at(-1))
  })
})
