// How queries are understood: what each selector is bound to, why one is blind, and what a healthy flight measures.
import { describe, expect, it } from 'vitest'
import type { ExplainedMetric, Explanation } from '../../../src/run/explain/explain.js'
import { explainFiles, readForExplanation } from '../../../src/run/explain/files.js'
import type { Files } from '../../../src/scenario/files.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'
import { rollout, template, tryPlan } from '../plans.js'

const analysed = (args = '') =>
  `steps: [{setWeight: 10}, {pause: {duration: 3m}}], analysis: {templates: [{templateName: check}]${args}}`

const world = `
teaches: What queries see.
policy: policy.yaml
release: {at: 5m}
duration: 30m
traffic: {rate: 200/s}
`

function explained(
  policy: string,
  files: Readonly<Record<string, string>> = {},
): { readonly explanation: Explanation; readonly problems: readonly Problem[] } {
  const texts: Readonly<Record<string, string>> = { 'policy.yaml': policy, ...files }
  const from: Files = { read: (path) => (texts[path] === undefined ? { missing: true } : { text: texts[path] }) }
  const problems = new Problems()
  const path = files['scenario.yaml'] === undefined ? 'policy.yaml' : 'scenario.yaml'
  const explanation = explainFiles(readForExplanation([path], from, problems), problems)
  if (!explanation) throw new Error(JSON.stringify(problems.sorted()))
  return { explanation, problems: problems.sorted() }
}

/** The one metric of a policy that asks this. */
function asking(query: string, { isRouted = true, metric = 'interval: 30s' } = {}): ExplainedMetric {
  const policy = rollout(4, analysed(), isRouted) + template('check', metric, query)
  return explained(policy).explanation.metrics[0]!
}

const selectorsOf = ({ query }: ExplainedMetric) => query!.selectors
const remarksOf = ({ query }: ExplainedMetric) => query!.remarks.map(({ code }) => code)
const seen = 'reporter="source",destination_service_name'

