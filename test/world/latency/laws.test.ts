// Every form of a latency law: its parts against numbers that come from its own distribution function alone.
import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../../src/kernel/normal.js'
import { Tape } from '../../../src/kernel/random.js'
import { Latency } from '../../../src/world/latency/latency.js'
import { latencyClasses } from '../../../src/world/latency/latency-classes.js'
import { drawn, expectContinuousFit, expectMoments } from '../../kernel/goodness.js'

const everything = Number.POSITIVE_INFINITY
const second = { kind: 'add', ms: 1000 } as const
const threefold = { kind: 'factor', factor: 3 } as const

const logNormal = Latency.of({ p50Ms: 40, p99Ms: 200 })
const exponential = Latency.of({ meanMs: 40 })
const quantiles = Latency.of({
  quantiles: [
    { ratio: 0.5, ms: 40 },
    { ratio: 0.9, ms: 90 },
    { ratio: 0.99, ms: 300 },
    { ratio: 0.999, ms: 4000 },
  ],
})
const histogram = Latency.of({
  histogram: [
    { atMostMs: 10, ratio: 0.2 },
    { atMostMs: 50, ratio: 0.7 },
    { atMostMs: 1000, ratio: 0.1 },
  ],
})

const laws: readonly (readonly [string, Latency])[] = [
  ['log-normal', logNormal],
  ['exponential', exponential],
  ['quantiles', quantiles],
  ['histogram', histogram],
  ['always the same', Latency.of({ p50Ms: 40, p99Ms: 40 }).changed({ kind: 'add', ms: 5 })],
  ['changed', exponential.changed(threefold).changed(second, 0.1)],
  ['partly slower', logNormal.partly(0.1, second)],
  ['partly slower twice', histogram.partly(0.3, threefold).partly(0.05, second, 0.5)],
  ['cut by a timeout', quantiles.cappedAt(250).rest!],
  ['cut, then changed', logNormal.partly(0.5, second).cappedAt(1050).rest!.changed(threefold)],
  [
    'in a queue',
    exponential.delayed([
      { share: 0.5, ms: 0 },
      { share: 0.5, ms: 30 },
    ]),
  ],
]

/** E[X^power] of what is above and at most these, from the law's distribution function alone: by parts. */
function momentBetween(law: Latency, power: number, aboveMs: number, atMostMs: number): number {
  const steps = 20_000
  const width = (atMostMs - aboveMs) / steps
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const share = law.shareBetween(aboveMs + step * width, aboveMs + (step + 1) * width)
    sum += share * (aboveMs + (step + 0.5) * width) ** power
  }
  return sum / law.shareBetween(aboveMs, atMostMs)
}

