// Flights of policies whose windows share nothing, against closed forms: how often a good release is stopped, how often a
// bad one is missed, and after how many checks it is stopped agree within four standard errors.
//
// The closed forms are exact here, and only here, because
// - requests come by chance at a constant rate, and all checks are made while the weight is the same;
// - a window of 60 s over scrapes every 15 s (no jitter, one target: the gateway) holds four samples, whenever it is
//   looked at, as it is open on the left: `rate` is the increase over the 45 s between the first and the last of them. The
//   closed form is of 45 s of requests therefore, not of 60;
// - the next check comes 90 s later, more than a window and a scrape: no request is counted twice;
// - all series of one target have samples at the same instants, so that extrapolation is one factor for both sides of the
//   quotient and cancels. The counters are far enough from 0 by then that it isn't cut short at 0;
// - both sides of the quotient are one series each, there from the start: a series of errors that begins with the first
//   of them hides it from every rate, and from a sum that it is part of;
// - no share of so few requests is the threshold itself, where rounding would decide.
import { describe, expect, it } from 'vitest'
import { chanceInARow, chanceOfFailure, chanceOfMoreFailures } from '../../src/judge/polling.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template } from './plans.js'

const seeds = 1000
const firstSeed = 70_000

const threshold = 0.050001
const checks = 5
const intervalMs = 90_000
const weight = 20

/** What one check counts on average. */
const requestsAt = (ratePerSecond: number) => ratePerSecond * (weight / 100) * 45

interface Case {
  readonly ratePerSecond: number
  readonly errorRatio: number
  readonly failureLimit: number
}

const cases: readonly Case[] = [
  { ratePerSecond: 20, errorRatio: 0.03, failureLimit: 0 },
  { ratePerSecond: 20, errorRatio: 0.05, failureLimit: 1 },
  { ratePerSecond: 20, errorRatio: 0.06, failureLimit: 2 },
  { ratePerSecond: 4, errorRatio: 0.01, failureLimit: 0 },
  { ratePerSecond: 4, errorRatio: 0.05, failureLimit: 3 },
  { ratePerSecond: 60, errorRatio: 0.07, failureLimit: 4 },
]

describe.each(cases)('at $ratePerSecond/s and $errorRatio of errors, with failureLimit $failureLimit', (each) => {
  it('as many releases are stopped by each of the checks, and by all of them', () => {
    const { ratePerSecond, errorRatio, failureLimit } = each
    const outcomes = fly(each, `failureLimit: ${failureLimit}`)
    const fails = chanceOfFailure(requestsAt(ratePerSecond), errorRatio, { ratio: threshold, isIncluded: false })
    for (let by = failureLimit + 1; by <= checks; by++) {
      const expected = chanceOfMoreFailures(failureLimit, Array<number>(by).fill(fails))
      expectShare(outcomes, (stoppedAt) => stoppedAt !== undefined && stoppedAt <= by, expected)
    }
  })
})

describe.each([
  { ratePerSecond: 20, errorRatio: 0.045, inARow: 2 },
  { ratePerSecond: 20, errorRatio: 0.05, inARow: 3 },
  { ratePerSecond: 4, errorRatio: 0.05, inARow: 2 },
])('at $ratePerSecond/s and $errorRatio of errors, with $inARow successes in a row to reach', (each) => {
  it('as many releases never reach them', () => {
    const { ratePerSecond, errorRatio, inARow } = each
    const fails = chanceOfFailure(requestsAt(ratePerSecond), errorRatio, { ratio: threshold, isIncluded: false })
    const outcomes = fly(each, `failureLimit: -1\n      consecutiveSuccessLimit: ${inARow}`)
    const expected = 1 - chanceInARow(inARow, Array<number>(checks).fill(1 - fails))
    expectShare(outcomes, (stoppedAt) => stoppedAt !== undefined, expected)
  })
})

/** By seed the check that stopped the release; undefined where it was promoted. */
function fly(
  { ratePerSecond, errorRatio }: Pick<Case, 'ratePerSecond' | 'errorRatio'>,
  limits: string,
): readonly (number | undefined)[] {
  const plan = planOf(
    `
teaches: A policy whose checks share nothing.
policy: policy.yaml
release: {at: 30s, image: "shop:2"}
duration: 10m
traffic: {rate: ${ratePerSecond}/s}
service: {stable: {errors: ${100 * errorRatio}%, start: 5s}}
observability:
  metrics:
    - {name: asked_total, counts: requests, at: gateway, labels: {version: $version}, fromStart: true}
    - {name: answered_total, counts: successes, at: gateway, labels: {version: $version}, fromStart: true}
`,
    rollout(
      5,
      `steps: [{setWeight: ${weight}}, {pause: {duration: 90s}}, {analysis: {templates: [{templateName: errors}]}}]`,
    ) +
      template(
        'errors',
        `count: ${checks}\n      interval: 90s\n      ${limits}\n      successCondition: result[0] <= ${threshold}`,
        '1 - sum(rate(answered_total{version="canary"}[1m])) / sum(rate(asked_total{version="canary"}[1m]))',
      ),
  )
  const simulation = new Simulation(plan)
  return Array.from({ length: seeds }, (_, index) => {
    const { verdict, times } = simulation.fly(firstSeed + index)
    if (verdict === 'promoted') return undefined
    expect(verdict, `of seed ${firstSeed + index}`).toBe('aborted')
    // The first check comes when the pods have started and the pause is over.
    const sinceFirstMs = times.decidedMs! - times.releasedMs - 95_000
    return 1 + Math.round(sinceFirstMs / intervalMs)
  })
}

function expectShare(
  outcomes: readonly (number | undefined)[],
  isOne: (stoppedAt: number | undefined) => boolean,
  expected: number,
): void {
  const share = outcomes.filter(isOne).length / outcomes.length
  const standardError = Math.sqrt((expected * (1 - expected)) / outcomes.length)
  const told = `${share} of seeds ${firstSeed} to ${firstSeed + seeds - 1}, expected ${expected}`
  expect(Math.abs(share - expected), told).toBeLessThanOrEqual(4 * standardError)
}