describe('A selector', () => {
  it('is bound to a metric of an exporter, to a version and to series', () => {
    const [selector] = selectorsOf(
      asking('sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))'),
    )
    expect(selector).toMatchObject({
      text: 'istio_requests_total{destination_service_name="shop-canary"}[1m]',
      windowMs: 60_000,
      offsetMs: 0,
      sees: 'canary',
      blind: null,
      writtenBy: [],
    })
    expect(selector!.binds).toContainEqual({
      dialect: 'istio',
      metric: 'istio_requests_total',
      counts: expect.stringContaining('by response code'),
    })
    expect(selector!.series!.count).toBeGreaterThan(0)
    expect(selector!.series!.examples.length).toBeLessThanOrEqual(3)
  })

  it('shows of its series the labels that tell them apart, and those that it leaves open', () => {
    const [selector] = selectorsOf(asking('istio_requests_total{reporter="source",destination_service_name=~"shop.*"}'))
    expect(selector!.windowMs).toBeNull()
    for (const example of selector!.series!.examples) {
      expect(Object.keys(example)).toEqual(['destination_service_name', 'response_code'])
    }
  })

  it.each([
    ['istio_requests_total{destination_service_name="shop"}', 'stable'],
    ['istio_requests_total{destination_service_name=~"shop|shop-canary"}', 'both'],
    ['istio_requests_total{reporter="source"}', 'both'],
    ['istio_requests_total{destination_service_name!="shop"}', 'canary'],
  ])('%s sees %s', (query, sees) => {
    expect(selectorsOf(asking(query))[0]!.sees).toBe(sees)
  })

  it('of pods is bound by the name that they have from their ReplicaSet', () => {
    const restarts = 'kube_pod_container_status_restarts_total'
    const query = (pods: string) => `sum(increase(${restarts}{pod=~"${pods}"}[5m]))`
    const hash = /shop-(\w+)-p1/.exec(JSON.stringify(asking(query('.*')).query!.selectors[0]!.series!.examples))![1]!
    const [one] = selectorsOf(asking(query(`shop-${hash}-.*`)))
    expect(['canary', 'stable']).toContain(one!.sees)
    const whole = asking(query('shop-.*'))
    expect(selectorsOf(whole)[0]!.sees).toBe('both')
    expect(whole.query!.remarks[0]!.hint).toContain('Ask for pod=~"shop-{{args.hash}}-.*"')
  })

  it('sees nothing of a Service that selects no pods', () => {
    const [selector] = selectorsOf(asking('http_requests_total{service="shop-canary"}', { isRouted: false }))
    expect(selector!.blind).toMatchObject({ hint: expect.stringMatching(/^Of service there is shop\./) })
  })

  it.each([
    [
      'istio_request_total{reporter="source"}',
      'nothing exposes istio_request_total in the istio, app, kube-state and cadvisor dialects',
      'Did you mean istio_requests_total?',
    ],
    [
      'nginx_ingress_controller_requests',
      'nothing exposes nginx_ingress_controller_requests in the istio, app, kube-state and cadvisor dialects',
      'It belongs to another dialect: set observability.dialect to nginx.',
    ],
    [
      'istio_requests_total{destination_service_name="shop-cannary"}',
      'no series of istio_requests_total has destination_service_name="shop-cannary"',
      'Of destination_service_name there are shop, shop-canary. Did you mean "shop-canary"?',
    ],
    [
      'istio_requests_total{reporter="source",response_code=~"4.."}',
      'no series of istio_requests_total has response_code=~"4.."',
      'Of response_code there are 200, 500, 503.',
    ],
    [
      'istio_requests_total{destination_servicename="shop"}',
      'no series of istio_requests_total has destination_servicename="shop"',
      'None has a label destination_servicename. Did you mean destination_service_name?',
    ],
    [
      'istio_request_duration_milliseconds_bucket{le="300"}',
      'no series of istio_request_duration_milliseconds_bucket has le="300"',
      'Buckets near it end at 250.0 and 500.0.',
    ],
    [
      'istio_request_duration_milliseconds_bucket{le="1"}',
      'no series of istio_request_duration_milliseconds_bucket has le="1"',
      'Buckets near it end at 1.0.',
    ],
    [
      'istio_requests_total{reporter="destination",destination_service_name="shop",response_code!~"5..|200"}',
      'no series of istio_requests_total has response_code!~"5..|200"',
      'Of response_code there are 200, 500, 503.',
    ],
    [
      'istio_requests_total{reporter="sauce",destination_service_name="shops",response_code="200"}',
      'no series of istio_requests_total has reporter="sauce", none has destination_service_name="shops"',
      'Of reporter there are source, destination. Did you mean "source"? Of destination_service_name there are shop, shop-canary. Did you mean "shop"?',
    ],
    [
      'kube_pod_labels_total',
      'nothing exposes kube_pod_labels_total in the istio, app, kube-state and cadvisor dialects',
      expect.stringContaining('others go into observability.metrics'),
    ],
    [
      'istio_request_duration_milliseconds{reporter="source"}',
      'nothing exposes istio_request_duration_milliseconds in the istio, app, kube-state and cadvisor dialects',
      expect.stringContaining('Did you mean istio_request_duration_milliseconds_bucket'),
    ],
    [
      'http_requests_total{pod_template_hash="1234"}',
      expect.stringContaining('has pod_template_hash='),
      'None has a label pod_template_hash. Did you mean rollouts_pod_template_hash?',
    ],
    [
      'http_requests_total{version="canary-2"}',
      expect.stringContaining('has version='),
      expect.not.stringContaining('Did you mean "'),
    ],
    [
      'kube_deployment_status_replicas_ready',
      'no series of kube_deployment_status_replicas_ready: it tells of Deployments, and no Deployment is among the manifests',
      expect.stringContaining('kube_replicaset_'),
    ],
  ])('%s sees nothing, and a run warns of it, too', (query, message, hint) => {
    const metric = asking(query)
    expect(selectorsOf(metric)[0]).toMatchObject({ sees: null, binds: [], blind: { message, hint } })
    const { problems } = tryPlan(world, rollout(4, analysed()) + template('check', 'interval: 30s', query))
    expect(problems).toContainEqual(expect.objectContaining({ code: 'query-sees-nothing', message, hint }))
  })

  it('may see single pods, whose names nobody knows beforehand', () => {
    const query = 'http_requests_total{pod="shop-1234-p1",kubernetes_pod_name=~"any"}'
    expect(selectorsOf(asking(query, { isRouted: false }))[0]!.blind).toBeNull()
  })

  it('is followed to the rule that records for it', () => {
    const files = {
      'scenario.yaml': `${world}observability: {rules: [rules.yaml]}\n`,
      'rules.yaml': `
groups:
  - name: ratios
    rules:
      - {record: "canary:errors:rate1m", expr: 'sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))'}
`,
    }
    const query = 'canary:errors:rate1m or canary:errors:rate1m{service="shop"}'
    const policy = rollout(4, analysed()) + template('check', 'interval: 30s', query)
    const { metrics, rules } = explained(policy, files).explanation
    expect(selectorsOf(metrics[0]!)[1]!.blind).toEqual({
      message: 'no series of canary:errors:rate1m has service="shop"',
      hint: 'None has a label service. They have none at all.',
    })
    expect(selectorsOf(metrics[0]!)[0]).toMatchObject({ writtenBy: ['canary:errors:rate1m'], series: { count: 1 } })
    expect(rules).toMatchObject([{ kind: 'record', name: 'canary:errors:rate1m', group: 'ratios' }])
    expect(rules[0]!.query.selectors[0]!.sees).toBe('canary')
  })
})

