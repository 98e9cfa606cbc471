// Whole flights against the closed forms of exposure: over 1,000 seeds the means agree within four standard errors.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import type { Plan } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { growthAt } from '../../src/world/course.js'
import { planOf, rollout } from './plans.js'

const seeds = 1000
const firstSeed = 20_000

// Pods always start in the same time and nothing is measured, so the course of the flight is the same for every seed.
const steps = 'steps: [{setWeight: 10}, {pause: {duration: 3m}}, {setWeight: 40}, {pause: {duration: 2m}}]'
const scenario = (more: string) => `
teaches: A flight whose harm has a closed form.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 15m
${more}
`

const cases = [
  {
    name: 'constant traffic, a constant fault',
    more: 'traffic: {rate: 50/s, users: 2k}\nservice: {stable: {errors: 1%, start: 10s}}\nfaults: [{on: canary, errors: 5%}]',
  },
  {
    name: 'ramping traffic, a ramping fault',
    more: `traffic: {rate: [{at: 0s, rate: 20/s}, {at: 3m, rate: 80/s, ramp: 4m}], users: 2k}
service: {stable: {errors: 1%, start: 10s}}
faults: [{on: canary, onset: 1m, ramp: 3m, errors: 6%}]`,
  },
  {
    name: 'traffic in steps, a fault for a while',
    more: `traffic: {rate: [{at: 0s, rate: 30/s}, {at: 4m, rate: 90/s}, {at: 6m, rate: 10/s}], users: 2k}
service: {stable: {errors: 1%, start: 10s}}
faults: [{on: canary, onset: 30s, for: 5m, errors: 8%}]`,
  },
]

describe.each(cases)('$name', ({ more }) => {
  const plan = planOf(scenario(more), rollout(5, steps))
  const outcomes = flyAll(plan)
  const weights = weightsOf(plan)

  it('hurts as many requests as the integral of rate, weight and excess says', () => {
    const expected = harmBetween(plan, weights, 0, plan.scenario.durationMs)
    expectMean(
      outcomes.map(({ blastRadius }) => blastRadius.requests.excess),
      expected,
    )
  })

  it('hurts as many users as requests that pick one anew each time', () => {
    const { count: users } = plan.scenario.traffic.users
    const expected = users * -Math.expm1(-harmBetween(plan, weights, 0, plan.scenario.durationMs) / users)
    expectMean(
      outcomes.map(({ blastRadius }) => blastRadius.users.harmed),
      expected,
    )
  })

  it('hurts fewer users when each stays where a hash of it lies, whatever the requests', () => {
    const sticky = planOf(scenario(more.replace('users: 2k', 'users: 2k, sticky: true')), rollout(5, steps))
    const expected = stickyHarm(sticky, weights)
    const harmed = flyAll(sticky).map(({ blastRadius }) => blastRadius.users.harmed)
    expectMean(harmed, expected)
  })
})

interface Weight {
  readonly fromMs: number
  readonly share: number
}

function flyAll(plan: Plan) {
  const simulation = new Simulation(plan)
  return Array.from({ length: seeds }, (_, index) => simulation.fly(firstSeed + index))
}

/** The canary's share of the requests over time, as the flight recorded it. */
function weightsOf(plan: Plan): readonly Weight[] {
  const changes = flyRecorded(plan, firstSeed).timeline.flatMap((entry) =>
    entry.what === 'traffic' ? [{ fromMs: entry.atMs, share: entry.actualWeightPercent / 100 }] : [],
  )
  return [{ fromMs: 0, share: 0 }, ...changes]
}

/** Mean requests in excess, by the midpoint rule on a grid so fine that its error is far below the sampling error. */
function harmBetween(plan: Plan, weights: readonly Weight[], fromMs: number, untilMs: number, least = 0): number {
  const stepMs = 50
  let harm = 0
  for (let timeMs = fromMs; timeMs < untilMs; timeMs += stepMs) {
    const middleMs = timeMs + stepMs / 2
    const share = weights.findLast((weight) => weight.fromMs <= middleMs)!.share
    if (share > least) harm += ((rateAt(plan, middleMs) * stepMs) / 1000) * share * excessAt(plan, middleMs)
  }
  return harm
}

/** Users below a weight are hit while it is in force: those of each slice by the steps at or above it. */
function stickyHarm(plan: Plan, weights: readonly Weight[]): number {
  const { count: users } = plan.scenario.traffic.users
  const edges = [...new Set(weights.map(({ share }) => share))].sort((a, b) => a - b)
  let harmed = 0
  for (let slice = 1; slice < edges.length; slice++) {
    const size = users * (edges[slice]! - edges[slice - 1]!)
    let hits = 0
    for (const [index, { fromMs, share }] of weights.entries()) {
      if (share < edges[slice]!) continue
      const untilMs = weights[index + 1]?.fromMs ?? plan.scenario.durationMs
      hits += harmBetween(plan, weights, fromMs, untilMs) / (users * share)
    }
    harmed += size * -Math.expm1(-hits)
  }
  return harmed
}

function rateAt(plan: Plan, timeMs: number): number {
  const { points } = plan.scenario.traffic
  let rate = points[0]!.ratePerSecond
  for (const { atMs, ratePerSecond, rampMs } of points) {
    if (timeMs < atMs) break
    rate += (ratePerSecond - rate) * (rampMs === 0 ? 1 : Math.min(1, (timeMs - atMs) / rampMs))
  }
  return rate
}

/** Errors of the version and of the fault are independent: (1 - e)f in excess of e. */
function excessAt(plan: Plan, timeMs: number): number {
  const [fault] = plan.faults
  const growth = growthAt(fault!, timeMs)
  const ratio = fault!.effect.kind === 'errors' ? fault!.effect.ratio : 0
  return (1 - plan.scenario.service.stable.errorRatio) * ratio * growth
}

function expectMean(values: readonly number[], expected: number): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const standardErrors = (mean - expected) / Math.sqrt(variance / values.length)
  const told = `mean ${mean} of seeds ${firstSeed} to ${firstSeed + seeds - 1}, expected ${expected}`
  expect(Math.abs(standardErrors), told).toBeLessThan(4)
}
