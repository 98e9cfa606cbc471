// As which targets Prometheus knows the applications in the pods: one for each Service that selects a pod just then.
import { describe, expect, it, test } from 'vitest'
import { compile } from '../../src/metrics/promql/query.js'
import { explain } from '../../src/run/explain/explain.js'
import { flyRecorded } from '../../src/run/fly.js'
import type { Flying } from '../../src/run/flying.js'
import type { Audience, Plan } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

const minuteMs = 60_000
const releaseMs = 3 * minuteMs

const scenario = (more = '', scrape = '', dialect = '[app, istio]') => `
teaches: Which Services the pods are found through.
policy: policy.yaml
release: {at: 3m, image: "shop:2"}
duration: 20m
traffic: {rate: 400/s}
service: {stable: {errors: 0%, start: 10s}}
observability: {dialect: ${dialect}, scrape: {interval: 15s${scrape}}}
${more}`

const watched = ['http_requests_total', 'up', 'istio_requests_total{reporter="destination"}']

function takeOff(plan: Plan): Flying {
  return new Simulation(plan).takeOff(1)
}

function takeOffAt(plan: Plan, timeMs: number): Flying {
  const flying = takeOff(plan)
  flying.advance(timeMs)
  return flying
}

/** Values at a time since the release, by the labels that the query keeps. */
function valuesAt({ observation }: Plan, query: string, sinceReleaseMs: number): Record<string, number> {
  const value = compile(query).at(observation.exposure.store, observation.startsAtMs + releaseMs + sinceReleaseMs)
  if (value.kind !== 'vector') throw new Error(`${query} is a ${value.kind}`)
  return Object.fromEntries(
    value.samples.map(({ labels, value: sample }) => [
      Object.entries(labels.toRecord())
        .filter(([name]) => name !== '__name__')
        .map(([, text]) => text)
        .join(' '),
      sample,
    ]),
  )
}

describe('Of a pod', () => {
  const plan = planOf(scenario(), routedRollout('istio') + templateOf('asked', watched))
  takeOffAt(plan, releaseMs - 1)

  it('two Services that select it make two targets, with the same counts', () => {
    expect(valuesAt(plan, 'count by (job, service) (up{container="shop"})', -1)).toEqual({
      'shop shop': 4,
      'shop-canary shop-canary': 4,
    })
    const [, count] = Object.entries(valuesAt(plan, 'sum by (job) (http_requests_total)', -1))[0]!
    expect(valuesAt(plan, 'sum by (job) (http_requests_total)', -1)).toEqual({ shop: count, 'shop-canary': count })
  })

  it('the sidecar is one target, whatever the Services', () => {
    expect(valuesAt(plan, 'count by (job) (up{job="kubernetes-pods", pod=~"shop-.*"})', -1)).toEqual({
      'kubernetes-pods': 4,
    })
  })
})

describe('A Service that selects other pods', () => {
  const canaryTargets = 'count(up{job="shop-canary"})'
  const plan = planOf(scenario(), routedRollout('istio') + templateOf('asked', watched))

  /** Away from a second after a scrape on; back, if at all, after the next one. */
  function away(backMs: number): Record<string, number>[] {
    const { cluster, loop } = takeOffAt(plan, 61_000)
    const service = cluster.service('shop-canary')!
    const { hash } = service
    cluster.select(service, 'nobody')
    loop.run(backMs)
    cluster.select(service, hash)
    loop.run(2 * minuteMs)
    return [74_999, 75_000, 90_000, 105_000].map((atMs) => valuesAt(plan, canaryTargets, atMs - releaseMs))
  }

  it('leaves its targets for good after two intervals and a tenth, as a deleted pod does', () => {
    expect(away(119_000)).toEqual([{ '': 4 }, {}, {}, {}])
  })

  it('has them back as if nothing had been when it selects them again before that', () => {
    expect(away(85_000)).toEqual([{ '': 4 }, { '': 4 }, { '': 4 }, { '': 4 }])
  })
})

