// What a scenario says of its traffic, as the rate over time; the seeds are fixed, the level is one in ten thousand.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import type { ScenarioTraffic } from '../../src/scenario/traffic.js'
import { ShapedTraffic } from '../../src/world/shaped-traffic.js'
import { expectContinuousFit, expectCountsFit, expectMoments } from '../kernel/goodness.js'
import { minute } from './flights.js'

const hour = 60 * minute
const day = 24 * hour
const monday = Date.UTC(2026, 0, 5)

function sourceOf(changes: Partial<ScenarioTraffic>, durationMs = 2 * hour, startsAtMs = monday): ShapedTraffic {
  const points = [{ atMs: 0, ratePerSecond: 100, rampMs: 0 }]
  return new ShapedTraffic({ points, crowds: [], ...changes }, startsAtMs, durationMs)
}

const drawn = (source: ShapedTraffic, seed: number) => source.draw(new Tape(seed))

describe('Traffic without chance', () => {
  it('is made once, and the same for every seed', () => {
    const source = sourceOf({ crowds: [{ atMs: 0, factor: 2, riseMs: 1, holdMs: 1, fallMs: 1, untilMs: 3 }] })
    expect(drawn(source, 1)).toBe(drawn(source, 2))
    expect(source.mean).toBe(drawn(source, 3))
  })

  it('ramps from the rate before', () => {
    const source = sourceOf({
      points: [
        { atMs: 0, ratePerSecond: 100, rampMs: 0 },
        { atMs: 10 * minute, ratePerSecond: 400, rampMs: 5 * minute },
      ],
    })
    expect([9, 12.5, 15, 99].map((at) => source.mean.rateAt(at * minute))).toEqual([100, 250, 400, 400])
  })
})

describe('A week', () => {
  const week = { lowRatio: 0.3, peakMs: 14 * hour, dayRatios: [0.5, 1, 1, 1, 1, 1, 0.6] }

  it('is a cosine over the day, with its crest and its trough where they belong', () => {
    const { mean } = sourceOf({ week }, day)
    expect(mean.rateAt(14 * hour)).toBeCloseTo(100, 9)
    expect(mean.rateAt(2 * hour)).toBeCloseTo(30, 9)
    for (let at = 2 * hour; at < 22 * hour; at += 7 * minute) {
      const swing = (1 + Math.cos(((at - 14 * hour) / day) * 2 * Math.PI)) / 2
      expect(Math.abs(mean.rateAt(at) - (30 + 70 * swing))).toBeLessThan(0.05)
    }
  })

  it('gives each day its part, and turns from one to the next in the four hours around midnight', () => {
    const { mean } = sourceOf({ week }, 8 * day)
    const peaks = Array.from({ length: 8 }, (_, index) => Math.round(mean.rateAt(index * day + 14 * hour)))
    expect(peaks).toEqual([100, 100, 100, 100, 100, 60, 50, 100])
    const plain = sourceOf({ week: { ...week, dayRatios: Array(7).fill(1) as number[] } }, 8 * day).mean
    const part = (timeMs: number) => mean.rateAt(timeMs) / plain.rateAt(timeMs)
    const midnight = 5 * day
    expect([-3, -2, -1, 0, 1, 2, 3].map((at) => Number(part(midnight + at * hour).toFixed(9)))).toEqual([
      1, 1, 0.9, 0.8, 0.7, 0.6, 0.6,
    ])
  })

  it('is the same curve for a scenario that starts later in it', () => {
    const late = 4 * day + 7 * hour + 11 * minute
    const early = sourceOf({ week }, 8 * day).mean
    const { mean } = sourceOf({ week }, 2 * day, monday + late)
    for (let at = 0; at < 2 * day; at += 13 * minute) expect(mean.rateAt(at)).toBeCloseTo(early.rateAt(late + at), 6)
  })
})

describe('A crowd', () => {
  const crowd = {
    atMs: 12 * minute,
    factor: 5,
    riseMs: minute,
    holdMs: 2 * minute,
    fallMs: 10 * minute,
    untilMs: 25 * minute,
  }
  const { mean } = sourceOf({ crowds: [crowd] })

  it('comes in a straight line, stays, and is gone at the end of its fall', () => {
    expect([0, 12, 12.5, 13, 15, 25, 60].map((at) => mean.rateAt(at * minute))).toEqual([
      100, 100, 300, 500, 500, 100, 100,
    ])
  })

  it('goes exponentially: a tenth is left at half time', () => {
    expect((mean.rateAt(20 * minute) - 100) / 400).toBeCloseTo(0.0909, 3)
    for (let at = 15; at < 25; at += 0.1) {
      const left = (100 ** (-(at - 15) / 10) - 0.01) / 0.99
      expect(Math.abs(mean.rateAt(at * minute) - 100 - 400 * left)).toBeLessThan(0.0105 * 400 * (left + 0.01))
    }
  })

  it('may meet another: their factors multiply', () => {
    const both = sourceOf({ crowds: [crowd, { ...crowd, factor: 2 }] }).mean
    expect(both.rateAt(14 * minute)).toBeCloseTo(1000, 9)
  })
})

