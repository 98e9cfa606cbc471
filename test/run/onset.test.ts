// When trouble begins, and what follows from it: instants of flights whose course is known.
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/run/record.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'

const steps = 'steps: [{setWeight: 10}, {pause: {duration: 3m}}]'
const releaseAtMs = 120_000

// Pods start in 10 s; the canary gets requests then, and is promoted when the others are up, 3m20s after the release.
const scenario = (more: string) => `
teaches: When trouble begins.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
service: {stable: {errors: 1%, start: 10s}}
traffic: {rate: 50/s}
${more}
`
const fly = (more: string, policy = rollout(4, steps)): Outcome => new Simulation(planOf(scenario(more), policy)).fly(1)

/** Seconds after the release. */
const onset = (outcome: Outcome) => {
  const { onsetMs } = outcome.times
  return onsetMs === null ? null : (onsetMs - releaseAtMs) / 1000
}

describe('The onset is the first instant at which something wrong with the release can change what somebody gets', () => {
  it.each([
    ['errors of the canary: its first requests', '{on: canary, errors: 5%}', 10],
    ['slow answers, whether or not the SLO counts them', '{on: canary, latency: +1s}', 10],
    ['answers that got faster: never', '{on: canary, latency: x0.5}', null],
    ['errors that begin later', '{on: canary, onset: 1m, errors: 5%}', 60],
    ['errors that are over before the first request', '{on: canary, for: 5s, errors: 5%}', null],
    ['pods of the canary: the first of them', '{on: canary, neverReady: true, for: 30s}', 0],
    ['errors of stable, which would be there without a release: never', '{on: stable, onset: 1m, errors: 5%}', null],
    ['errors of both versions: never', '{on: both, onset: 1m, errors: 5%}', null],
  ])('%s', (_, fault, seconds) => {
    const found = onset(fly(`faults: [${fault}]`))
    if (seconds === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(seconds, 0)
  })

  it('and of a canary that is worse by itself its first request', () => {
    expect(onset(fly(''))).toBeNull()
    const worse = scenario('').replace('10s}}', '10s}, canary: {errors: 3%}}')
    expect(onset(new Simulation(planOf(worse, rollout(4, steps))).fly(1))).toBeCloseTo(10, 0)
  })
})

it('The first failed check is the first since the onset, whatever failed before', () => {
  const rule = 'interval: 20s\n      failureLimit: 20\n      successCondition: "false"'
  const policy =
    rollout(4, `analysis: {templates: [{templateName: rule}]}, ${steps}`) + template('rule', rule, 'vector(1)')
  const { times } = fly('faults: [{on: canary, onset: 90s, errors: 5%}]', policy)
  const { onsetMs, firstFailedCheckMs } = times
  expect(onsetMs).toBe(releaseAtMs + 90_000)
  expect(firstFailedCheckMs! - onsetMs!).toBeGreaterThan(0)
  expect(firstFailedCheckMs! - onsetMs!).toBeLessThanOrEqual(20_000)
})

it('A release that was stopped for what both versions suffer from has neither detection time nor time to safe', () => {
  const rule = 'interval: 20s\n      successCondition: result[0] < 0.5'
  const policy =
    rollout(4, `analysis: {templates: [{templateName: rule}]}, ${steps}`) +
    template('rule', rule, 'sum(rate(http_requests_total{code=~"5.."}[1m])) / sum(rate(http_requests_total[1m]))')
  const outcome = fly('faults: [{on: both, onset: 30s, errors: 100%}]', policy)
  expect(outcome).toMatchObject({ verdict: 'aborted', falseAbort: true, detectionMs: null, timeToSafeMs: null })
  expect(outcome.times.decidedMs).toBeGreaterThan(releaseAtMs + 30_000)
})

it('A release that was stopped before the trouble began has neither detection time nor time to safe', () => {
  const rule = 'interval: 20s\n      successCondition: "false"'
  const policy =
    rollout(4, `analysis: {templates: [{templateName: rule}]}, ${steps}`) + template('rule', rule, 'vector(1)')
  const outcome = fly('faults: [{on: canary, onset: 10m, errors: 5%}]', policy)
  expect(outcome).toMatchObject({ verdict: 'aborted', falseAbort: true, detectionMs: null, timeToSafeMs: null })
})

it('A Rollout that the manifest pauses runs its first version, and holds the next', () => {
  const paused = rollout(4, steps).replace('replicas: 4', 'replicas: 4\n  paused: true')
  const outcome = fly('', paused)
  expect(outcome.verdict).toBe('paused')
  expect(outcome.blastRadius.requests.exposed).toBe(0)
  expect(outcome.blastRadius.requests.failed).toBeLessThan(0.02 * outcome.blastRadius.requests.total)
})

describe('What doesn’t go together is told with its place', () => {
  const told = (text: string, policy = rollout(4, steps)) =>
    tryPlan(text, policy).problems.map(({ code, file, line, column }) => `${file}:${line}:${column} ${code}`)

  it('the image that runs already', () => {
    expect(told(scenario('').replace('shop:2', 'shop:1'))).toEqual(['scenario.yaml:4:26 nothing-released'])
  })

  it('sticky users without a router', () => {
    const text = scenario('').replace('50/s}', '50/s, users: 10, sticky: true}')
    expect(told(text, rollout(4, steps, false))).toEqual(['scenario.yaml:7:42 sticky-without-router'])
  })

  it('slow answers that nothing counts', () => {
    expect(told(scenario('faults: [{on: canary, latency: x3}]'))).toEqual(['scenario.yaml:8:10 latency-uncounted'])
    expect(told(scenario('faults: [{on: canary, noisyNeighbour: 60%}]'))).toEqual([
      'scenario.yaml:8:10 latency-uncounted',
    ])
    expect(told(scenario('faults: [{on: canary, latency: x3}]\nslo: {latency: 1s}'))).toEqual([])
  })

  it('a Service of stable that nobody else could be reached through', () => {
    const alone = rollout(4, `stableService: shop, ${steps}`, false)
    const another = '---\napiVersion: v1\nkind: Service\nmetadata: {name: shop-of-all}\n'
    expect(told(scenario(''), alone + another)).toEqual([])
    expect(told(scenario(''), alone)).toEqual(['policy.yaml:12:29 no-common-service'])
    const withoutRouter = alone.replace('stableService: shop,', 'trafficRouting: {}, stableService: shop,')
    expect(told(scenario(''), withoutRouter)).toEqual(['policy.yaml:12:49 no-common-service'])
  })
})
