// Experiments in a flight: their pods run one of the two versions, and get requests by weight or through a Service.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, template, tryPlan } from './plans.js'

const scenario = (more = '') => `
teaches: What experiments do.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 30m
traffic: {rate: 1k/s}
service: {stable: {start: 10s, errors: 0.1%}}
observability: {scrape: {interval: 5s}}
${more}
`

const policy = (canary: string, more = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1", ports: [{containerPort: 80}]}]}
  strategy:
    canary: {${canary}}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http: [{route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]}]
${more}`

const istio = 'stableService: shop, canaryService: shop-canary, trafficRouting: {istio: {virtualService: {name: shop}}}'

const fly = (text: string, more = '') => flyRecorded(planOf(scenario(more), text), 1)

/** Percent of the requests that reach the new version, whichever pods run it. */
const shares = (record: ReturnType<typeof fly>) =>
  record.timeline.flatMap((entry) =>
    entry.what === 'traffic' ? [Math.round(entry.actualWeightPercent * 10) / 10] : [],
  )

describe('With a router', () => {
  const steps = (templates: string, more = '') =>
    `${istio}, steps: [{experiment: {duration: 2m, templates: [${templates}]${more}}}, {setWeight: 50}, {pause: {}}]`

  it('the pods of a template get its weight, beside whatever the canary has', () => {
    const record = fly(policy(steps('{name: next, specRef: canary, weight: 20}')))
    expect(shares(record)).toEqual([20, 0, 50])
  })

  it('what runs the stable version is none of the release', () => {
    const record = fly(policy(steps('{name: base, specRef: stable, weight: 20}')))
    expect(shares(record)).toEqual([50])
  })

  it('a template without a weight gets no requests', () => {
    const record = fly(policy(steps('{name: next, specRef: canary}')))
    expect(shares(record)).toEqual([50])
  })

  it('a fault of the new version strikes its pods in an experiment', () => {
    const faults = 'faults: [{on: canary, errors: 50%}]'
    const record = fly(policy(steps('{name: next, specRef: canary, weight: 20}')), faults)
    const { exposed, excess } = record.blastRadius.requests
    expect(exposed).toBeGreaterThan(0)
    expect(excess / exposed).toBeCloseTo(0.5, 1)
    expect(record.blastRadius.peakWeightPercent).toBe(50)
    // Ten seconds to start the pods of the experiment, and none of the canary itself yet.
    expect(record.times.onsetMs! - record.times.releasedMs).toBeLessThan(11_000)
  })

  it('its metrics have a Service and labels of their own, which an analysis asks for by the hash of a template', () => {
    const query =
      'sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}",code="500"}[30s])) / sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.hash}}"}[30s]))'
    const errors = template(
      'errors',
      'interval: 10s\n      failureLimit: 1\n      successCondition: result[0] < 0.1',
      query,
    ).replace('spec:\n', 'spec:\n  args: [{name: hash}]\n')
    const analyses =
      ', analyses: [{name: errors, templateName: errors, args: [{name: hash, value: "{{templates.next.podTemplateHash}}"}]}]'
    const app = 'observability: {dialect: app, scrape: {interval: 5s}}'
    const text = policy(steps('{name: next, specRef: canary, weight: 20}', analyses), errors)
    const plain = scenario('faults: [{on: canary, errors: 50%}]').replace(/observability:.*/, app)
    const record = flyRecorded(planOf(plain, text), 1)
    expect(record.verdict).toBe('aborted')
    expect(record.timeline.find(({ what }) => what === 'measurement')).toMatchObject({ metric: 'errors' })
    expect(shares(record)).toEqual([20, 0])
  })

  it('is what a signal reads of the version that its pods run', () => {
    const errors = template(
      'errors',
      'interval: 20s\n      failureLimit: 1\n      successCondition: result < 0.1',
      '',
    ).replace(/prometheus: .*/, 'datadog: {query: "avg:errors{*}"}}')
    const analyses = ', analyses: [{name: errors, templateName: errors}]'
    const text = policy(steps('{name: next, specRef: canary, weight: 20}', analyses), errors)
    const signals = 'signals: [{metric: errors, reads: errorRatio, of: canary, over: 30s}]'
    const seen = scenario('faults: [{on: canary, errors: 50%}]').replace('interval: 5s}', `interval: 5s}, ${signals}`)
    const record = flyRecorded(planOf(seen, text), 1)
    expect(record.verdict).toBe('aborted')
    const values = record.timeline.flatMap((entry) => (entry.what === 'measurement' ? [entry.value] : []))
    expect(Number(values.at(-1))).toBeCloseTo(0.5, 1)
  })

  it('gets its weight in every route that is managed, with a header route beside it in the same step', () => {
    const several = policy(
      `${istio.replace('{istio', '{managedRoutes: [{name: beta}], istio').replace('{name: shop}}', '{name: shop, routes: [a, b]}}')}, ` +
        'steps: [{setCanaryScale: {replicas: 1}}, {experiment: {duration: 2m, templates: [{name: next, specRef: canary, weight: 20}]}, ' +
        'setHeaderRoute: {name: beta, match: [{headerName: beta, headerValue: {exact: please}}]}}, {setWeight: 50}, {pause: {}}]',
    ).replace(
      /http: .*/,
      `http: [${['a', 'b'].map((name) => `{name: ${name}, route: [{destination: {host: shop}, weight: 100}, {destination: {host: shop-canary}, weight: 0}]}`).join(', ')}]`,
    )
    const record = fly(several)
    expect(shares(record)).toEqual([20, 0, 50])
    const completed = record.timeline.flatMap((entry) => (entry.what === 'event' ? [entry.message] : []))
    expect(completed).toContain('Rollout step 2/4 completed (experiment)')
  })

  it('weights of pods that get no Service are refused: nobody could tell where the requests go', () => {
    const text = policy(steps('{name: next, specRef: canary, weight: 20}')).replace(
      ', ports: [{containerPort: 80}]',
      '',
    )
    const { problems } = tryPlan(scenario(), text)
    expect(problems.map(({ code }) => code)).toContain('unsupported-field')
  })
})

describe('Without a router', () => {
  const steps = (template: string) =>
    `steps: [{experiment: {duration: 2m, scaleDownDelaySeconds: 5, templates: [${template}]}}, {pause: {}}]`

  it('every pod of an experiment gets its part, as a Service of the workload selects it', () => {
    const record = fly(policy(steps('{name: next, specRef: canary}')))
    expect(shares(record)).toEqual([20, 0])
  })

  it('unless it has labels that no such Service selects', () => {
    const labels = 'metadata: {labels: {app: preview}}, selector: {matchLabels: {app: preview}}'
    const record = fly(policy(steps(`{name: next, specRef: canary, ${labels}}`)))
    expect(shares(record)).toEqual([])
  })
})

describe('What a flight tells of an experiment', () => {
  it('is its phases, in the timeline', () => {
    const record = fly(policy('steps: [{experiment: {duration: 2m, templates: [{name: next, specRef: canary}]}}]'))
    const phases = record.timeline.flatMap((entry) => (entry.what === 'experiment' ? [entry.phase] : []))
    expect(phases).toEqual(['Pending', 'Running', 'Successful'])
    expect(record.verdict).toBe('promoted')
  })
})