describe('A query', () => {
  it.each([
    ['sum(rate(istio_requests_total{reporter="source"}[1m]))', 'Ask for destination_service_name="shop-canary"'],
    [
      'sum(rate(istio_requests_total{reporter="source",destination_service=~"shop.*"}[1m]))',
      'Ask for destination_service="shop-canary.default.svc.cluster.local"',
    ],
  ])('%s that sees the whole service is told how to see the canary', (query, hint) => {
    const [remark] = asking(query).query!.remarks
    expect(remark).toMatchObject({ code: 'whole-service' })
    expect(remark!.hint).toContain(hint)
  })

  it('without a router is told of the hash of the pods', () => {
    const [remark] = asking('sum(rate(http_requests_total[1m]))', { isRouted: false }).query!.remarks
    expect(remark).toMatchObject({ code: 'whole-service' })
    expect(remark!.hint).toContain('rollouts_pod_template_hash="{{args.hash}}"')
  })

  it.each([
    'sum by (destination_service_name) (rate(istio_requests_total{reporter="source"}[1m]))',
    `sum(rate(istio_requests_total{${seen}="shop-canary"}[1m])) / sum(rate(istio_requests_total{reporter="source"}[1m]))`,
  ])('%s tells the versions apart', (query) => {
    expect(remarksOf(asking(query))).toEqual([])
  })

  it('that sees the stable version only is told so', () => {
    expect(remarksOf(asking(`istio_requests_total{${seen}="shop"}`))).toEqual(['stable-only'])
  })

  it('needs a window of two scrapes for a rate, and of one for anything else', () => {
    const of = (call: string) => asking(`${call}(istio_requests_total{${seen}="shop-canary"}[20s])`)
    expect(remarksOf(of('rate'))).toEqual(['short-window'])
    expect(remarksOf(of('max_over_time'))).toEqual([])
  })

  it.each([
    ['reponse_code!~"5.*"', 'Did you mean response_code?'],
    ['respons_code=~".*"', 'Did you mean response_code?'],
    ['response_cod=""', 'Did you mean response_code?'],
  ])('with %s is told that this excludes nothing, and a run warns of it, too', (matcher, hint) => {
    const query = `sum(rate(istio_requests_total{${seen}="shop-canary",${matcher}}[1m]))`
    const label = /^\w+/.exec(matcher)![0]
    const message = `no series of istio_requests_total has the label ${label}: ${matcher} excludes nothing`
    expect(asking(query).query!.remarks).toEqual([
      { code: 'matcher-excludes-nothing', of: expect.stringContaining(matcher), message, hint },
    ])
    const { problems } = tryPlan(world, rollout(4, analysed()) + template('check', 'interval: 30s', query))
    expect(problems).toContainEqual(expect.objectContaining({ code: 'matcher-excludes-nothing', message, hint }))
  })

  it('whose buckets have lost le is told which part never has a value, and why', () => {
    const query = `histogram_quantile(0.9, sum(rate(istio_request_duration_milliseconds_bucket{${seen}="shop-canary"}[1m]))) * 2`
    expect(asking(query).query!.remarks).toMatchObject([
      { code: 'never-a-value', of: query.replace(' * 2', ''), hint: expect.stringContaining('sum by (le)') },
    ])
  })

  it('whose sides have no labels in common is told so', () => {
    const rate = (code: string) => `rate(istio_requests_total{${seen}="shop-canary",response_code="${code}"}[1m])`
    const [remark] = asking(`(${rate('500')} / ${rate('200')}) > 1`).query!.remarks
    expect(remark).toMatchObject({ code: 'never-a-value', of: `${rate('500')} / ${rate('200')}` })
    expect(remark!.hint).toContain('response_code="500" and "200"')
  })

  it('that finds nothing because nothing is wrong is as it should be', () => {
    const query = `sum(rate(istio_requests_total{${seen}="shop-canary"}[1m])) > 1e6`
    const metric = 'interval: 30s\n      failureCondition: len(result) > 0'
    expect(remarksOf(asking(query, { metric }))).toEqual([])
  })

  it('that counts what the client and the server saw is told that it counts twice', () => {
    const query = 'sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))'
    expect(asking(query).query!.remarks).toMatchObject([
      { code: 'counted-twice', hint: 'Ask for reporter="source" or for reporter="destination".' },
    ])
    expect(remarksOf(asking(query.replace('sum', 'sum by (reporter) ')))).toEqual([])
  })

  it.each(['offset 1w', '@ 1000'])('with %s looks back before the flight', (modifier) => {
    const [selector] = selectorsOf(asking(`sum(rate(istio_requests_total{${seen}="shop-canary"}[1m] ${modifier}))`))
    expect(selector!.blind!.message).toContain('looks back before the flight begins')
  })

  it('with a short offset looks back before the flight at first', () => {
    expect(remarksOf(asking(`max(istio_requests_total{${seen}="shop-canary"} offset 6m)`))).toContain('before-flight')
  })

  it('that Prometheus refuses has its error at its place in the manifest, wherever arguments moved it', () => {
    const policy = `${rollout(4, analysed(', args: [{name: service, value: a-rather-long-name}]'))}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  args: [{name: service}]
  metrics:
    - name: check
      provider:
        prometheus:
          address: http://prometheus:9090
          query: |
            sum(rate(istio_requests_total{app="{{args.service}}"}[1m]))
            /
            summ(up{app="{{args.service}}"})
`
    const lines = policy.split('\n')
    const line = lines.findIndex((each) => each.includes('summ(')) + 1
    const { metrics } = explained(policy).explanation
    expect(metrics[0]!.query!.error).toMatchObject({
      message: expect.stringContaining('unknown function with name "summ"'),
      place: { file: 'policy.yaml', line, column: 13 },
    })
    expect(metrics[0]!.measured!.phases).toEqual({ Error: metrics[0]!.measured!.count })
  })
})

