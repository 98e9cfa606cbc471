import { describe, expect, it } from 'vitest'
import { type ArgoPolicy, readPolicy } from '../../../src/policy/argo/policy.js'
import { versionOf } from '../../../src/policy/argo/version.js'
import { readManifests } from '../../../src/scenario/load.js'
import { placeOf } from '../../../src/scenario/manifest.js'
import { type Problem, Problems } from '../../../src/scenario/problem.js'

const rollout = (canary: string, spec = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"}]}
  ${spec}
  strategy:
    canary: ${canary}
`

const step = (args = '[{name: hash, value: x}]') =>
  rollout(`{steps: [{analysis: {templates: [{templateName: check}], args: ${args}}}]}`)

const fieldRef = (path: string) => step(`[{name: hash, valueFrom: {fieldRef: {fieldPath: "${path}"}}}]`)

const template = (metric = '') => `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  args: [{name: hash}]
  metrics:
    - {name: errors, provider: {prometheus: {address: "http://p", query: "q"}} ${metric}}
`

describe('A policy', () => {
  it('is read with the defaults of the controller', () => {
    const { policy, problems } = read(rollout('{steps: [{setWeight: 25}, {pause: {duration: 90s}}, {pause: {}}]}'))
    expect(problems).toEqual([])
    expect(policy!.rollout.canary.steps).toEqual([
      { kind: 'setWeight', weight: 25 },
      { kind: 'pause', durationMs: 90_000, asWritten: '90s' },
      { kind: 'pause', durationMs: undefined, asWritten: undefined },
    ])
    expect(policy!.rollout.progressDeadlineMs).toBe(600_000)
    expect(policy!.rollout.revisionHistoryLimit).toBe(10)
  })

  it.each([
    ['30', 30_000],
    ['"30"', 30_000],
    ['1m30s', 90_000],
    ['2500ms', 2_000],
    ['1h', 3_600_000],
    ['0', 0],
  ])('has pauses of whole seconds: %s', (written, durationMs) => {
    const { policy, problems } = read(rollout(`{steps: [{pause: {duration: ${written}}}]}`))
    expect(problems).toEqual([])
    expect(policy!.rollout.canary.steps[0]).toMatchObject({ durationMs })
  })

  it.each([
    ['metadata.name', 'shop'],
    ['metadata.namespace', 'default'],
    ["metadata.labels['none']", ''],
    ['spec.replicas', '4'],
    ['spec.template.spec.containers[0].image', 'shop:1'],
    ['spec.progressDeadlineSeconds', '1e+06'],
  ])('gives arguments the value at %s', (path, value) => {
    const { policy, problems } = read(rollout('{}', 'progressDeadlineSeconds: 1000000'))
    expect(problems).toEqual([])
    expect(policy!.rollout.field(path, policy!.rollout.template)).toBe(value)
  })

  it('takes arguments for analysis from the Rollout, the template and the version', () => {
    const { problems } = read(
      rollout(
        '{analysis: {templates: [{templateName: check}], args: [{name: hash, valueFrom: {podTemplateHashValue: Latest}}]}}',
      ),
      template(),
    )
    expect(problems).toEqual([])
  })
})

describe('What the controller would reject is told with its place', () => {
  it.each([
    [
      'a weight out of range',
      rollout('{steps: [{setWeight: 101}]}'),
      'SetWeight needs to be between 0 and 100, not 101',
    ],
    ['a pause in days', rollout('{steps: [{pause: {duration: 1d}}]}'), 'Duration needs to be greater than 0, not "1d"'],
    ['a step of two kinds', rollout('{steps: [{setWeight: 5, pause: {}}]}'), 'not setWeight and pause'],
    [
      'a step of no kind',
      rollout('{steps: [{pause: }]}'),
      'Step must have one of the following set: experiment, setWeight',
    ],
    ['no room to roll', rollout('{maxSurge: 0, maxUnavailable: 0}'), 'both can not be zero'],
    ['a scale-down delay without a router', rollout('{scaleDownDelaySeconds: 5}'), 'only be used with traffic routing'],
    [
      'a size that follows traffic without a router',
      rollout('{dynamicStableScale: true}'),
      'only be used with traffic',
    ],
    [
      'a canary scale without a router',
      rollout('{steps: [{setCanaryScale: {replicas: 1}}]}'),
      'SetCanaryScale requires TrafficRouting to be set',
    ],
    ['a deadline that ends before a pod counts', rollout('{}', 'minReadySeconds: 600'), 'greater than minReadySeconds'],
    [
      'a selector that matches nothing',
      rollout('{}').replace('matchLabels: {app: shop}', 'matchLabels: {app: x}'),
      'does not match template',
    ],
    [
      'a router without Services',
      rollout('{trafficRouting: {nginx: {stableIngress: web}}}'),
      'must to be set to use Traffic Routing',
    ],
    ['one Service for both', rollout('{canaryService: a, stableService: a}'), 'two different services are required'],
    [
      'a template that is not there',
      rollout('{analysis: {templates: [{templateName: chekc}]}}'),
      "AnalysisTemplate 'chekc' not found",
    ],
    ['a Service that is not there', rollout('{canaryService: nowhere}'), 'service "nowhere" not found'],
    [
      'a step analysis without an end',
      `${rollout('{steps: [{analysis: {templates: [{templateName: check}], args: [{name: hash, value: x}]}}]}')}---${template(', interval: 10s')}`,
      'has metric errors which runs indefinitely',
    ],
    [
      'an argument without a value',
      `${rollout('{analysis: {templates: [{templateName: check}]}}')}---${template()}`,
      'args.hash was not resolved',
    ],
    ['an empty selector', rollout('{}').replace('{matchLabels: {app: shop}}', '{}'), 'empty selector is invalid'],
    [
      'a selector by expressions that matches nothing',
      rollout('{}').replace(
        '{matchLabels: {app: shop}}',
        '{matchExpressions: [{key: app, operator: NotIn, values: [shop]}]}',
      ),
      '`selector` does not match template `labels`: app',
    ],
    [
      'a selector that no controller can build',
      rollout('{}').replace('{matchLabels: {app: shop}}', '{matchExpressions: [{key: app, operator: Is}]}'),
      '"Is" is not a valid label selector operator',
    ],
    [
      'a label that is no text',
      rollout('{}').replace('labels: {app: shop}', 'labels: {app: shop, v: 1}'),
      'labels.v must be text',
    ],
    ['containers that are no list', rollout('{}').replace(/\[\{name: shop.*\}\]/, 'text'), 'containers must be a list'],
    [
      'no containers',
      rollout('{}').replace(/\[\{name: shop.*\}\]/, '[]'),
      'spec.template.spec.containers: Required value',
    ],
    [
      'a container that is a text',
      rollout('{}').replace(/\[\{name: shop.*\}\]/, '[text]'),
      'containers[0] must be a mapping',
    ],
    [
      'a container without a name',
      rollout('{}').replace('{name: shop, image', '{image'),
      'containers[0].name: Required value',
    ],
    [
      'a container without an image',
      rollout('{}').replace('image: "shop:1"', 'image: ""'),
      'spec.template.spec.containers[0].image: Required value',
    ],
    [
      'less than no replicas',
      rollout('{}').replace('replicas: 4', 'replicas: -1'),
      'replicas must be greater than or equal to 0',
    ],
    [
      'more replicas than 32 bits hold',
      rollout('{}').replace('replicas: 4', 'replicas: 99999999999'),
      'a whole number of 32 bits',
    ],
    [
      'more replicas than are simulated',
      rollout('{}').replace('replicas: 4', 'replicas: 100001'),
      '100001 replicas are not simulated',
    ],
    [
      'a Rollout of another group',
      rollout('{}').replace('argoproj.io/v1alpha1', 'apps/v1'),
      'apps/v1 has no kind Rollout',
    ],
    ['a version that does not exist', rollout('{}').replace('v1alpha1', 'v1'), "argoproj.io/v1 doesn't exist"],
    [
      'a path that pods know no such of',
      `${fieldRef('metadata.foo')}---${template()}`,
      'metadata supported by downwardAPI',
    ],
    [
      'a template that nests itself',
      `${step()}---${template().replace('  metrics:', '  templates: [{templateName: check}]\n  metrics:')}`,
      'templates refer to each other in a cycle: check → check',
    ],
    [
      'ping-pong with a router that has none',
      rollout('{pingPong: {pingService: a, pongService: b}, trafficRouting: {nginx: {stableIngress: web}}}'),
      'Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only',
    ],
    ['ping-pong with one Service', rollout('{pingPong: {pingService: a, pongService: a}}'), 'two different services'],
    [
      'another maximum with a router that has none',
      rollout(
        '{canaryService: a, stableService: b, trafficRouting: {maxTrafficWeight: 10, istio: {virtualService: {name: a}}}}',
      ),
      'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins',
    ],
    [
      'a load balancer without a port',
      rollout('{canaryService: a, stableService: b, trafficRouting: {alb: {ingress: web}}}'),
      'alb.servicePort: Required value',
    ],
    [
      'a Traefik service that is not there',
      rollout('{canaryService: a, stableService: b, trafficRouting: {traefik: {weightedTraefikServiceName: web}}}'),
      'traefikservices.traefik.io "web" not found',
    ],
    [
      'TrafficSplit without Services',
      rollout('{trafficRouting: {smi: {}}}'),
      'Stable service must to be set to use Traffic Routing',
    ],
    ['a header route without a router', rollout('{steps: [{setHeaderRoute: {name: a}}]}'), 'requires TrafficRouting'],
    [
      'a header route that is not managed',
      rollout(
        '{steps: [{setHeaderRoute: {name: a}}], trafficRouting: {managedRoutes: [{name: b}], istio: {virtualService: {name: a}}}}',
      ),
      'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes',
    ],
    [
      'no strategy',
      rollout('{}').replace(/ {2}strategy:[\s\S]*/, ''),
      'spec.strategy.canary or .spec.strategy.blueGreen',
    ],
  ])('%s', (_, text, message) => {
    const { problems } = read(text)
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
    for (const { severity, line, column } of problems) {
      expect(severity).toBe('error')
      expect(line).toBeGreaterThan(0)
      expect(column).toBeGreaterThan(0)
    }
  })

  it.each([
    [
      'an interval in days',
      `${step()}---${template(', interval: 1d, count: 2')}`,
      'metrics[0]: invalid interval string: time: unknown unit "d"',
      'invalid-duration',
    ],
    [
      'a delay that is no duration',
      `${step()}---${template(', initialDelay: x')}`,
      'invalid startDelay string: time: invalid duration "x"',
      'invalid-duration',
    ],
    [
      'a limit below what disables it',
      `${step()}---${template(', failureLimit: -7')}`,
      'failureLimit must be >= 0, or -1 to be disabled',
      'limit-below-zero',
    ],
    [
      'fewer measurements than limits',
      `${step()}---${template(', interval: 1s, count: 2, failureLimit: 3')}`,
      'count (2) must be >= failureLimit + ',
      'count-below-limits',
    ],
    [
      'several measurements without an interval',
      `${step()}---${template(', count: 2')}`,
      'interval must be specified when count > 1',
      'count-without-interval',
    ],
    [
      'an interval that comes from an argument',
      `${step('[{name: hash, value: 1d}]')}---${template(', interval: "{{args.hash}}", count: 2')}`,
      'invalid interval string',
      'invalid-duration',
    ],
  ])('only warns of %s: each run ends there as an Error', (_, text, message, code) => {
    const { problems } = read(text)
    expect(problems).toMatchObject([{ severity: 'warning', code }])
    expect(problems[0]!.message).toContain(message)
  })

  it.each([
    ['a path that leads nowhere', `${fieldRef('spec.nope.x')}---${template()}`, 'invalid path spec.nope.x in rollout'],
    ['a path to a mapping', `${fieldRef('spec.strategy')}---${template()}`, 'must terminate in a primitive value'],
    [
      'a path beyond a list',
      `${fieldRef('spec.template.spec.containers[9].image')}---${template()}`,
      'index 9 out of range',
    ],
    [
      'a path with a quoted name',
      `${fieldRef("spec.template.metadata.labels['app']")}---${template()}`,
      'invalid path',
    ],
  ])('only warns of %s: the rollout hangs there', (_, text, message) => {
    const { problems } = read(text)
    expect(problems).toMatchObject([{ severity: 'warning', code: 'invalid-field-path' }])
    expect(problems[0]!.message).toContain(message)
  })

  it('names the template that was probably meant', () => {
    const text = `${rollout('{analysis: {templates: [{templateName: chekc}]}}')}---${template()}`
    expect(read(text).problems.find(({ code }) => code === 'missing-reference')?.hint).toMatch(/^Did you mean check\? /)
  })
})

describe('What is not simulated is refused by name, never ignored', () => {
  it.each([
    [
      'spec.strategy.canary.trafficRouting.plugins.argoproj-labs/gatewayAPI.httpRouteSelector',
      rollout('{trafficRouting: {plugins: {argoproj-labs/gatewayAPI: {httpRoute: a, httpRouteSelector: {}}}}}'),
    ],
    [
      'spec.strategy.canary.steps[0].experiment.templates[0].selector.matchExpressions',
      rollout('{steps: [{experiment: {templates: [{name: a, specRef: canary, selector: {matchExpressions: []}}]}}]}'),
    ],
    [
      'spec.metrics[0].provider.job.spec.podFailurePolicy',
      `${rollout('{}')}---${template().replace(/\{prometheus: .*?\}/, '{job: {spec: {template: {}, podFailurePolicy: {}}}')}`,
    ],
  ])('%s', (name, text) => {
    const refused = read(text).problems.filter(({ code }) => code === 'unsupported-field')
    expect(refused.map(({ message }) => message)).toContain(`${name} is not simulated`)
  })

  it('warns about a field that the API server would drop, and says what was meant', () => {
    const { problems } = read(rollout('{stesp: []}'))
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'unknown-field', line: 13, hint: expect.stringMatching(/^Did you mean steps\? /) },
    ])
  })

  it('warns about a restart that has a time', () => {
    const { problems } = read(rollout('{}', 'restartAt: "2026-01-01T00:00:00Z"'))
    expect(problems).toMatchObject([{ severity: 'warning', code: 'restart-is-past' }])
  })

  it('warns about bounds that never make a pod, unless a router decides about sizes', () => {
    const codes = (canary: string) => read(rollout(canary)).problems.map(({ code }) => code)
    expect(codes('{maxSurge: abc}')).toEqual(['no-pod-can-be-made'])
    expect(codes('{maxSurge: abc, trafficRouting: {plugins: {a/b: {}}}}')).toEqual([])
  })

  it('warns about the name of a plugin that is nearly the known one', () => {
    const { problems } = read(rollout('{trafficRouting: {plugins: {argoproj-labs/gatewayApi: {}}}}'))
    expect(problems).toMatchObject([{ code: 'unknown-plugin', hint: 'Did you mean argoproj-labs/gatewayAPI?' }])
  })

  it('warns about objects that have no part in the simulation', () => {
    const { problems } = read(
      `${rollout('{}')}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\n`,
    )
    const hint = 'It scales something else than Rollout shop.'
    expect(problems).toMatchObject([{ severity: 'warning', code: 'not-simulated', hint }])
  })

  it('asks whether another kind was meant', () => {
    const { problems } = read(`${rollout('{}')}---\napiVersion: v1\nkind: Sevice\nmetadata: {name: h}\n`)
    expect(problems).toMatchObject([{ code: 'not-simulated', hint: 'Did you mean Service?' }])
  })
})

describe('A policy needs exactly one Rollout', () => {
  it('does not ask for one when a manifest that may be it could not be read', () => {
    expect(read(rollout('{}').replace('name: shop', '')).problems.map(({ code }) => code)).toEqual(['manifest-name'])
  })

  it('says so when there is none', () => {
    expect(read(template()).problems).toMatchObject([{ code: 'no-rollout' }])
  })

  it('says so when there are two', () => {
    expect(read(`${rollout('{}')}---${rollout('{}')}`).problems).toMatchObject([{ code: 'several-rollouts' }])
  })
})

describe('Of the same manifests', () => {
  const manifestsOf = (text: string) => readManifests(['policy.yaml'], { read: () => ({ text }) }, new Problems())

  it('a policy is read once, and whoever asks is told the same', () => {
    const manifests = manifestsOf(
      `${rollout('{ analysis: { templates: [{ templateName: nowhere }] } }')}---${template()}`,
    )
    const [first, second] = [new Problems(), new Problems()]
    const policy = readPolicy(manifests, first)
    expect(readPolicy(manifests, second)).toBe(policy)
    expect(second.inOrder).toEqual(first.inOrder)
    expect([second.errorCount, first.errorCount]).toEqual([1, 1])
  })

  it('it is another for another controller, and where something was refused before', () => {
    const manifests = manifestsOf(rollout('{}'))
    const policy = readPolicy(manifests, new Problems())
    expect(readPolicy(manifests, new Problems(), versionOf('1.8.4'))).not.toBe(policy)
    const problems = new Problems()
    problems.error('invalid-spec', placeOf(manifests[0]!), 'refused before', { verbatim: 'refused before' })
    expect(readPolicy(manifests, problems)!.refusal).toMatchObject({ words: 'refused before' })
    expect(readPolicy(manifests, new Problems())!.refusal).toBeUndefined()
  })
})

function read(...texts: readonly string[]): { policy: ArgoPolicy | undefined; problems: readonly Problem[] } {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: texts.join('---') }) }, problems)
  return { policy: readPolicy(manifests, problems), problems: problems.sorted() }
}
