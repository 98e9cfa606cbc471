// The manifest of a HorizontalPodAutoscaler beside a Rollout: what is read of it, and what is refused.
import { describe, expect, it } from 'vitest'
import { parseMilli } from '../../../src/policy/api/quantity.js'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const cpu = '{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}'
const requests =
  '{type: Pods, pods: {metric: {name: http_requests_per_second}, target: {type: AverageValue, averageValue: "20"}}}'

describe('An autoscaler', () => {
  it('is read with the defaults of the API server', () => {
    const { autoscaler, problems } = read(hpa('maxReplicas: 10'))
    expect(problems).toEqual([])
    expect(autoscaler).toEqual({
      name: 'shop',
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          metric: 'cpu',
          about: 'cpu resource utilization (percentage of request)',
          target: { kind: 'utilization', percent: 80, requestMilli: 250 },
        },
      ],
      tolerance: { up: 0.1, down: 0.1 },
      behavior: undefined,
    })
  })

  it('of autoscaling/v1 knows CPU alone', () => {
    const { autoscaler } = read(hpa('maxReplicas: 10, targetCPUUtilizationPercentage: 70', 'autoscaling/v1'))
    expect(autoscaler?.metrics[0]?.target).toMatchObject({ percent: 70 })
  })

  it('may go by several metrics', () => {
    const { autoscaler, problems } = read(hpa(`maxReplicas: 10, metrics: [${cpu}, ${requests}]`))
    expect(problems).toEqual([])
    expect(autoscaler?.metrics.map(({ about }) => about)).toEqual([
      'cpu resource utilization (percentage of request)',
      'pods metric http_requests_per_second',
    ])
    expect(autoscaler?.metrics[1]?.target).toEqual({ kind: 'average', milli: 20_000 })
  })

  it('with half a behavior gets the defaults for the other half', () => {
    const { autoscaler, problems } = read(
      hpa(
        'maxReplicas: 10, behavior: {scaleDown: {policies: [{type: Pods, value: 1, periodSeconds: 60}], tolerance: "0.2"}}',
      ),
    )
    expect(problems).toEqual([])
    expect(autoscaler?.tolerance).toEqual({ up: 0.1, down: 0.2 })
    expect(autoscaler?.behavior).toEqual({
      scaleUp: {
        windowMs: 0,
        select: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodMs: 15_000 },
          { type: 'Percent', value: 100, periodMs: 15_000 },
        ],
      },
      scaleDown: { windowMs: 300_000, select: 'Max', policies: [{ type: 'Pods', value: 1, periodMs: 60_000 }] },
    })
  })

  it.each([
    ['without a maximum', hpa('minReplicas: 2'), 'spec.maxReplicas: Required value'],
    [
      'with bounds the wrong way round',
      hpa('minReplicas: 5, maxReplicas: 2'),
      'must be greater than or equal to `minReplicas`',
    ],
    [
      'that goes to zero',
      hpa('minReplicas: 0, maxReplicas: 2'),
      'spec.minReplicas: must be greater than or equal to 1',
    ],
    [
      'by memory',
      hpa(
        'maxReplicas: 5, metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}]',
      ),
      'the resource "memory" is not simulated',
    ],
    [
      'by something outside',
      hpa(
        'maxReplicas: 5, metrics: [{type: External, external: {metric: {name: queue}, target: {type: Value, value: 5}}}]',
      ),
      'a metric of type External is not simulated',
    ],
    [
      'by a metric that no pod has',
      hpa(`maxReplicas: 5, metrics: [${requests.replace('http_requests_per_second', 'queue_length')}]`),
      'nothing exposes the metric "queue_length"',
    ],
    [
      'with a target that is no quantity',
      hpa(`maxReplicas: 5, metrics: [${requests.replace('"20"', 'many')}]`),
      'must be a positive target average value',
    ],
    [
      'with a policy without a period',
      hpa('maxReplicas: 5, behavior: {scaleUp: {policies: [{type: Pods, value: 1}]}}'),
      'must be between 1 and 1800',
    ],
    ['with a field that doesn’t exist', hpa('maxReplicas: 5, minReplica: 2'), 'unknown field spec.minReplica'],
    [
      'with a field of the other version',
      hpa('maxReplicas: 5, metrics: []', 'autoscaling/v1'),
      'unknown field spec.metrics of autoscaling/v1',
    ],
    ['beyond what is simulated', hpa('maxReplicas: 5000000'), '5000000 replicas are not simulated'],
    [
      'of a version that is gone',
      hpa('maxReplicas: 5', 'autoscaling/v2beta2'),
      "autoscaling/v2beta2 doesn't exist: only autoscaling/v2, autoscaling/v1 does",
    ],
    ['of pods that request nothing', hpa('maxReplicas: 5'), 'missing request for cpu', ''],
    [
      'beside another',
      `${hpa('maxReplicas: 5')}${hpa('maxReplicas: 6').replace('{name: shop}', '{name: other}')}`,
      'a second HorizontalPodAutoscaler of Rollout shop',
    ],
    [
      'of a Deployment',
      hpa('maxReplicas: 5').replace(
        'apiVersion: argoproj.io/v1alpha1, kind: Rollout',
        'apiVersion: apps/v1, kind: Deployment',
      ),
      'HorizontalPodAutoscaler shop is not simulated: it is left out',
    ],
  ])('%s is told of', (_, manifests, told, resources?: string) => {
    expect(read(manifests, resources).problems.join('\n')).toContain(told)
  })
})

it.each([
  ['250m', 250],
  ['0.5', 500],
  [2, 2000],
  ['1k', 1_000_000],
  ['1Ki', 1_024_000],
  ['1e2', 100_000],
  ['0.1m', 1],
  ['many', undefined],
])('The quantity %s is %s thousandths', (text, milli) => {
  expect(parseMilli(text)).toBe(milli)
})

function hpa(fields: string, apiVersion = 'autoscaling/v2'): string {
  return `---
apiVersion: ${apiVersion}
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop}, ${fields}}
`
}

function read(autoscaler: string, resources = ', resources: {requests: {cpu: 250m}}') {
  const rollout = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: "shop:7"${resources}}]}
  strategy: {canary: {}}
`
  const problems = new Problems()
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text: rollout + autoscaler }) }, problems)
  const policy = readPolicy(manifests, problems)
  return { autoscaler: policy?.autoscaler, problems: problems.sorted().map(({ message }) => message) }
}
