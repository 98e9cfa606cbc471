// Pods that serve so many requests at once, in whole flights: half of the traffic on one canary pod is what the release
// does to its users, and what its metrics show.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'

const scenario = (rate: number, more = '', capacity = '{concurrency: 4, queue: 20}', latency = '{mean: 50ms}') => `
teaches: Half of the traffic on one pod.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: ${rate}/s, users: 5k}
service: {stable: {errors: 0%, start: 10s, latency: ${latency}, capacity: ${capacity}}}
slo: {objective: 99.9%, latency: 400ms}
observability: {scrape: {interval: 15s}}
${more}`

const onlyCanary = 'reporter="source",destination_service_name="shop-canary"'
const slow = `histogram_quantile(0.99, sum(rate(istio_request_duration_milliseconds_bucket{${onlyCanary}}[2m])) by (le))`
const failing = `sum(rate(istio_requests_total{${onlyCanary},response_code=~"5.*"}[2m])) / sum(rate(istio_requests_total{${onlyCanary}}[2m]))`
const watch = 'interval: 1m\n      failureLimit: 2\n      successCondition:'
const policy = (name: string, canaryPods = 1) => {
  const analysis = `analysis: {templates: [{templateName: ${name}}], startingStep: 2}`
  const scale = `{setCanaryScale: {replicas: ${canaryPods}}}`
  const steps = `steps: [${scale}, {setWeight: 50}, {pause: {duration: 3m}}, {pause: {duration: 10m}}]`
  const latency = template('latency', `${watch} isNaN(result[0]) || result[0] < 400`, slow)
  const errors = template('errors', `${watch} len(result) == 0 || isNaN(result[0]) || result[0] < 0.02`, failing)
  return `${rollout(5, `${analysis}, ${steps}`)}${latency}${errors}`
}
const verdicts = (rate: number, name: string, canaryPods?: number) => {
  const simulation = new Simulation(planOf(scenario(rate), policy(name, canaryPods)))
  return new Set(Array.from({ length: 5 }, (_, seed) => simulation.fly(seed).verdict))
}

describe('One pod with half of the traffic', () => {
  it('that is nearly full makes users wait, which a p99 shows and error ratios hardly', () => {
    // 70 requests a second, of 80 that it can serve.
    expect(verdicts(140, 'latency')).toEqual(new Set(['aborted']))
    expect(verdicts(140, 'errors')).toEqual(new Set(['promoted']))
  })

  it('that is too small sheds, which error ratios show', () => {
    expect(verdicts(220, 'errors')).toEqual(new Set(['aborted']))
  })

  it('hurts nobody who has pods enough', () => {
    for (const name of ['latency', 'errors']) expect(verdicts(220, name, 3)).toEqual(new Set(['promoted']))
    const harmed = [1, 2, 4].map((pods) => {
      const { blastRadius } = flyRecorded(planOf(scenario(220), policy('latency', pods)), 1)
      return blastRadius.requests.excess
    })
    expect(harmed[0]!).toBeGreaterThan(10 * harmed[1]!)
    expect(harmed[1]!).toBeGreaterThanOrEqual(harmed[2]!)
  })
})

describe('A flow', () => {
  const told = (text: string, fidelity?: 'flow') =>
    tryPlan(text, policy('errors'), '', { fidelity }).problems.map(
      ({ code, line, message }) => `${line} ${code}: ${message}`,
    )

  it('knows queues of about exponential services, and says nothing', () => {
    expect(told(scenario(100))).toEqual([])
    expect(told(scenario(100, '', '{concurrency: 4, queue: 20}', '{p50: 40ms, p99: 200ms}'))).toEqual([])
    expect(told(scenario(100, '', '{concurrency: 4}', '50ms'))).toEqual([])
  })

  it('says where it knows them only roughly', () => {
    const rough = 'a flow knows the queues of stable pods only roughly: '
    const varied = (times: string, when = '') =>
      `how long requests take varies by ${times} times the mean${when}, where it should be about 1`
    expect(told(scenario(100, '', '{concurrency: 4, queue: 20}', '{p50: 20ms, p99: 600ms}'))).toEqual([
      `7 queues-roughly: ${rough}${varied('2.7')}`,
    ])
    expect(told(scenario(100, 'clients: {timeout: 400ms}', '{concurrency: 4, queue: 200}'))).toEqual([
      `7 queues-roughly: ${rough}clients give up before the queue is full`,
    ])
    expect(told(scenario(100, '', '{concurrency: 4, queue: 1000}'))).toEqual([
      `7 queues-roughly: ${rough}a full queue takes 13 s to work off, and here none`,
    ])
    const slowed = 'faults: [{on: {version: canary, share: 2%}, latency: +2s}]'
    expect(told(scenario(100, slowed))).toEqual([
      `7 queues-roughly: ${rough.replace('stable', 'canary')}${varied('3.2', ' while a fault slows them')}`,
    ])
  })

  it('knows nothing of requests that keep their place for ever', () => {
    const hanging = scenario(100, 'faults: [{on: {version: canary, share: 2%}, hang: true}]')
    expect(told(hanging, 'flow')).toContainEqual(
      "2 fidelity-too-low: a flow can't tell this: a request that hangs keeps its place from those that come after it",
    )
  })
})
