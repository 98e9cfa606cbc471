import { describe, expect, it } from 'vitest'
import { type Stream, Tape } from '../../src/kernel/random.js'
import { Behaviour } from '../../src/world/behaviour.js'
import { BrokenLaw } from '../../src/world/broken-law.js'
import { Flow } from '../../src/world/flow.js'
import { budgetSpentPercent, checkLaws, type Harm } from '../../src/world/harm.js'
import { Latency } from '../../src/world/latency/latency.js'
import { Traffic } from '../../src/world/traffic.js'
import { errors, faultOf, forever, minute, planOf } from './flights.js'
import { audienceOf } from './people.js'

const end = 30 * minute
const harm: Harm = {
  requests: 100,
  failed: 10,
  slow: 5,
  canaryRequests: 40,
  canarySilentSinceMs: undefined,
  exposedRequests: 20,
  excessRequests: 8,
  meanExposedRequests: 20,
  meanExcessRequests: 8,
  users: 50,
  exposedUsers: 15,
  harmedUsers: 7,
  userMinutes: 1,
  budgetSpentPercent: 1,
  peakWeightPercent: 40,
  exposurePossibleMs: 1,
  firstExposedRequestMs: 2,
}

describe('The laws of harm', () => {
  it('hold for numbers that agree', () => {
    expect(() => checkLaws(harm, 100)).not.toThrow()
  })

  it.each([
    ['every answer is counted once', { requests: 99 }],
    ['excess <= bad <= all requests', { excessRequests: 16 }],
    ['excess <= bad <= all requests', { failed: 96 }],
    ['excess <= exposed <= all requests', { exposedRequests: 7 }],
    ['harmed <= exposed <= all users', { exposedUsers: 6 }],
    ['harmed <= exposed <= all users', { users: 14 }],
    ['no user without a request', { exposedUsers: 21 }],
    ['no user without a request', { harmedUsers: 9 }],
    ["the canary's requests <= all requests", { canaryRequests: 101 }],
    ['mean excess <= mean exposed', { meanExcessRequests: 21 }],
    ['mean excess <= mean exposed', { meanExcessRequests: Number.NaN }],
    ['a weight is part of the whole', { peakWeightPercent: 100.1 }],
  ])('name the one that is broken: %s', (law, change) => {
    expect(() => checkLaws({ ...harm, ...change }, 100)).toThrow(BrokenLaw)
    expect(() => checkLaws({ ...harm, ...change }, 100)).toThrow(`Broken law: ${law} (`)
  })
})

describe('The error budget', () => {
  it('is spent by excess requests in proportion to what the objective allows in its window', () => {
    const objective = { ratio: 0.999, windowMs: 30 * 24 * 60 * minute }
    expect(budgetSpentPercent(25_920, 10, objective)).toBeCloseTo(100, 9)
    expect(budgetSpentPercent(0, 0, objective)).toBe(0)
  })
})

describe('A flow', () => {
  it('does not let time go back', () => {
    const flow = new Flow(planOf(), new Tape(1))
    flow.draw(minute)
    expect(() => flow.advance(minute - 1)).toThrow(BrokenLaw)
  })

  it('does not lose requests that a split sends nowhere', () => {
    const flow = new Flow(planOf(), new Tape(1))
    expect(() => flow.split(minute, [0.5, 0.4], [5, 5])).toThrow(BrokenLaw)
    expect(() => flow.split(minute, [Number.NaN, 1], [5, 5])).toThrow(BrokenLaw)
    expect(() => flow.split(minute, [1.5, -0.5], [5, 5])).toThrow(BrokenLaw)
    expect(() => flow.split(minute, [1], [5])).toThrow(BrokenLaw)
  })

  it.each(Array.from({ length: 150 }, (_, seed) => seed))('keeps the laws on a random flight, seed %d', (seed) => {
    const dice = new Tape(`laws ${seed}`).stream('dice')
    const versions = pick(dice, [2, 2, 3])
    const flow = new Flow(randomPlan(versions, dice), new Tape(seed))
    let before = [...flow.cells.counts]
    for (let at = 0; at < end; at += 1 + Math.floor(dice.uniform() ** 3 * 6 * minute)) {
      if (dice.uniform() < 0.5) flow.draw(at)
      else randomSplit(flow, at, versions, dice)
      const now = [...flow.cells.counts]
      expect(before.every((count, index) => count <= now[index]!)).toBe(true)
      before = now
    }
    const flown = flow.finish(end)
    expect(Number.isFinite(flown.meanExcessRequests) && Number.isFinite(flown.userMinutes)).toBe(true)
    expect(flown.exposurePossibleMs === undefined).toBe(flown.meanExposedRequests === 0)
    expect(flown.firstExposedRequestMs === undefined).toBe(flown.exposedRequests === 0)
    expect(flown.firstExposedRequestMs ?? forever).toBeGreaterThanOrEqual(flown.exposurePossibleMs ?? 0)
  })
})

function pick<Value>(dice: Stream, values: readonly Value[]): Value {
  return values[Math.floor(dice.uniform() * values.length)]!
}

function randomPlan(versions: number, dice: Stream) {
  const time = () => Math.floor(dice.uniform() * end)
  const fault = () => {
    const onsetMs = time()
    const times = {
      onsetMs,
      endMs: pick(dice, [forever, onsetMs + time()]),
      rampMs: pick(dice, [0, time()]),
    }
    const change = pick(dice, [{ kind: 'add', ms: 300 } as const, { kind: 'percent', percent: 80 } as const])
    return dice.uniform() < 0.6 ? errors(dice.uniform(), times) : faultOf({ kind: 'latency', change }, times)
  }
  const behaviour = (faults: number) =>
    new Behaviour(
      {
        errorRatio: pick(dice, [0, 0.001, 0.2, 1]),
        latency: Latency.fromPercentiles(50, pick(dice, [50, 120, 900])),
        capacityPerPod: pick(dice, [forever, 5, 30]),
      },
      Array.from({ length: faults }, fault),
    )
  const rate = pick(dice, [0.01, 3, 200, 20_000])
  const times = [0, time(), time(), time()].sort((one, other) => one - other)
  return planOf({
    traffic: new Traffic(times.map((atMs) => ({ atMs, requestsPerSecond: rate * pick(dice, [0, 1, dice.uniform()]) }))),
    behaviours: Array.from({ length: versions }, (_, version) => behaviour(version === 1 ? 2 : 1)),
    audience: audienceOf(pick(dice, [1, 2, 30, 100_000]), dice.uniform() < 0.5 ? 'hash' : 'request'),
    ...(dice.uniform() < 0.5 ? { latencyBoundsMs: [10, 100, 1000] } : {}),
    objective: { ratio: 0.99, windowMs: 1e9, ...(dice.uniform() < 0.5 ? { latencyMs: 120 } : {}) },
    watched: pick(dice, [
      [true, true, true],
      [false, true, false],
    ]).slice(0, versions),
  })
}

function randomSplit(flow: Flow, timeMs: number, versions: number, dice: Stream): void {
  const third = versions > 2 ? pick(dice, [0, 0.2]) : 0
  const canary = (1 - third) * pick(dice, [0, 0.01, 0.3, dice.uniform(), 1])
  const shares = [1 - third - canary, canary, third].slice(0, versions)
  flow.split(
    timeMs,
    shares.map((share) => Math.max(0, share)),
    shares.map(() => pick(dice, [0, 1, 4])),
  )
}