describe('A metric', () => {
  it('whose argument nobody declares is listed with its place, and those beside it are explained', () => {
    const policy = `${rollout(4, analysed(', args: [{name: service, value: shop-canary}]'))}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  args: [{name: service}]
  metrics:
    - name: wrong
      provider:
        prometheus:
          address: http://prometheus:9090
          query: |
            rate(istio_requests_total{destination_service_name="{{ args.service-name }}"}[1m])
    - name: right
      interval: 30s
      provider:
        prometheus:
          address: http://prometheus:9090
          query: rate(istio_requests_total{reporter="source",destination_service_name="{{args.service}}"}[1m])
`
    const line = policy.split('\n').findIndex((each) => each.includes('service-name')) + 1
    const column = policy.split('\n')[line - 1]!.indexOf('{{') + 1
    const { unaskable, metrics } = explained(policy).explanation
    expect(unaskable).toEqual([
      {
        name: 'wrong',
        template: 'check',
        provider: 'prometheus',
        place: { file: 'policy.yaml', line, column },
        message: 'failed to resolve {{args.service-name}}',
        hint: 'Did you mean service?',
      },
    ])
    expect(metrics).toMatchObject([{ name: 'right', query: { selectors: [{ sees: 'canary' }] } }])
  })

  it('counts apart what is empty, no number or without bound', () => {
    const of = (query: string) => asking(query).measured!
    const [nan, infinite, empty] = [of('vector(0) / 0'), of('vector(1) / 0'), of('vector(1) > 2')]
    expect(nan).toMatchObject({ notANumber: nan.count, infinite: 0, empty: 0, values: null })
    expect(infinite).toMatchObject({ notANumber: 0, infinite: infinite.count, empty: 0, values: null })
    expect(empty).toMatchObject({ notANumber: 0, infinite: 0, empty: empty.count, values: null })
  })

  it('has its arguments filled in, its conditions, and the analyses that ask for it', () => {
    const steps = 'steps: [{setWeight: 10}, {analysis: {templates: [{templateName: check}]}}]'
    const policy = rollout(4, steps) + template('check', 'successCondition: result[0] > 0.9', 'vector(1)')
    expect(explained(policy).explanation.metrics).toMatchObject([
      {
        name: 'check',
        template: 'check',
        provider: 'prometheus',
        askedBy: ['canary.steps[1].analysis'],
        intervalMs: null,
        successCondition: 'result[0] > 0.9',
        failureCondition: null,
      },
    ])
  })

  it('is measured in the flight of a healthy release', () => {
    const ok = 'sum(rate(istio_requests_total{destination_service_name="shop-canary",response_code="200"}[1m]))'
    const all = 'sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))'
    const { measured } = asking(`${ok} / ${all}`, {
      metric: 'interval: 30s\n      successCondition: len(result) == 0 || result[0] > 0.9',
    })
    const { count, phases, values, empty } = measured!
    expect(count).toBeGreaterThan(5)
    expect(phases).toEqual({ Successful: count })
    expect(empty).toBeGreaterThan(0)
    expect(values!.min).toBeGreaterThan(0.95)
    expect(values!.max).toBeLessThanOrEqual(1)
    expect(values!.median).toBeGreaterThanOrEqual(values!.min)
  })

  it('of another provider decides nothing where no scenario says what it answers', () => {
    const policy = `${rollout(4, analysed())}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  metrics:
    - {name: errors, interval: 1m, successCondition: "result == true", provider: {datadog: {query: "sum:errors{*}"}}}
    - {name: ready, successCondition: result == true, provider: {web: {url: "http://ready", jsonPath: "{$.data.ok}"}}}
`
    const { explanation, problems } = explained(policy)
    expect(problems).toEqual([])
    expect(explanation.metrics).toMatchObject([
      { provider: 'datadog', query: null, signal: null, measured: null },
      { provider: 'web', successCondition: 'result == true', signal: null, measured: null },
    ])
    expect(explanation.flight!.verdict).toBe('promoted')
  })

  it('of an analysis that never begins is not measured', () => {
    const steps = 'steps: [{pause: {}}, {analysis: {templates: [{templateName: check}]}}]'
    const policy = rollout(4, steps) + template('check', '', 'vector(1)')
    expect(explained(policy, { 'scenario.yaml': world }).explanation.metrics[0]!.measured).toBeNull()
  })
})