describe.each(['', ', spread: true'])('A promotion (scrape:%s)', (scrape) => {
  const promote = 'people: [{at: 2m, do: promote}]'
  const policy = routedRollout('istio') + templateOf('asked', watched)
  // Whoever is served sees what comes after the release is over, too.
  const plan = planOf(scenario(promote, scrape), policy, '', { isServed: true })
  const flying = takeOff(plan)
  const pods = 'count by (job, rollouts_pod_template_hash) (up{container="shop"})'
  const [old, canary] = plan.stacks.map(({ hash }) => hash)
  flying.advance(releaseMs + 2 * minuteMs - 1)
  const before = valuesAt(plan, pods, 2 * minuteMs - 1)
  const counted = valuesAt(plan, 'max by (pod) (http_requests_total)', 2 * minuteMs - 1)
  let pointedMs = Number.NaN
  flying.cluster.listen({
    serviceChanged: ({ name }) => {
      if (name === 'shop') pointedMs = flying.loop.now - releaseMs
    },
  })
  flying.advance(releaseMs + 6 * minuteMs)

  it('is preceded by a Service for each version', () => {
    expect(before).toEqual({ [`shop ${old}`]: 4, [`shop-canary ${canary}`]: 2 })
  })

  it('gives all of the new pods the labels of both Services, and takes them from the old ones', () => {
    expect(valuesAt(plan, pods, 6 * minuteMs)).toEqual({ [`shop ${canary}`]: 4, [`shop-canary ${canary}`]: 4 })
  })

  it('ends the series of the old targets at the next scrape, and begins others where the counts are', () => {
    const ofOld = `sum by (job) (http_requests_total{rollouts_pod_template_hash="${old}"})`
    expect(pointedMs).toBeGreaterThan(2 * minuteMs)
    expect(Object.keys(valuesAt(plan, ofOld, pointedMs - 1))).toEqual(['shop'])
    // Each of its pods is scraped within an interval from then.
    expect(valuesAt(plan, ofOld, pointedMs + 15_000)).toEqual({})
    const ofNew = `min by (pod) (http_requests_total{job="shop",rollouts_pod_template_hash="${canary}"})`
    const carried = valuesAt(plan, ofNew, pointedMs + 15_000)
    for (const [pod, count] of Object.entries(counted)) {
      if (pod.includes(canary!)) expect(carried[pod]).toBeGreaterThan(count)
    }
  })

  it('ends what a sidecar counts for one Service where it begins to count for another', () => {
    const rates = `sum by (destination_service_name) (rate(istio_requests_total{reporter="destination"}[1m])) > 0`
    expect(Object.keys(valuesAt(plan, rates, 2 * minuteMs - 1)).sort()).toEqual(['shop', 'shop-canary'])
    expect(Object.keys(valuesAt(plan, rates, 6 * minuteMs))).toEqual(['shop'])
  })
})

describe('A canary that fails, asked for by the Service that selects it,', () => {
  const selector = (code: string) => `sum(rate(http_requests_total{job="shop-canary"${code}}[1m]))`
  const query = `${selector(',code!~"5.."')} / ${selector('')}`
  const policy =
    rollout(
      8,
      'steps: [{setWeight: 10}, {pause: {duration: 5m}}], analysis: {templates: [{templateName: check}], startingStep: 1}',
    ) + template('check', 'interval: 30s\n      failureLimit: 1\n      successCondition: result[0] >= 0.98', query)
  const plan = (faults: string, audience: Audience = {}) => planOf(scenario(faults, '', 'app'), policy, '', audience)
  const fault = 'faults: [{on: canary, errors: 5%}]'

  test.each([{}, { isServed: true }])('is found out, whoever else asks: %j', (audience) => {
    const { verdict, timeline } = flyRecorded(plan(fault, audience), 1)
    expect(verdict).toBe('aborted')
    const last = timeline.findLast((entry) => entry.what === 'measurement')
    expect(last?.what === 'measurement' && Number(JSON.parse(last.value!)[0])).toBeCloseTo(0.95, 1)
  })

  it('is what explain says that is seen', () => {
    const [metric] = explain(plan(''), null, true).metrics
    for (const { sees, blind, series } of metric!.query!.selectors) {
      expect({ sees, blind }).toEqual({ sees: 'canary', blind: null })
      expect(series!.count).toBeGreaterThan(0)
    }
    expect(metric!.measured!.empty).toBe(0)
  })
})
