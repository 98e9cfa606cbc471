// Flights of a Rollout that takes its template from another workload, which may have pods of its own.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf } from './plans.js'

const rollout = (reference: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop-rollout}
spec:
  replicas: 4
  selector: {matchLabels: {app: shop}}
  workloadRef: {${reference}}
  strategy:
    canary: {maxSurge: 1, maxUnavailable: 0, steps: [{setWeight: 25}, {pause: {duration: 5m}}]}
---
`
const template = 'metadata: {labels: {app: shop}}, spec: {containers: [{name: shop, image: "shop:1"}]}'
const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec: {replicas: 4, selector: {matchLabels: {app: shop}}, template: {${template}}}
`
const podTemplate = `
apiVersion: v1
kind: PodTemplate
metadata: {name: shop}
template: {${template}}
`
const replicaSet = deployment.replace('Deployment', 'ReplicaSet')
const scenario = (more = '') => `
teaches: A Rollout and a workload beside it.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 30m
traffic: {rate: 40/s}
service: {stable: {start: 10s}}
${more}
`
const to = (kind: string, more = '') =>
  `apiVersion: ${kind === 'PodTemplate' ? 'v1' : 'apps/v1'}, kind: ${kind}, name: shop${more}`

function fly(reference: string, workload: string, more = '') {
  const record = flyRecorded(planOf(scenario(more), rollout(reference) + workload), 1)
  const traffic = record.timeline.flatMap((entry) => (entry.what === 'traffic' ? [entry.actualWeightPercent] : []))
  return { ...record, first: traffic[0], last: traffic.at(-1) }
}

describe('With a Deployment', () => {
  it('that has given up its pods a release goes by the steps alone', () => {
    const { verdict, first, last, timeline } = fly(to('Deployment', ', scaleDown: onsuccess'), deployment)
    expect([verdict, first, last]).toEqual(['promoted', 20, 100])
    expect(
      timeline.some(
        (entry) => entry.what === 'replica-set' && entry.spec > 0 && !entry.name.startsWith('shop-rollout'),
      ),
    ).toBe(false)
  })

  it('that keeps them, it rolls them meanwhile', () => {
    const { verdict, last, timeline } = fly(to('Deployment'), deployment)
    expect([verdict, last]).toEqual(['promoted', 100])
    const inThePause = timeline.findLast(({ what, atMs }) => what === 'traffic' && atMs < 6 * 60_000)
    // A pod of the Rollout's four, and all four of the Deployment's.
    expect(inThePause).toMatchObject({ setWeightPercent: 25, actualWeightPercent: 62.5 })
  })

  it('an undo takes both back: the template is the Deployment’s', () => {
    const { verdict, last, times } = fly(
      to('Deployment'),
      deployment,
      'people: [{at: 2m, do: undo}]\nfaults: [{on: canary, errors: 50%}]',
    )
    expect([verdict, last]).toEqual(['aborted', 0])
    expect(times.decidedMs).toBe(4 * 60_000)
    expect(times.safeMs).toBeGreaterThan(times.decidedMs!)
  })
})

describe('With others', () => {
  it('a PodTemplate is a template and no more', () => {
    const { verdict, first, last } = fly(to('PodTemplate'), podTemplate)
    expect([verdict, first, last]).toEqual(['promoted', 20, 100])
  })

  it('pods of a ReplicaSet stay as they are for good', () => {
    const { verdict, last } = fly(to('ReplicaSet'), replicaSet)
    expect([verdict, last]).toEqual(['promoted', 50])
  })
})
