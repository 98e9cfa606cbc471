import { describe, expect, it } from 'vitest'
import { distinct } from '../../src/kernel/distinct.js'
import { Tape } from '../../src/kernel/random.js'
import { type Discrete, drawn, expectDiscreteFit, expectMoments } from './goodness.js'

describe('distinct users', () => {
  it.each([
    [1, 1],
    [2, 3],
    [10, 5],
    [64, 10],
    [64, 64],
    [64, 1_000],
    [50, 100_000],
  ])('of %s requests among %s users are distributed as if every request had been thrown', (balls, bins) => {
    const stream = new Tape('distinct exact').stream('draws', `${balls} ${bins}`)
    const draws = drawn(50_000, () => distinct(stream, balls, bins))
    expectDiscreteFit(`${balls} into ${bins}, seed "distinct exact"`, draws, occupancy(balls, bins))
  })

  // Above 64 balls the law is fitted: a binomial where most bins or hardly one are hit twice, a normal between.
  it.each([
    [65, 10],
    [65, 26],
    [65, 65],
    [65, 163],
    [65, 100_000],
    [100, 30],
    [200, 2_000],
    [500, 100],
    [500, 500],
    [1_000, 5_000],
    [1_500, 200],
  ])('of %s requests among %s users keep the exact distribution within one percent', (balls, bins) => {
    const stream = new Tape('distinct fitted').stream('draws', `${balls} ${bins}`)
    const draws = drawn(200_000, () => distinct(stream, balls, bins))
    const law = occupancy(balls, bins)
    const seen = new Float64Array(law.probabilities.length)
    for (const draw of draws) seen[draw - law.first]! += 1 / draws.length
    let [truth, found, gap] = [0, 0, 0]
    for (let i = 0; i < seen.length; i++) {
      truth += law.probabilities[i]!
      found += seen[i]!
      gap = Math.max(gap, Math.abs(truth - found))
    }
    expect(gap, `${balls} into ${bins}, seed "distinct fitted"`).toBeLessThan(0.01)
    expectMoments(`${balls} into ${bins}, seed "distinct fitted"`, draws, momentsOf(law))
  })

  it.each([
    [70, 1e9],
    [1e5, 1e6],
    [1e6, 1e6],
    [1e6, 1e5],
    [1e9, 1e8],
    [1e7, 1e12],
  ])('of %s requests among %s users have the exact mean and variance', (balls, bins) => {
    const stream = new Tape('distinct large').stream('draws', `${balls} ${bins}`)
    const missed = drawn(20_000, () => Math.min(balls, bins) - distinct(stream, balls, bins))
    const { mean, variance } = exactMoments(balls, bins)
    expectMoments(`${balls} into ${bins}, seed "distinct large"`, missed, {
      mean,
      variance,
      fourth: variance + 3 * variance * variance,
    })
  })

  it('match requests thrown one by one', () => {
    const [balls, bins] = [3_000, 4_000]
    const stream = new Tape('distinct thrown').stream('balls')
    const draws = drawn(2_000, () => {
      const users = new Set<number>()
      for (let i = 0; i < balls; i++) users.add(Math.floor(stream.uniform() * bins))
      return users.size
    })
    const fitted = new Tape('distinct thrown').stream('fitted')
    const { mean, variance } = exactMoments(balls, bins)
    expectMoments('thrown', draws, { mean: balls - mean, variance })
    const samples = drawn(2_000, () => distinct(fitted, balls, bins))
    expectMoments('fitted', samples, { mean: balls - mean, variance })
  })

  it('are none without requests, one in a single user, and never more than either', () => {
    const stream = new Tape('distinct limits').stream('draws')
    expect([distinct(stream, 0, 0), distinct(stream, 0, 9), distinct(stream, 1, 9)]).toEqual([0, 0, 1])
    expect([distinct(stream, 50, 1), distinct(stream, 5_000, 1)]).toEqual([1, 1])
    for (const [balls, bins] of [
      [65, 2],
      [66, 70],
      [1e9, 3],
      [1e12, 1e15],
      [70, 1e18],
    ] as const) {
      for (let i = 0; i < 200; i++) {
        const hit = distinct(stream, balls, bins)
        expect(hit).toBeGreaterThanOrEqual(1)
        expect(hit).toBeLessThanOrEqual(Math.min(balls, bins))
        expect(Number.isInteger(hit)).toBe(true)
      }
    }
  })

  it('refuse numbers that are no counts, and requests without users', () => {
    const stream = new Tape(1).stream('draws')
    for (const [balls, bins] of [
      [-1, 5],
      [5, -1],
      [1.5, 5],
      [5, 1.5],
      [Number.NaN, 5],
      [5, Number.NaN],
      [5, 0],
    ] as const) {
      expect(() => distinct(stream, balls, bins)).toThrow(RangeError)
    }
  })
})

/** The exact distribution: ball by ball, the next one hits a new bin or an old one. */
function occupancy(balls: number, bins: number): Discrete {
  const most = Math.min(balls, bins)
  const probabilities = new Array<number>(most + 1).fill(0)
  probabilities[0] = 1
  for (let ball = 0; ball < balls; ball++) {
    for (let hit = Math.min(ball + 1, most); hit >= 0; hit--) {
      const fresh = hit > 0 ? probabilities[hit - 1]! * (1 - (hit - 1) / bins) : 0
      probabilities[hit] = probabilities[hit]! * (hit / bins) + fresh
    }
  }
  return { first: 0, probabilities }
}

function momentsOf(law: Discrete): { mean: number; variance: number; fourth: number } {
  const average = (value: (x: number) => number) =>
    law.probabilities.reduce((sum, probability, i) => sum + probability * value(law.first + i), 0)
  const mean = average((x) => x)
  return { mean, variance: average((x) => (x - mean) ** 2), fourth: average((x) => (x - mean) ** 4) }
}

/** Of what is missed: the textbook formulas, in integers of 400 binary places, where nothing cancels. */
function exactMoments(balls: number, bins: number): { mean: number; variance: number } {
  const one = 1n << 400n
  const power = (numerator: number) => {
    let result = one
    let base = (BigInt(numerator) * one) / BigInt(bins)
    for (let n = BigInt(balls); n > 0n; n >>= 1n) {
      if (n & 1n) result = (result * base) >> 400n
      base = (base * base) >> 400n
    }
    return result
  }
  const users = BigInt(bins)
  const empty = users * power(bins - 1)
  const variance = users * (users - 1n) * power(bins - 2) + empty - ((empty * empty) >> 400n)
  const missed = balls < bins ? (BigInt(balls) - users) * one + empty : empty
  const toNumber = (scaled: bigint) => Number(scaled >> 200n) / Number(one >> 200n)
  return { mean: toNumber(missed), variance: toNumber(variance) }
}