describe('A rule', () => {
  it('has its values at the end, and an alert that fires in health is told of', () => {
    const rules = `
groups:
  - name: alerts
    rules:
      - {alert: Busy, expr: 'sum(rate(istio_requests_total{reporter="source"}[1m])) > 1', for: 6m}
      - {alert: Failing, expr: 'sum(rate(istio_requests_total{reporter="source",response_code="500"}[1m])) > 50'}
`
    const files = { 'scenario.yaml': `${world}observability: {rules: [rules.yaml]}\n`, 'rules.yaml': rules }
    const [busy, failing] = explained(rollout(4, 'steps: [{setWeight: 10}, {pause: {duration: 9m}}]'), files)
      .explanation.rules
    expect(busy).toMatchObject({ atEnd: [expect.any(Number)], query: { remarks: [{ code: 'fires-in-health' }] } })
    expect(failing).toMatchObject({ atEnd: [], query: { remarks: [] } })
  })
})

describe('Files among the manifests', () => {
  it.each([
    ['teaches: Much.\npolicy: policy.yaml\n', 'this is a scenario, not a manifest'],
    ['groups: []\n', 'this is a rule file of Prometheus, not a manifest'],
  ])('%j is told what it is', (text, message) => {
    const texts: Readonly<Record<string, string>> = { 'policy.yaml': rollout(4, analysed()), 'other.yaml': text }
    const problems = new Problems()
    const files: Files = { read: (path) => ({ text: texts[path]! }) }
    explainFiles(readForExplanation(['policy.yaml', 'other.yaml'], files, problems), problems)
    expect(problems.sorted()).toContainEqual(expect.objectContaining({ file: 'other.yaml', message }))
  })
})

