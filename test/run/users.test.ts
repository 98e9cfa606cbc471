// Whole flights with segments, routes, unequal activity and routers that treat users differently.
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { activityClasses } from '../../src/world/activity.js'
import { planOf, rollout, tryPlan } from './plans.js'

const firstSeed = 30_000
const seeds = 300

function scenario(traffic: string): string {
  return `
teaches: People differ.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 12m
traffic: {rate: 50/s, ${traffic}}
service: {stable: {errors: 0%, start: 10s}}
faults: [{on: canary, errors: 10%}]
`
}

const plans = 'segments: {plan: {free: 90%, paid: {share: 10%, activity: 5, headers: {x-plan: paid}}}}'
const betaSteps = (value: string) =>
  `steps: [{setCanaryScale: {replicas: 2}}, {setHeaderRoute: {name: beta, match: [{headerName: X-Plan, headerValue: {${value}}}]}}, {pause: {}}]`
const beta = (value = 'exact: paid') =>
  rollout(5, betaSteps(value)).replace('trafficRouting: {', 'trafficRouting: {managedRoutes: [{name: beta}], ')

const outcomes = (traffic: string, policy: string) => {
  const simulation = new Simulation(planOf(scenario(traffic), policy))
  return Array.from({ length: seeds }, (_, seed) => simulation.fly(firstSeed + seed))
}

describe('A header route', () => {
  it('takes all requests of those who send the header, and none of others', () => {
    const all = outcomes(`users: 1k, ${plans}`, beta())
    for (const { blastRadius } of all) {
      expect(blastRadius.users.exposed).toBe(100)
      // Their part of the requests: 100 users with five requests for each one of 900.
      expect(blastRadius.peakWeightPercent).toBeCloseTo((100 * 500) / 1400, 5)
    }
  })

  it('by a value that nobody sends takes nothing, and that is told', () => {
    const { plan, problems } = tryPlan(scenario(`users: 1k, ${plans}`), beta('exact: gold'))
    expect(problems.map(({ code }) => code)).toEqual(['route-not-taken'])
    expect(new Simulation(plan!).fly(1).blastRadius.users.exposed).toBe(0)
  })

  it('that is taken is nothing to tell of', () => {
    expect(tryPlan(scenario(`users: 1k, ${plans}`), beta('prefix: pa')).problems).toEqual([])
  })

  it('of one route takes none of the others: users are reached by what they do', () => {
    const routes = 'routes: {checkout: {share: 20%, headers: {x-plan: paid}}, browse: 80%}'
    for (const { blastRadius } of outcomes(`users: 10k, sticky: hash, ${routes}`, beta()).slice(0, 20)) {
      expect(blastRadius.peakWeightPercent).toBeCloseTo(20, 5)
      // A fifth of 50 a second for ten minutes comes to 6,000 requests, from any of the users.
      expect(blastRadius.users.exposed).toBeGreaterThan(4000)
      expect(blastRadius.users.exposed).toBeLessThan(5000)
    }
  })
})

describe('Users who differ in activity', () => {
  const steps = 'steps: [{setWeight: 20}, {pause: {}}]'

  it.each([
    ['gamma', '{shape: 0.5}', { kind: 'gamma', shape: 0.5 }],
    ['log-normal', '{p50: 1, p99: 30}', { kind: 'log-normal', p50: 1, p99: 30 }],
  ] as const)('are harmed as their law says, %s', (_, written, activity) => {
    const count = 5600
    const all = outcomes(`users: {count: 5600, activity: ${written}}`, rollout(5, steps))
    const excess = mean(all.map(({ blastRadius }) => blastRadius.requests.excess))
    const expected = activityClasses(activity).reduce((sum, one) => {
      return sum + one.share * -Math.expm1((-excess / count) * one.activity)
    }, 0)
    expectMean(
      all.map(({ blastRadius }) => blastRadius.users.harmed),
      count * expected,
    )
  })
})

describe('Cookies', () => {
  it('ask for single requests', () => {
    const { plan, problems } = tryPlan(
      scenario('users: 1k, sticky: {cookie: 1h}'),
      rollout(5, 'steps: [{setWeight: 20}]'),
    )
    expect(problems).toEqual([])
    expect(plan!.fidelity.fidelity).toBe('request')
  })
})

function mean(draws: readonly number[]): number {
  return draws.reduce((sum, draw) => sum + draw, 0) / draws.length
}

/** Within four standard errors. */
function expectMean(draws: readonly number[], expected: number): void {
  const centre = mean(draws)
  const variance = mean(draws.map((draw) => (draw - centre) ** 2))
  const off = Math.abs(centre - expected) / Math.sqrt(variance / draws.length)
  expect(
    off,
    `mean ${centre} of seeds ${firstSeed} to ${firstSeed + draws.length - 1}, expected ${expected}`,
  ).toBeLessThan(4)
}
