// A Deployment: what its manifest may say, and the bounds that follow. What its controller does is in the recordings.
import { describe, expect, it } from 'vitest'
import { readWorkload } from '../../../src/policy/argo/read-template.js'
import { surgeOf, unavailableOf } from '../../../src/policy/kubernetes/deployment.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const manifest = (fields: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: "shop:7"}]}
${fields}
`

describe('A Deployment', () => {
  it('has the defaults of the API server', () => {
    expect(read('').spec).toMatchObject({
      name: 'shop',
      replicas: 1,
      rolling: { maxSurge: '25%', maxUnavailable: '25%' },
      minReadyMs: 0,
      progressDeadlineMs: 600_000,
      revisionHistoryLimit: 10,
      paused: false,
    })
  })

  it('without a deadline has none', () => {
    const { spec } = read('  progressDeadlineSeconds: 2147483647')
    expect(spec.progressDeadlineMs).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([
    [1, '25%', '25%', 1, 0],
    [2, '25%', '25%', 1, 0],
    [3, '25%', '25%', 1, 0],
    [4, '25%', '25%', 1, 1],
    [5, '25%', '25%', 2, 1],
    [10, '25%', '25%', 3, 2],
    [7, '30%', '10%', 3, 0],
    [5, 2, 2, 2, 2],
    // Both come to nothing, and then one pod may be missing; never more than there are.
    [3, 0, '25%', 0, 1],
    [2, 1, 5, 1, 2],
    [0, '25%', '25%', 0, 0],
  ])(
    'with %i replicas, maxSurge %s and maxUnavailable %s may have %i more and %i fewer',
    (n, surge, unavailable, s, u) => {
      const { spec } = read(`
  replicas: ${n}
  strategy: {rollingUpdate: {maxSurge: ${surge}, maxUnavailable: ${unavailable}}}`)
      expect([surgeOf(spec), unavailableOf(spec)]).toEqual([s, u])
    },
  )

  it.each([
    ['  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}', 'may not be 0 when `maxSurge` is 0'],
    [
      '  strategy: {rollingUpdate: {maxSurge: many}}',
      "a valid percent string must be a numeric string followed by an ending '%'",
    ],
    ['  strategy: {rollingUpdate: {maxUnavailable: 101%}}', 'must not be above 100%'],
    [
      '  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}',
      "may not be specified when strategy `type` is 'Recreate'",
    ],
    ['  strategy: {type: Canary}', 'Unsupported value: "Canary"'],
    ['  minReadySeconds: 600', 'must be greater than minReadySeconds'],
    ['  replicas: -1', 'must be greater than or equal to 0'],
    ['  replicas: 200000', '200000 replicas are not simulated'],
  ])('%s is told of', (fields, told) => {
    expect(read(fields).problems.join()).toContain(told)
  })
})

function read(fields: string) {
  const problems = new Problems()
  const [found] = readManifests(['shop.yaml'], { read: () => ({ text: manifest(fields) }) }, problems)
  const workload = readWorkload(found!, problems)
  if (workload.kind !== 'Deployment') throw new Error(workload.kind)
  return { spec: workload.spec, problems: problems.sorted().map(({ message }) => message) }
}
