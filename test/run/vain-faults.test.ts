// Faults that come to less than whoever writes them is likely to mean are told, at their place.
import { describe, expect, it } from 'vitest'
import { rollout, tryPlan } from './plans.js'

const scenario = (more: string) => `
teaches: What faults come to.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: 50/s}
${more}
`
const limit = (policy: string) =>
  policy.replace('image: "shop:1"', 'image: "shop:1", resources: {limits: {memory: 512Mi}}')
const policy = limit(rollout(4, 'steps: [{setWeight: 20}, {pause: {duration: 5m}}]'))

function told(more: string, manifests = ''): readonly string[] {
  return tryPlan(scenario(more), `${policy}---\n${manifests}`).problems.map(({ code, file, line, column }) => {
    return `${file}:${line}:${column} ${code}`
  })
}

const chaos = (kind: string, spec: string) => `
apiVersion: chaos-mesh.org/v1alpha1
kind: ${kind}
metadata: {name: it, namespace: default}
spec: {selector: {labelSelectors: {app: shop}}, mode: one, ${spec}}
`

describe('Pods that die cost nothing where everybody hears of it at once', () => {
  it.each([
    '{on: stable, kill: pod}',
    '{on: canary, onset: 4m, kill: container}',
    '{on: both, crashLoop: true}',
    '{on: canary, onset: 4m, crashLoop: true}',
    '{on: canary, leak: {growth: 50Mi/m}}',
  ])('%s', (fault) => {
    expect(told(`faults: [${fault}]`)).toEqual(['scenario.yaml:7:10 deaths-uncounted'])
    expect(told(`cluster: {endpoints: {add: 1s}}\nfaults: [${fault}]`)).toEqual(['scenario.yaml:8:10 deaths-uncounted'])
    for (const remove of ['1s', '0s']) {
      expect(told(`cluster: {endpoints: {remove: ${remove}}}\nfaults: [${fault}]`)).toEqual([])
    }
  })

  it('documents of Chaos Mesh', () => {
    const isTold = (kind: string, spec: string) => told('', chaos(kind, spec)).map((each) => each.split(' ')[1])
    expect(isTold('PodChaos', 'action: pod-kill')).toEqual(['deaths-uncounted'])
    expect(isTold('StressChaos', 'stressors: {memory: {workers: 1, size: 600MB}}')).toEqual(['deaths-uncounted'])
  })

  it('not of those of which none ever serves, or none dies', () => {
    expect(told('faults: [{on: canary, crashLoop: true}]')).toEqual([])
    expect(told('', chaos('StressChaos', 'stressors: {memory: {workers: 1, size: 100MB}}'))).toEqual([])
  })
})

it('Slow answers of Chaos Mesh that nothing counts', () => {
  const slow = chaos('NetworkChaos', 'action: delay, delay: {latency: 300ms}')
  const [problem] = told('', slow)
  expect(problem).toMatch(/^policy.yaml:\d+:7 latency-uncounted$/)
  expect(told('slo: {latency: 200ms}', slow)).toEqual([])
})

describe('What is never there as it is written', () => {
  it('a fault that is over before it has grown', () => {
    expect(told('faults: [{on: canary, errors: 5%, for: 1m, ramp: 5m}]')).toEqual([
      'scenario.yaml:7:50 ramp-unfinished',
    ])
    expect(told('faults: [{on: canary, errors: 5%, for: 5m, ramp: 5m}]')).toEqual([])
    const { problems } = tryPlan(scenario('faults: [{on: canary, errors: 5%, for: 1m, ramp: 3m}]'), policy)
    expect(problems[0]!.message).toBe('it is over after 1m, with 33.3% of its size: it grows for 3m')
  })

  it('more pods than there ever are', () => {
    const pods = (version: string, count: number, more = '') =>
      told(`faults: [{on: {version: ${version}, pods: ${count}}, errors: 5%}]\n${more}`)
    expect(pods('canary', 5)).toEqual(['scenario.yaml:7:39 pods-too-many'])
    expect(pods('stable', 4)).toEqual([])
    expect(pods('both', 8)).toEqual([])
    expect(pods('both', 9)).toEqual(['scenario.yaml:7:37 pods-too-many'])
    expect(pods('canary', 5, 'people: [{at: 1m, do: scale, replicas: 5}]')).toEqual([])
  })

  it.each([
    ['{quota: {pods: 3}}', 'scenario.yaml:7:25 cluster-too-small'],
    ['{nodes: [{name: a, pods: 1}, {name: b, pods: 2}]}', 'scenario.yaml:7:18 cluster-too-small'],
    ['{quota: {pods: 4}, nodes: 1}', undefined],
  ])('a cluster without room for stable: %s', (cluster, problem) => {
    expect(told(`cluster: ${cluster}`)).toEqual(problem === undefined ? [] : [problem])
  })
})
