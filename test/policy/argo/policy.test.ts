import { describe, expect, it } from 'vitest'
import { type ArgoPolicy, readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
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
    ['a step of two kinds', rollout('{steps: [{setWeight: 5, pause: {}}]}'), 'setWeight and pause, not both'],
    ['a step of no kind', rollout('{steps: [{pause: }]}'), 'none of setWeight, pause and analysis'],
    ['no room to roll', rollout('{maxSurge: 0, maxUnavailable: 0}'), 'both can not be zero'],
    ['a scale-down delay without a router', rollout('{scaleDownDelaySeconds: 5}'), 'only be used with traffic routing'],
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
    ['a Service that is not there', rollout('{canaryService: nowhere}'), 'Service "nowhere" not found'],
    [
      'a step analysis without an end',
      `${rollout('{steps: [{analysis: {templates: [{templateName: check}], args: [{name: hash, value: x}]}}]}')}---${template(', interval: 10s')}`,
      'metric errors runs indefinitely',
    ],
    [
      'an argument without a value',
      `${rollout('{analysis: {templates: [{templateName: check}]}}')}---${template()}`,
      'args.hash was not resolved',
    ],
    ['no strategy', rollout('{}').replace(/ {2}strategy:[\s\S]*/, ''), 'spec.strategy is missing'],
  ])('%s', (_, text, message) => {
    const { problems } = read(text)
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
    for (const { severity, line, column } of problems) {
      expect(severity).toBe('error')
      expect(line).toBeGreaterThan(0)
      expect(column).toBeGreaterThan(0)
    }
  })

  it('names the template that was probably meant', () => {
    const text = `${rollout('{analysis: {templates: [{templateName: chekc}]}}')}---${template()}`
    expect(read(text).problems.find(({ code }) => code === 'missing-reference')?.hint).toBe('Did you mean check?')
  })
})

describe('What is not simulated is refused by name, never ignored', () => {
  it.each([
    ['spec.strategy.blueGreen', rollout('{}').replace('canary: {}', 'blueGreen: {activeService: a}')],
    ['spec.strategy.canary.dynamicStableScale', rollout('{dynamicStableScale: true}')],
    [
      'spec.strategy.canary.trafficRouting.alb',
      rollout('{canaryService: a, stableService: b, trafficRouting: {alb: {}}}'),
    ],
    ['spec.strategy.canary.steps[0].setCanaryScale', rollout('{steps: [{setCanaryScale: {replicas: 1}}]}')],
    ['spec.workloadRef', rollout('{}', 'workloadRef: {kind: Deployment}')],
    ['spec.metrics[0].provider.web', `${rollout('{}')}---${template().replace('prometheus', 'web')}`],
  ])('%s', (name, text) => {
    const refused = read(text).problems.filter(({ code }) => code === 'unsupported-field')
    expect(refused.map(({ message }) => message)).toContain(`${name} is not simulated`)
  })

  it('warns about a field that the API server would drop, and says what was meant', () => {
    const { problems } = read(rollout('{stesp: []}'))
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'unknown-field', line: 13, hint: 'Did you mean steps?' },
    ])
  })

  it('warns about objects that have no part in the simulation', () => {
    const { problems } = read(
      `${rollout('{}')}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\n`,
    )
    expect(problems).toMatchObject([{ severity: 'warning', code: 'not-simulated' }])
  })
})

describe('A policy needs exactly one Rollout', () => {
  it('says so when there is none', () => {
    expect(read(template()).problems).toMatchObject([{ code: 'no-rollout' }])
  })

  it('says so when there are two', () => {
    expect(read(`${rollout('{}')}---${rollout('{}')}`).problems).toMatchObject([{ code: 'several-rollouts' }])
  })
})

function read(...texts: readonly string[]): { policy: ArgoPolicy | undefined; problems: readonly Problem[] } {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: texts.join('---') }) }, problems)
  return { policy: readPolicy(manifests, problems), problems: problems.sorted() }
}
