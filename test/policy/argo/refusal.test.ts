import { describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { ArgoRollouts } from '../../../src/policy/argo/controller.js'
import { type ArgoPolicy, readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'

const rollout = (canary: string, spec = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: demo}
spec:
  replicas: 2
  ${spec}
  selector: {matchLabels: {app: demo}}
  template:
    metadata: {labels: {app: demo}}
    spec: {containers: [{name: app, image: "demo:1"}]}
  strategy: {canary: ${canary}}
`

const service = (selector: string) =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: ${selector}}\n`

/** Everything that can be wrong at once; each row mends one thing more, and names what the controller says then. */
const steps = '[{setWeight: 101}, {pause: {duration: 1d}}]'
const orders: readonly (readonly [name: string, text: string, words: string])[] = [
  [
    'the labels of the template',
    rollout(`{maxSurge: 0, maxUnavailable: 0, canaryService: web, steps: ${steps}}`, 'minReadySeconds: -1').replace(
      'labels: {app: demo}',
      'labels: {app: other, "a<b": x}',
    ) + service('{app: shop}'),
    'spec.template.metadata.labels: Invalid value: {"a\\u003cb":"x","app":"other"}: `selector` does not match template `labels`',
  ],
  [
    'then numbers',
    rollout(`{maxSurge: 0, maxUnavailable: 0, canaryService: web, steps: ${steps}}`, 'minReadySeconds: -1'),
    'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'then maxSurge and maxUnavailable',
    rollout(`{maxSurge: 0, maxUnavailable: 0, canaryService: web, steps: ${steps}}`),
    'spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero',
  ],
  [
    'then the steps in their order',
    rollout(`{canaryService: web, steps: ${steps}}`),
    'spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100',
  ],
  [
    'each of them',
    rollout('{canaryService: web, steps: [{pause: {duration: 1d}}]}'),
    'spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0',
  ],
  [
    'then whether the Services are there',
    rollout('{canaryService: web, analysis: {templates: [{templateName: check}]}}'),
    'spec.strategy.canary.canaryService: Invalid value: "web": service "web" not found',
  ],
  [
    'then whether the templates are',
    rollout('{canaryService: web, analysis: {templates: [{templateName: check}]}}') + service('{app: shop}'),
    'spec.strategy.canary.analysis.templates: Invalid value: "check": AnalysisTemplate \'check\' not found',
  ],
  [
    'then whether a Service fits',
    rollout('{canaryService: web}') + service('{app: shop}'),
    'spec.strategy.canary.canaryService: Invalid value: "web": Service "web" has unmatch label "app" in rollout',
  ],
]

describe('Of everything that is wrong the controller tells the first in its own order', () => {
  it.each(orders)('%s', (_, text, words) => {
    expect(read(text).refusal).toEqual({ words, retryMs: undefined })
  })

  it('and nothing when all is right', () => {
    expect(read(rollout('{canaryService: web}') + service('{app: demo}')).refusal).toBeUndefined()
  })

  it('but a selector that can not be built leaves it without a word', () => {
    const text = rollout('{maxSurge: 0, maxUnavailable: 0}').replace('{app: demo}}', '{app: "-"}}')
    expect(read(text).refusal).toEqual({ words: undefined, retryMs: undefined })
  })

  it('and a workload that is not there has it come back every 20 seconds', () => {
    const text = rollout('{}', 'workloadRef: {apiVersion: apps/v1, kind: Deployment, name: work}').replace(
      / {2}template:[\s\S]*\}\]\}\n/,
      '',
    )
    expect(read(text).refusal).toEqual({ words: 'deployments.apps "default/work" not found', retryMs: 20_000 })
  })
})

describe('A refused Rollout', () => {
  it('is told once, does nothing, and is looked at after twice the time each time', () => {
    const { loop, cluster, controller, written } = refused()
    loop.run(3_000)
    expect(cluster.replicaSets).toEqual([])
    expect(written).toEqual([
      [0, ''],
      [
        10,
        'InvalidSpec: The Rollout "demo" is invalid: spec.strategy.canary.canaryService: Invalid value: "web": service "web" not found',
      ],
    ])
    // Nobody tells the controller that the Service has come: it looks again when 1, 2, 4, … 2048 ms are over.
    controller.find(read(rollout('{canaryService: web}') + service('{app: demo}')))
    loop.run(4_000)
    expect(cluster.replicaSets).toEqual([])
    loop.run(4_200)
    expect(cluster.replicaSets).toHaveLength(1)
  })

  it('waits the longer, the more often somebody edits it', () => {
    const { loop, cluster, controller } = refused()
    loop.run(3_000)
    controller.apply(controller.rollout.spec)
    loop.run(4_200)
    controller.find(read(rollout('{canaryService: web}') + service('{app: demo}')))
    loop.run(12_200)
    expect(cluster.replicaSets).toEqual([])
    loop.run(12_400)
    expect(cluster.replicaSets).toHaveLength(1)
  })
})

function refused() {
  const loop = new Loop()
  const cluster = new Cluster(loop, { created: () => {} })
  const policy = read(rollout('{canaryService: web}'))
  const written: (readonly [number, string])[] = []
  const controller: ArgoRollouts = new ArgoRollouts(policy.rollout, policy.catalogue, {
    loop,
    cluster,
    query: () => ({ kind: 'error', message: '', latencyMs: 0 }),
    journal: { wrote: () => written.push([loop.now, controller.rollout.status.message]), event: () => {} },
  })
  controller.find(policy)
  controller.apply(policy.rollout)
  return { loop, cluster, controller, written }
}

function read(text: string): ArgoPolicy {
  const problems = new Problems()
  return readPolicy(readManifests(['policy.yaml'], { read: () => ({ text }) }, problems), problems)!
}
