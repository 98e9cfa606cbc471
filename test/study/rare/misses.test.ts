// Misses that nobody would live to see, against closed forms: checks whose windows share no requests (see
// test/run/polling-closed-form.test.ts for why these are exact here).
import { describe, expect, it } from 'vitest'
import { chanceOfFailure, chanceOfMoreFailures } from '../../../src/judge/polling.js'
import { LuckyFlights } from '../../../src/run/lucky-flights.js'
import type { Plan } from '../../../src/run/plan.js'
import { Simulation } from '../../../src/run/simulation.js'
import type { LuckyCrew } from '../../../src/study/crew.js'
import { LuckPilot } from '../../../src/study/rare/luck-task.js'
import { isWithin, type Misses, studyMisses } from '../../../src/study/rare/misses.js'
import { planOf, rollout, template } from '../../run/plans.js'

const threshold = 0.050001
const checks = 5

interface Case {
  readonly ratePerSecond: number
  readonly errorRatio: number
  readonly failureLimit: number
}

function polled(
  { ratePerSecond, errorRatio, failureLimit }: Case,
  faults = `[{on: canary, errors: ${100 * errorRatio}%}]`,
) {
  return planOf(
    `
teaches: A policy whose checks share nothing.
policy: policy.yaml
release: {at: 30s, image: "shop:2"}
duration: 10m
traffic: {rate: ${ratePerSecond}/s}
service: {stable: {errors: 0%, start: 5s}}
faults: ${faults}
observability:
  metrics:
    - {name: asked_total, counts: requests, at: gateway, labels: {version: $version}, fromStart: true}
    - {name: answered_total, counts: successes, at: gateway, labels: {version: $version}, fromStart: true}
`,
    rollout(
      5,
      `steps: [{setWeight: 20}, {pause: {duration: 90s}}, {analysis: {templates: [{templateName: errors}]}}]`,
    ) +
      template(
        'errors',
        `count: ${checks}\n      interval: 90s\n      failureLimit: ${failureLimit}\n      successCondition: result[0] <= ${threshold}`,
        '1 - sum(rate(answered_total{version="canary"}[1m])) / sum(rate(asked_total{version="canary"}[1m]))',
      ),
  )
}

function chanceOfMiss({ ratePerSecond, errorRatio, failureLimit }: Case): number {
  const fails = chanceOfFailure(ratePerSecond * 0.2 * 45, errorRatio, { ratio: threshold, isIncluded: false })
  return 1 - chanceOfMoreFailures(failureLimit, Array<number>(checks).fill(fails))
}

const seedsFrom = (first: number, runs: number) => Array.from({ length: runs }, (_, index) => first + index)

function study(plan: Plan, precision: number, signal = new AbortController().signal): Promise<Misses> {
  const pilot = new LuckPilot(plan)
  const crew: LuckyCrew = {
    size: 1,
    tryLuck: async (task, { seed, runs }) => pilot.fly(task, seedsFrom(seed, runs), () => {}),
  }
  const recipe = { scenario: 'test.yaml', audience: {}, files: new Map() }
  const about = { version: '0', name: 'test', teaches: 'It.', seed: 1, confidence: 0.95 }
  return studyMisses({ ...about, recipe, isEnough: isWithin(precision), signal, told: () => {} }, crew)
}

describe.each<Case>([
  { ratePerSecond: 20, errorRatio: 0.1, failureLimit: 0 },
  { ratePerSecond: 10, errorRatio: 0.12, failureLimit: 1 },
])('at $ratePerSecond/s and $errorRatio of errors, with failureLimit $failureLimit', (each) => {
  it('it is missed as rarely as the closed form says, within four standard errors', async () => {
    const expected = chanceOfMiss(each)
    expect(expected).toBeLessThan(1e-6)
    const { missed, by, plain, plainRuns } = await study(polled(each), 1)
    expect({ by, plain }).toEqual({ by: 'swarms', plain: { runs: 2000, missed: 0 } })
    // The interval is one of the logarithm.
    const standardError = Math.log(missed.high! / missed.value) / 2.13
    const distance = Math.abs(Math.log(missed.value / expected)) / standardError
    expect(distance, `${missed.value}, expected ${expected}`).toBeLessThan(4)
    expect(missed.high! / missed.value).toBeLessThanOrEqual(2)
    expect(plainRuns).toBeGreaterThan(1e6)
  })
})

it('what is missed by chance often enough to be seen needs no luck', async () => {
  const each = { ratePerSecond: 4, errorRatio: 0.06, failureLimit: 1 }
  const { by, missed, plain, luck } = await study(polled(each), 0.5)
  expect(by).toBe('plain')
  expect(luck).toEqual([])
  expect(missed.value).toBe(plain.missed / plain.runs)
  expect(missed.low).toBeLessThan(chanceOfMiss(each))
  expect(missed.high).toBeGreaterThan(chanceOfMiss(each))
})

it('where no luck of answers helps, flights by chance bound it', async () => {
  const plan = polled({ ratePerSecond: 4, errorRatio: 0, failureLimit: 0 }, '[{on: canary, crashLoop: true}]')
  const { by, missed } = await study(plan, 0.5)
  expect(by).toBe('bound')
  expect(missed).toMatchObject({ value: 0, low: 0 })
  expect(missed.high).toBeCloseTo(3.69 / 2000, 4)
}, 60_000)

it('interrupted, it says what was finished', async () => {
  const stop = new AbortController()
  stop.abort()
  const { by, plain, flights } = await study(
    polled({ ratePerSecond: 4, errorRatio: 0.2, failureLimit: 1 }),
    0.5,
    stop.signal,
  )
  expect({ by, plain, flights }).toEqual({ by: 'bound', plain: { runs: 0, missed: 0 }, flights: 0 })
})

describe('a flight', () => {
  const plan = polled({ ratePerSecond: 20, errorRatio: 0.06, failureLimit: 1 })

  it('is what it is by chance where nothing is tilted', () => {
    const simulation = new Simulation(plan)
    const flights = new LuckyFlights(plan)
    for (let seed = 0; seed < 100; seed++) {
      expect(flights.fly({ seed, turns: [] }, undefined).isMissed).toBe(simulation.fly(seed).missed)
    }
  })

  it('under a tilt stands for as many as its weight says: 1 on average', () => {
    const flights = new LuckyFlights(plan)
    const tilt = new Float64Array(flights.luck.size).fill(1)
    // Errors of the canary, in the stages of the first check.
    for (const stage of [7, 8]) tilt[(2 * stage + 1) * flights.luck.kinds] = 0.8
    const weights = Array.from({ length: 2000 }, (_, seed) => {
      const { likelihoods, stoppedAt } = flights.fly({ seed, turns: [] }, tilt)
      return Math.exp(-likelihoods[Math.min(stoppedAt, likelihoods.length - 1)]!)
    })
    const average = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    const variance = weights.reduce((sum, weight) => sum + (weight - average) ** 2, 0) / (weights.length - 1)
    expect(variance).toBeGreaterThan(0.001)
    expect(Math.abs(average - 1)).toBeLessThan(4 * Math.sqrt(variance / weights.length))
  })
})