describe.each(laws)('A law that is %s', (name, law) => {
  it('shares out all answers among intervals', () => {
    const edges = [Number.NEGATIVE_INFINITY, 1, 12, 45, 47, 80, 300, 1100, 5000, everything]
    const shares = edges.slice(1).map((edge, index) => law.shareBetween(edges[index]!, edge))
    expect(shares.every((share) => share >= 0)).toBe(true)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('has the mean and the variance of its distribution function in each of them', () => {
    for (const [aboveMs, atMostMs] of [
      [0, 20],
      [20, 60],
      [60, 100],
      [100, 400],
      [400, 3000],
    ] as const) {
      if (law.shareBetween(aboveMs, atMostMs) < 1e-9) continue
      const mean = momentBetween(law, 1, aboveMs, atMostMs)
      const width = atMostMs - aboveMs
      const label = `${name} from ${aboveMs} to ${atMostMs}`
      expect(Math.abs(law.meanBetweenMs(aboveMs, atMostMs) - mean) / width, label).toBeLessThan(3e-5)
      const variance = momentBetween(law, 2, aboveMs, atMostMs) - mean ** 2
      expect(Math.abs(law.varianceBetween(aboveMs, atMostMs) - variance) / width ** 2, label).toBeLessThan(3e-5)
    }
  })

  it('adds up to its whole mean and second moment', () => {
    const { shares, meansMs, variances } = latencyClasses(law, [7, 30, 45, 100, 1000, 9000])
    const sum = (of: (index: number) => number) => shares.reduce((total, share, index) => total + share * of(index), 0)
    expect(sum((index) => meansMs[index]!) / law.meanMs).toBeCloseTo(1, 12)
    expect(sum((index) => meansMs[index]! ** 2 + variances[index]!) / law.secondMoment).toBeCloseTo(1, 10)
  })

  it('has the same in classes as by itself', () => {
    const bounds = [7, 30, 45, 60, 100, 1000, 9000]
    const { shares, meansMs, variances } = latencyClasses(law, bounds)
    for (const [index, aboveMs] of [0, ...bounds].entries()) {
      const atMostMs = bounds[index] ?? everything
      expect(shares[index]).toBeCloseTo(law.shareBetween(aboveMs, atMostMs), 12)
      if (shares[index]! < 1e-12) continue
      const scale = law.meanBetweenMs(aboveMs, atMostMs)
      expect(meansMs[index]! / scale).toBeCloseTo(1, 7)
      expect(Math.abs(variances[index]! - law.varianceBetween(aboveMs, atMostMs)) / scale ** 2).toBeLessThan(1e-6)
    }
  })

  it('has quantiles that undo its shares', () => {
    for (const p of [1e-6, 0.01, 0.25, 0.5, 0.93, 0.99, 0.9999, 1 - 1e-9]) {
      const ms = law.quantile(p)
      expect(law.shareBetween(Number.NEGATIVE_INFINITY, ms), `${p}`).toBeGreaterThanOrEqual(p * (1 - 1e-9))
      expect(law.shareBetween(Number.NEGATIVE_INFINITY, ms * (1 - 1e-9)), `${p}`).toBeLessThanOrEqual(p * (1 + 1e-7))
    }
  })

  it('is what is drawn', () => {
    const seed = `law ${name}`
    const stream = new Tape(seed).stream('draws')
    const draws = drawn(100_000, () => law.sample(stream))
    if (name === 'always the same') return expect(draws.every((ms) => Math.abs(ms - 45) < 1e-12)).toBe(true)
    expectContinuousFit(`seed "${seed}"`, draws, (ms) => law.shareBetween(Number.NEGATIVE_INFINITY, ms))
  })
})

describe('A law', () => {
  it('by two quantiles is the log-normal law of these', () => {
    const two = Latency.of({
      quantiles: [
        { ratio: 0.5, ms: 40 },
        { ratio: 0.99, ms: 200 },
      ],
    })
    for (const ms of [5, 40, 100, 200, 900]) {
      expect(two.shareBetween(ms, everything) / logNormal.shareBetween(ms, everything)).toBeCloseTo(1, 11)
    }
  })

  it('by quantiles has them, and between two its logarithm is a straight line over the normal quantiles', () => {
    for (const [p, ms] of [
      [0.5, 40],
      [0.9, 90],
      [0.99, 300],
      [0.999, 4000],
    ] as const) {
      expect(quantiles.quantile(p)).toBeCloseTo(ms, 8)
    }
    const middle = normalCdf((normalQuantile(0.5) + normalQuantile(0.9)) / 2)
    expect(quantiles.quantile(middle)).toBeCloseTo(Math.sqrt(40 * 90), 8)
  })

  it('by quantiles goes on beyond the outer ones as the log-normal through the first and the last', () => {
    const slope = Math.log(100) / normalQuantile(0.999)
    expect(quantiles.quantile(0.9999)).toBeCloseTo(40 * Math.exp(slope * normalQuantile(0.9999)), 6)
    expect(quantiles.quantile(0.01)).toBeCloseTo(40 * Math.exp(slope * normalQuantile(0.01)), 9)
  })

  it('by equal quantiles takes the same time between them', () => {
    const flat = Latency.of({
      quantiles: [
        { ratio: 0.1, ms: 40 },
        { ratio: 0.9, ms: 40 },
        { ratio: 0.99, ms: 80 },
      ],
    })
    expect(flat.shareBetween(39.999, 40)).toBeCloseTo(0.8, 2)
    expect(flat.quantile(0.5)).toBe(40)
    expect(flat.quantile(0.99)).toBeCloseTo(80, 9)
  })

  it('by histogram is even inside its bars', () => {
    expect(histogram.shareBetween(0, 5)).toBeCloseTo(0.1, 14)
    expect(histogram.shareBetween(30, 1000)).toBeCloseTo(0.45, 14)
    expect(histogram.shareBetween(1000, everything)).toBe(0)
    expect(histogram.meanMs).toBeCloseTo(0.2 * 5 + 0.7 * 30 + 0.1 * 525, 11)
  })

  it('partly changed leaves the other answers as they are', () => {
    const law = logNormal.partly(0.25, second)
    expect(law.shareBetween(0, 40)).toBeCloseTo(0.75 * 0.5, 14)
    expect(law.shareBetween(0, 1040)).toBeCloseTo(0.75 + 0.25 * 0.5, 5)
    expect(law.meanMs).toBeCloseTo(logNormal.meanMs + 250, 10)
    expect(logNormal.partly(0, second)).toBe(logNormal)
    expect(logNormal.partly(1, second).shareBetween(0, 1000)).toBe(0)
  })

  it('with a timeout is what is answered in time', () => {
    const { lateShare, rest } = exponential.cappedAt(60)
    expect(lateShare).toBeCloseTo(Math.exp(-1.5), 14)
    expect(rest!.shareBetween(0, 20)).toBeCloseTo((1 - Math.exp(-0.5)) / (1 - Math.exp(-1.5)), 13)
    expect(rest!.shareBetween(60, everything)).toBe(0)
    // Law of total expectation.
    const late = exponential.meanBetweenMs(60, everything)
    expect(lateShare * late + (1 - lateShare) * rest!.meanMs).toBeCloseTo(40, 11)
    expect(histogram.cappedAt(1000)).toEqual({ lateShare: 0, rest: histogram })
    expect(histogram.changed(second).cappedAt(1000)).toEqual({ lateShare: 1, rest: undefined })
  })

  it('has the moments that books give', () => {
    expect(exponential.secondMoment).toBeCloseTo(2 * 40 ** 2, 9)
    const sigma = Math.log(5) / normalQuantile(0.99)
    expect(logNormal.secondMoment / (1600 * Math.exp(2 * sigma ** 2))).toBeCloseTo(1, 12)
    const stream = new Tape('moments').stream('draws')
    const draws = drawn(200_000, () => exponential.sample(stream))
    expectMoments('exponential', draws, { mean: 40, variance: 1600, fourth: 9 * 1600 ** 2 })
  })

  it('refuses what makes none', () => {
    expect(() => logNormal.partly(1.1, second)).toThrow(RangeError)
    expect(() => logNormal.changed({ kind: 'factor', factor: 0 })).toThrow(RangeError)
    expect(() => logNormal.quantile(2)).toThrow(RangeError)
    expect(() => Latency.of({ quantiles: [{ ratio: 0.5, ms: 40 }] })).toThrow(RangeError)
    expect(() => Latency.of({ histogram: [] })).toThrow(RangeError)
  })
})
