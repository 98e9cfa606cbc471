// A Rollout that takes its template from another workload.
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const rollout = (reference: string, more = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 3
  ${more}
  workloadRef: {${reference}}
  strategy: {canary: {}}
`
const toDeployment = 'apiVersion: apps/v1, kind: Deployment, name: work, scaleDown: onsuccess'

const deployment = (name = 'work', kind = 'Deployment') => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: 5
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: "shop:7"}]}
`

describe('The template of a workload', () => {
  it('is the Rollout’s, with its selector; its replicas are not', () => {
    const { policy, problems } = read(`${rollout(toDeployment)}---${deployment()}`)
    expect(problems).toEqual([])
    expect(policy!.rollout).toMatchObject({ replicas: 3, template: { image: 'shop:7', labels: { app: 'shop' } } })
  })

  it.each([
    [
      'of a ReplicaSet',
      'apiVersion: apps/v1, kind: ReplicaSet, name: work',
      deployment('work', 'ReplicaSet').replace('replicas: 5', 'replicas: 0'),
    ],
    [
      'of a PodTemplate, with the selector of the Rollout',
      'apiVersion: v1, kind: PodTemplate, name: work',
      'apiVersion: v1\nkind: PodTemplate\nmetadata: {name: work}\ntemplate: {metadata: {labels: {app: shop}}, spec: {containers: [{name: web, image: "shop:7"}]}}\n',
    ],
  ])('may be that %s', (_, reference, workload) => {
    const { policy, problems } = read(`${rollout(reference, 'selector: {matchLabels: {app: shop}}')}---\n${workload}`)
    expect(problems).toEqual([])
    expect(policy!.rollout.template.image).toBe('shop:7')
  })

  it.each([
    ['Deployment', ', and rolls them to every release at once, whatever the steps say'],
    ['ReplicaSet', ''],
  ])('of a %s with pods of its own is told of', (kind, more) => {
    const reference = `apiVersion: apps/v1, kind: ${kind}, name: work`
    const { problems } = read(`${rollout(reference)}---${deployment('work', kind)}`)
    expect(problems).toEqual([`workload-serves ${kind} work keeps pods of its own${more}`])
  })

  it.each([
    ['that isn’t there', rollout(toDeployment), 'unresolved-workload deployments.apps "work" not found'],
    [
      'of another kind',
      rollout('apiVersion: apps/v1, kind: StatefulSet, name: work'),
      'unresolved-workload workload of type apps/StatefulSet is not supported',
    ],
    [
      'beside a template',
      `${rollout(toDeployment, 'template: {metadata: {labels: {app: shop}}}')}---${deployment()}`,
      'unresolved-workload template must be empty for workload reference rollout',
    ],
  ])('%s is refused', (_, manifests, told) => {
    expect(read(manifests).problems).toContain(told)
  })
})

it('A workload that nothing refers to is left out with a word', () => {
  const { problems } = read(`${rollout(toDeployment)}---${deployment()}---${deployment('other')}`)
  expect(problems).toEqual(['not-simulated Deployment other is not simulated: it is left out'])
})

function read(text: string) {
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  const policy = readPolicy(manifests, problems)
  return { policy, problems: problems.sorted().map(({ code, message }) => `${code} ${message}`) }
}