describe('The world of an explanation', () => {
  it('is assumed without a scenario, and somebody promotes what is paused for good', () => {
    const policy = rollout(4, 'steps: [{setWeight: 10}, {pause: {}}, {pause: {duration: 40m}}, {pause: {}}]')
    const { world: assumed, flight } = explained(policy).explanation
    expect(assumed).toMatchObject({
      scenario: null,
      ratePerSecond: 100,
      cpuMsPerRequest: 10,
      memoryBytes: 120 * 1024 ** 2,
      promotedAfterMs: 41 * 60_000,
    })
    expect(flight!.verdict).toBe('promoted')
    expect(flight!.lastedMs).toBeGreaterThan(2 * 41 * 60_000 + 40 * 60_000)
  })

  it('is that of a scenario without its faults', () => {
    const scenario = `${world}faults: [{on: canary, errors: 50%}]\n`
    const query = 'sum(istio_requests_total{destination_service_name="shop-canary",response_code="500"}) > 50'
    const metric = 'interval: 30s\n      failureCondition: len(result) > 0'
    const policy = rollout(4, analysed()) + template('check', metric, query)
    const { explanation } = explained(policy, { 'scenario.yaml': scenario })
    expect(explanation).toMatchObject({
      world: { scenario: 'scenario', ratePerSecond: 200 },
      flight: { verdict: 'promoted' },
    })
  })

  it('has plugins and CPU where the policy needs them', () => {
    const policy = `${rollout(4, 'steps: [{plugin: {name: org/approval}}]')}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop}
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 500m}}}]
`
    const { explanation, problems } = explained(policy)
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(explanation.flight!.verdict).toBe('promoted')
  })

  it('is not flown in where something is wrong, and queries are explained all the same', () => {
    const policy = rollout(4, `${analysed()}, trafficRouting: {managedRoutes: 7}`, false) + template('check', '', 'up')
    const { explanation, problems } = explained(policy)
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true)
    expect(explanation.flight).toBeNull()
    expect(explanation.metrics[0]!.query!.selectors[0]).toMatchObject({ text: 'up', series: null })
  })
})
