// Metrics that a scenario declares: what they count, under which labels, and which names are taken.
import { describe, expect, test } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

const releaseMs = 120_000
const askedMs = releaseMs + 200_000

const scenario = (observability: string) => `
teaches: What a team's own metrics tell.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 10m
traffic: {rate: 400/s}
service:
  stable: {errors: 0%, latency: {p50: 40ms, p99: 200ms}, start: 5s}
  canary: {errors: 5%}
observability:
  scrape: {interval: 10s}
${observability}
`

const metrics = `
  metrics:
    - {name: orders_total, counts: successes, share: 3%, labels: {version: $version}}
    - {name: revenue_total, counts: successes, of: canary, share: 50%, adds: 20, labels: {currency: EUR}}
    - {name: failures_total, counts: errors, labels: {release: "\${workload}-$hash", code: "$code"}, fromStart: true}
    - {name: gateway_requests_total, counts: requests, at: gateway, labels: {service: $service}}
    - {name: think_seconds, counts: latency, buckets: [20ms, 80ms, 320ms], labels: {price: "$$5"}}
    - {name: think_ms, counts: latency, unit: milliseconds, of: canary}
    - {name: shop_pods, counts: readyPods, labels: {version: $version}}
    - {name: shop_size, counts: pods}
    - {name: shop_restarts_total, counts: restarts, labels: {pod: $pod}}
`

/** Half of 400 requests a second go to the canary, which fails 5 %. */
const cases: readonly (readonly [query: string, least: number, most: number])[] = [
  ['sum(rate(orders_total{version="canary"}[2m]))', 5.3, 6.1],
  ['sum(rate(orders_total[2m]))', 11, 12.4],
  ['sum(rate(revenue_total{currency="EUR"}[2m]))', 1800, 2000],
  ['sum(rate(failures_total{release=~"shop-.*",code="500"}[2m]))', 8.5, 11.5],
  ['count(failures_total{code="503"} == 0)', 6, 6],
  ['sum(rate(gateway_requests_total{service="shop-canary"}[2m]))', 190, 210],
  ['count(gateway_requests_total)', 2, 2],
  ['count(think_seconds_bucket{price="$5"}) / count(think_seconds_count)', 4, 4],
  ['histogram_quantile(0.5, sum by (le) (rate(think_seconds_bucket[2m])))', 0.02, 0.08],
  ['sum(rate(think_ms_sum[2m])) / sum(rate(think_ms_count[2m]))', 45, 57],
  ['sum(rate(think_ms_count[2m]))', 190, 210],
  ['shop_pods{version="canary"}', 2, 2],
  ['shop_size', 6, 6],
  ['sum(shop_restarts_total)', 0, 0],
]

describe('Metrics of a team', () => {
  const plan = planOf(
    scenario(metrics),
    routedRollout('istio') +
      templateOf(
        'asked',
        cases.map(([query]) => query),
      ),
  )
  const simulation = new Simulation(plan)
  simulation.takeOff(1).advance(askedMs)

  test.each(cases)('%s is between %d and %d', (query, least, most) => {
    const told = simulation.observatory.answer(query, askedMs)
    const values = told.kind === 'data' && told.result.resultType === 'vector' ? told.result.values : told
    expect(values).toHaveLength(1)
    expect((values as readonly number[])[0]).toBeGreaterThanOrEqual(least)
    expect((values as readonly number[])[0]).toBeLessThanOrEqual(most)
  })
})

describe('A name is one metric’s', () => {
  const problemsOf = (observability: string) =>
    tryPlan(scenario(observability), rollout(2, 'steps: [{setWeight: 50}]')).problems.map(
      ({ code, message, hint }) => `${code}: ${message}. ${hint ?? ''}`,
    )

  test('and not that of an exporter that there is', () => {
    const taken = '  metrics: [{name: http_requests_total, counts: requests}]'
    expect(problemsOf(taken)).toEqual([
      'metric-taken: http_requests_total is a metric of the app dialect. Choose another name, or set observability.dialect to those that you have without app.',
    ])
    expect(problemsOf(`${taken}\n  dialect: istio`)).toEqual([
      expect.stringMatching(/^metric-unread: nothing reads the metric http_requests_total/),
    ])
  })

  test('nor a part of a histogram', () => {
    const [problem] = problemsOf('  metrics: [{name: http_request_duration_seconds_sum, counts: requests}]')
    expect(problem).toMatch(/^metric-taken: http_request_duration_seconds_sum is a metric of the app dialect/)
  })
})

describe('A metric that nobody reads', () => {
  const declared = '  metrics: [{name: checkouts, counts: requests}, {name: think_seconds, counts: latency}]'
  const canary = 'steps: [{setWeight: 50}, {analysis: {templates: [{templateName: asked}]}}]'
  const codes = (query: string) =>
    tryPlan(scenario(declared), rollout(2, canary) + template('asked', 'successCondition: "true"', query)).problems.map(
      ({ code, line }) => `${code} ${line}`,
    )

  test('is told, each by itself', () => {
    expect(codes('vector(1)')).toEqual(['metric-unread 12', 'metric-unread 12'])
    expect(codes('sum(checkouts)')).toEqual(['metric-unread 12'])
    expect(codes('sum(checkouts) / sum(think_seconds_count)')).toEqual([])
  })

  test('unless a query can’t be read, which may be what reads it', () => {
    expect(codes('sum(checkouts')).toEqual([expect.stringMatching(/^query-error/)])
  })
})

describe('A query for what nothing exposes', () => {
  const hintFor = (query: string, dialect = '') => {
    const canary = 'steps: [{setWeight: 50}, {analysis: {templates: [{templateName: asked}]}}]'
    const policy = rollout(2, canary) + template('asked', 'successCondition: "true"', query)
    const { problems } = tryPlan(scenario(dialect), policy)
    return problems.find(({ code }) => code === 'query-sees-nothing')?.hint
  }

  test.each([
    ['sum(nginx_ingress_controller_requests)', 'It belongs to another dialect: set observability.dialect to nginx.'],
    [
      'sum(envoy_cluster_upstream_rq)',
      'It belongs to other dialects: set observability.dialect to contour or gloo or emissary or envoy-gateway or knative or envoy or app-mesh or kuma.',
    ],
    ['sum(istio_request_total)', 'Did you mean istio_requests_total?'],
    [
      'sum(checkouts)',
      'There are istio_requests_total, istio_request_duration_milliseconds, http_requests_total, http_request_duration_seconds, and those of kube-state-metrics and cAdvisor; others go into observability.metrics.',
    ],
  ])('%s: %s', (query, hint) => {
    expect(hintFor(query)).toBe(hint)
  })

  test('is content where the scenario declares the metric', () => {
    expect(hintFor('sum(checkouts)', '  metrics: [{name: checkouts, counts: requests}]')).toBeUndefined()
  })

  test('is told when it asks for what the scenario says nothing of', () => {
    const canary = 'steps: [{setWeight: 50}, {analysis: {templates: [{templateName: asked}]}}]'
    const policy =
      rollout(2, canary) + template('asked', 'successCondition: "true"', 'max(container_memory_working_set_bytes)')
    expect(tryPlan(scenario(''), policy).problems).toMatchObject([
      {
        code: 'memory-unknown',
        hint: 'Say in service.stable.memory how much memory a pod uses, such as `120Mi`.',
      },
    ])
  })
})