describe('Bursts', () => {
  const bursts = { factor: 4, everyMs: 10 * minute, forMs: minute }
  const source = sourceOf({ bursts }, 1000 * hour)
  const rates = drawn(source, 7)
  const edges = edgesOf(rates)

  it('last, and are apart, exponentially distributed times', () => {
    const lengths = (rate: number) =>
      edges.slice(1, -1).flatMap((atMs, index) => (rates.rateAt(atMs) === rate ? [edges[index + 2]! - atMs] : []))
    const exponential = (mean: number) => (x: number) => 1 - Math.exp(-x / mean)
    expect(lengths(400).length).toBeGreaterThan(5000)
    expectContinuousFit('bursts', lengths(400), exponential(minute))
    expectContinuousFit('calm', lengths(100), exponential(9 * minute))
    expectMoments('bursts', lengths(400), { mean: minute, variance: minute ** 2, fourth: 9 * minute ** 4 })
  })

  it('have been going on when the scenario starts', () => {
    const short = sourceOf({ bursts }, 1)
    const first = [0, 0]
    for (let seed = 0; seed < 4000; seed++) first[drawn(short, seed).rateAt(0) === 400 ? 1 : 0]! += 1
    expectCountsFit('state at the start', first, [0.9, 0.1])
  })

  it('have the mean that is expected of them', () => {
    expect(source.mean.rateAt(0)).toBeCloseTo(130, 9)
    const short = sourceOf({ bursts }, hour)
    const means = Array.from({ length: 4000 }, (_, seed) => drawn(short, seed).integral(0, hour) / 3600)
    expectMean(means, 130)
  })
})

describe('Noise', () => {
  const noise = { deviationRatio: 0.3, everyMs: 5 * minute }
  const source = sourceOf({ noise }, hour)
  const flights = Array.from({ length: 4000 }, (_, seed) => drawn(source, seed))

  it('is log-normal at its knots, with mean 1 and the deviation asked for', () => {
    const variance = Math.log(1 + 0.09)
    for (const atMs of [0, minute, 31 * minute]) {
      const logs = flights.map((rates) => Math.log(rates.rateAt(atMs) / 100))
      expectMoments(`logarithms at ${atMs}`, logs, { mean: -variance / 2, variance })
      expectMean(
        flights.map((rates) => rates.rateAt(atMs)),
        100,
      )
    }
    expect(source.mean.rateAt(0)).toBe(100)
  })

  it('has forgotten all but 1/e of it after the time it is given', () => {
    const variance = Math.log(1 + 0.09)
    const products = flights.map((rates) => {
      const one = Math.log(rates.rateAt(10 * minute) / 100) + variance / 2
      const other = Math.log(rates.rateAt(15 * minute) / 100) + variance / 2
      return (one * other) / variance
    })
    expectMean(products, 1 / Math.E)
  })

  it('draws from a stream of its own: bursts beside it stay where they are', () => {
    const bursts = { factor: 4, everyMs: 10 * minute, forMs: minute }
    const both = drawn(sourceOf({ noise, bursts }, hour), 3)
    const alone = drawn(sourceOf({ bursts }, hour), 3)
    const calm = drawn(sourceOf({ noise }, hour), 3)
    for (let at = 0; at < hour; at += 10_000) {
      expect(both.rateAt(at)).toBeCloseTo((alone.rateAt(at) * calm.rateAt(at)) / 100, 6)
    }
  })
})

describe('A replayed log', () => {
  const replay = { file: 'access.log', format: 'common', scale: 1, atMs: 2000, counts: [5, 0, 7] } as const

  it('is so many requests in each second, from where it begins', () => {
    const { mean } = sourceOf({ points: [], replay })
    expect([0, 2000, 3000, 4000, 5000, 9000].map((timeMs) => mean.arrivals!.countBefore(timeMs))).toEqual([
      0, 0, 5, 5, 12, 12,
    ])
  })

  it('is multiplied by a crowd, and still a whole number in each second', () => {
    const crowds = [{ atMs: 3000, factor: 2.5, riseMs: 0, holdMs: 2000, fallMs: 0, untilMs: 5000 }]
    const { mean } = sourceOf({ points: [], replay: { ...replay, counts: [5, 3, 7, 1] }, crowds })
    expect([2000, 3000, 4000, 5000, 6000].map((timeMs) => mean.arrivals!.countBefore(timeMs))).toEqual([
      0, 5, 13, 30, 31,
    ])
  })

  it('must have been read', () => {
    const { counts: _, ...unread } = replay
    expect(() => sourceOf({ points: [], replay: unread })).toThrow('the log access.log has not been read')
  })
})

function edgesOf(traffic: { changesAfter(timeMs: number): number }): number[] {
  const edges = [0]
  for (let at = traffic.changesAfter(0); at < Number.POSITIVE_INFINITY; at = traffic.changesAfter(at)) edges.push(at)
  return edges
}

function expectMean(draws: readonly number[], expected: number): void {
  const n = draws.length
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / n
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (n - 1)
  expect(Math.abs(mean - expected) / Math.sqrt(variance / n)).toBeLessThan(4)
}
