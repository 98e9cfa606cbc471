// The parts that requests one by one are made of, each held against what it claims.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../src/kernel/random.js'
import { Latency } from '../../../src/world/latency/latency.js'
import { latencyClasses } from '../../../src/world/latency/latency-classes.js'
import { Arrivals } from '../../../src/world/requests/arrivals.js'
import { ReachedUsers } from '../../../src/world/requests/reached-users.js'
import { Times } from '../../../src/world/requests/times.js'
import { Waiting } from '../../../src/world/requests/waiting.js'
import { Traffic } from '../../../src/world/traffic.js'
import { drawn, expectContinuousFit, expectDiscreteFit, expectMoments } from '../../kernel/goodness.js'

const traffic = new Traffic([
  { atMs: 0, requestsPerSecond: 30 },
  { atMs: 1000, requestsPerSecond: 30 },
  { atMs: 3000, requestsPerSecond: 0 },
  { atMs: 4000, requestsPerSecond: 0 },
  { atMs: 5000, requestsPerSecond: 60 },
])

/** The instants until then, followed from change to change. */
function instants(seed: string, untilMs: number): number[] {
  const arrivals = new Arrivals(traffic, new Tape(seed))
  const all: number[] = []
  for (let timeMs = 0; timeMs < untilMs; timeMs = traffic.changesAfter(timeMs)) {
    arrivals.follow(timeMs)
    for (const endMs = Math.min(untilMs, traffic.changesAfter(timeMs)); arrivals.nextMs < endMs; arrivals.take()) {
      all.push(arrivals.nextMs)
    }
  }
  return all
}

describe('Arrivals', () => {
  it('lie where the integral of the rate says, while it is level, falls, rests at nothing and rises', () => {
    const all = Array.from({ length: 2000 }, (_, seed) => instants(`arrivals ${seed}`, 6000)).flat()
    const mean = traffic.integral(0, 6000)
    expectContinuousFit('seeds arrivals 0 to 1999', all, (timeMs) => traffic.integral(0, timeMs) / mean)
    expect(all.some((timeMs) => timeMs > 3000 && timeMs < 4000)).toBe(false)
  })

  it('are Poisson in number', () => {
    const counts = Array.from({ length: 4000 }, (_, seed) => instants(`arrivals ${seed}`, 6000).length)
    const mean = traffic.integral(0, 6000)
    expectMoments('seeds arrivals 0 to 3999', counts, { mean, variance: mean, fourth: mean + 3 * mean * mean })
    let probability = Math.exp(-mean)
    const probabilities = Array.from({ length: 400 }, (_, count) => {
      if (count > 0) probability *= mean / count
      return probability
    })
    expectDiscreteFit('seeds arrivals 0 to 3999', counts, { first: 0, probabilities })
  })

  it('are the same wherever the same line is cut into more of them', () => {
    const cut = (cutsMs: readonly number[]) => {
      const line = new Traffic([
        { atMs: 0, requestsPerSecond: 30 },
        { atMs: 5000, requestsPerSecond: 80 },
      ])
      const arrivals = new Arrivals(line, new Tape('cut'))
      const all: number[] = []
      for (const [index, startMs] of cutsMs.entries()) {
        arrivals.follow(startMs)
        for (; arrivals.nextMs < (cutsMs[index + 1] ?? 5000); arrivals.take()) all.push(arrivals.nextMs)
      }
      return all
    }
    const whole = cut([0])
    const pieces = cut([0, 17, 400, 401, 3333])
    expect(pieces.length).toBe(whole.length)
    for (const [index, timeMs] of whole.entries()) expect(pieces[index]).toBeCloseTo(timeMs, 6)
  })
})

describe('Times within classes', () => {
  const boundsMs = Float64Array.from([10, 50, 100, 1000])
  it.each([
    ['wide', Latency.fromPercentiles(60, 900)],
    ['narrow', Latency.fromPercentiles(45, 60)],
    ['always the same', Latency.fromPercentiles(70, 70)],
    ['exponential', Latency.of({ meanMs: 200 })],
  ])('have the mean and the variance of the law there, and stay inside: %s', (name, law) => {
    const classes = latencyClasses(law, boundsMs)
    const times = new Times(boundsMs)
    const stream = new Tape('times').stream('draws', name)
    for (const [index, share] of classes.shares.entries()) {
      if (share < 1e-6) continue
      times.set(index, classes, index)
      const draws = drawn(4000, () => times.draw(stream, index))
      const [mean, variance] = [classes.meansMs[index]!, classes.variances[index]!]
      const leastMs = (boundsMs[index - 1] ?? 0) - 1e-9
      const mostMs = (boundsMs[index] ?? Number.POSITIVE_INFINITY) + 1e-9
      expect(draws.filter((ms) => !(ms >= leastMs && ms <= mostMs))).toEqual([])
      const error = 4 * Math.sqrt(variance / draws.length) + 1e-9 * mean
      expect(Math.abs(draws.reduce((sum, ms) => sum + ms, 0) / draws.length - mean)).toBeLessThanOrEqual(error)
      const [shortest, longest] = [Math.min(...draws), Math.max(...draws)]
      // Of two values with this mean the variance is the product of the ways to them.
      if (longest > shortest) expect((longest - mean) * (mean - shortest)).toBeCloseTo(variance, 4)
    }
  })

  it('are none where nothing takes time', () => {
    const times = new Times(boundsMs)
    times.set(200, undefined, 0)
    expect(times.draw(new Tape(1).stream('draws'), 200)).toBe(0)
  })
})

describe('Users who are reached', () => {
  it('are counted once each, as a set would', () => {
    const reached = new ReachedUsers(1000)
    const [exposed, harmed] = [new Set<number>(), new Set<number>()]
    const stream = new Tape('reached').stream('draws')
    for (let request = 0; request < 3000; request++) {
      const user = Math.floor(stream.uniform() * 1000)
      const isHarmed = stream.uniform() < 0.2
      reached.add(user, isHarmed)
      exposed.add(user)
      if (isHarmed) harmed.add(user)
    }
    expect([reached.exposed, reached.harmed]).toEqual([exposed.size, harmed.size])
    reached.reset()
    reached.add(999, true)
    expect([reached.exposed, reached.harmed]).toEqual([1, 1])
  })

  it('are refused where there are none, or too many', () => {
    for (const users of [0, 1.5, 2 ** 32]) expect(() => new ReachedUsers(users)).toThrow(RangeError)
  })
})

describe('Clients who wait', () => {
  it('give up in the order in which they came, however many there are', () => {
    const waiting = new Waiting()
    const gone: number[] = []
    for (let timeMs = 0; timeMs < 2000; timeMs++) {
      waiting.add(timeMs + 300, timeMs)
      if (timeMs % 37 !== 0) continue
      for (let cell = waiting.next(timeMs); cell !== undefined; cell = waiting.next(timeMs)) gone.push(cell)
      expect(gone.length + waiting.count).toBe(timeMs + 1)
      expect(waiting.countOf(new Set([timeMs, 0]))).toBe(gone.length > 0 ? 1 : timeMs === 0 ? 1 : 2)
    }
    expect(gone).toEqual(gone.map((_, index) => index))
    expect(gone.length).toBeGreaterThan(1600)
    waiting.clear()
    expect(waiting.next(Number.POSITIVE_INFINITY)).toBe(undefined)
  })
})
