// Experiments in manifests: what is taken, what the controller refuses, and what shows only when an update gets there.
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

function read(text: string) {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  const policy = readPolicy(manifests, problems)
  return { policy, problems: problems.sorted() }
}

const rollout = (experiment: string, routing = '', ports = ', ports: [{containerPort: 80}]') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1"${ports}}]}
  strategy:
    canary: {${routing} steps: [{experiment: {${experiment}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: stable}
spec: {selector: {app: shop}}
---
apiVersion: v1
kind: Service
metadata: {name: canary}
spec: {selector: {app: shop}}
`
const smi = 'stableService: stable, canaryService: canary, trafficRouting: {smi: {}},'
const one = 'duration: 1m, templates: [{name: next, specRef: canary}]'

/** What is said, with the line and column where. */
const said = (text: string) =>
  read(text).problems.map(({ severity, line, column, message }) => `${line}:${column} ${severity}: ${message}`)

describe('A step', () => {
  it('reads with one pod a template, thirty seconds until they go, and no Service', () => {
    const { policy, problems } = read(rollout(one))
    expect(problems).toEqual([])
    expect(policy?.rollout.canary.steps).toMatchObject([
      {
        kind: 'experiment',
        experiment: {
          durationMs: 60_000,
          scaleDownDelayMs: 30_000,
          analyses: [],
          templates: [{ name: 'next', version: 'canary', replicas: 1, weight: undefined, service: undefined }],
        },
      },
    ])
  })

  it.each([
    [
      'weight without a router',
      'templates: [{name: a, specRef: canary, weight: 5}]',
      'Experiment template weight cannot be set unless TrafficRouting is enabled',
    ],
    ['no name', 'templates: [{specRef: canary}]', 'has no name'],
    [
      'a selector that its pods do not fit',
      'templates: [{name: a, specRef: canary, selector: {matchLabels: {app: other}}}]',
      '`selector` does not match template `labels`: app',
    ],
    [
      'an analysis without a template',
      `templates: [{name: a, specRef: canary}], analyses: [{name: x}]`,
      'templateName is missing',
    ],
  ])('is refused with %s', (_, experiment, message) => {
    const errors = read(rollout(`duration: 1m, ${experiment}`)).problems.filter(({ severity }) => severity === 'error')
    expect(errors.map((problem) => problem.message)).toContainEqual(expect.stringContaining(message))
  })

  it.each([
    [
      'a version that is neither',
      'templates: [{name: a, specRef: preview}]',
      'specRef is canary or stable, not "preview"',
    ],
    ['no templates', 'templates: []', 'names no templates: a rollout hangs here'],
    [
      'a name twice',
      'templates: [{name: a, specRef: canary}, {name: a, specRef: stable}]',
      "has repeated template name 'a' in templates",
    ],
    ['an empty name', "templates: [{name: '', specRef: canary}]", 'has empty template name'],
  ])('is warned of with %s: a rollout never gets past it', (_, experiment, message) => {
    const { problems } = read(rollout(`duration: 1m, ${experiment}`))
    expect(problems).toContainEqual(
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining(message) }),
    )
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('may have weights with a plugin as router, but not with that for the Gateway API', () => {
    const weighted = 'duration: 1m, templates: [{name: a, specRef: canary, weight: 5}]'
    const through = (plugin: string) => rollout(weighted, smi.replace('smi: {}', `plugins: {${plugin}}`))
    expect(said(through('acme/router: {}'))).toEqual([])
    expect(said(through('argoproj-labs/gatewayAPI: {httpRoute: web}'))).toContainEqual(
      expect.stringContaining('a weight of an experiment through argoproj-labs/gatewayAPI is not simulated'),
    )
  })

  it('may give its pods labels that a selector of its own fits', () => {
    const labels = 'metadata: {labels: {app: preview}}, selector: {matchLabels: {app: preview}}'
    expect(said(rollout(`duration: 1m, templates: [{name: a, specRef: canary, ${labels}}]`))).toEqual([])
  })

  it('without an end is told of: no duration, one that is none, and nothing that it waits for', () => {
    const templates = 'templates: [{name: a, specRef: canary}]'
    const noEnd = 'this experiment has no end'
    expect(said(rollout(templates))).toEqual([expect.stringContaining(`warning: ${noEnd}: no duration`)])
    expect(said(rollout(`duration: 1d, ${templates}`))).toEqual([
      expect.stringContaining(`${noEnd}: "1d" is no duration`),
    ])
  })

  it('with a weight but no port is told of: its pods get no Service', () => {
    const weighted = 'duration: 1m, templates: [{name: a, specRef: canary, weight: 5}]'
    expect(said(rollout(weighted, smi))).toEqual([])
    expect(said(rollout(weighted, smi, ''))).toEqual([expect.stringContaining('template a gets no Service')])
  })
})

describe('Its analyses', () => {
  const analyses = (name: string) => `${one}, analyses: [{name: x, templateName: ${name}, requiredForCompletion: true}]`
  const template = `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: needy}
spec:
  args: [{name: host}]
  metrics: [{name: m, provider: {prometheus: {address: "http://p", query: m}}}]
`

  it('are looked at only when they begin, so that what is wrong with them is a warning', () => {
    expect(said(rollout(analyses('none')))).toEqual([
      expect.stringContaining("warning: AnalysisTemplate 'none' not found"),
    ])
    expect(said(`${rollout(analyses('needy'))}${template}`)).toEqual([
      expect.stringContaining('warning: args.host was not resolved'),
    ])
  })
})

describe('An Experiment that no step makes', () => {
  const own = (labels: string) => `${rollout(one)}---
apiVersion: argoproj.io/v1alpha1
kind: Experiment
metadata: {name: purple}
spec:
  templates: [{name: a, selector: {matchLabels: ${labels}}, template: {metadata: {labels: ${labels}}}}]
`

  it('is left out with a word', () => {
    expect(said(own('{app: other}'))).toEqual([
      expect.stringContaining('warning: Experiment purple is not simulated: it is left out'),
    ])
  })

  it('is refused where requests would reach its pods', () => {
    expect(said(own('{app: shop}'))).toEqual([
      expect.stringContaining('error: Service stable selects the pods of Experiment purple, which are not simulated'),
    ])
  })
})
