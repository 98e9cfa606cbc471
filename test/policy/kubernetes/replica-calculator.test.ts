// What an autoscaler makes of the metrics of pods, held against the tables of the real one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { MetricTarget } from '../../../src/policy/kubernetes/autoscaler-spec.js'
import { replicasFor } from '../../../src/policy/kubernetes/replica-calculator.js'
import { Pod, ReplicaSet } from '../../../src/world/cluster/objects.js'

const nowMs = 20 * 60_000
const set = new ReplicaSet(0, { kind: 'Rollout', name: 'shop' }, { key: 'k', hash: 'h', image: 'i' }, 0, 1, 'shop-h')

const cases = readFileSync(join(import.meta.dirname, 'cases', 'replica-calculator.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^(\w+): +(\d+); (\d+)(%?)(?: \+([\d.]+) -([\d.]+))?; (.*) -> (\d+)$/.exec(line)!)
  .map(([, name, current, number, percent, up, down, pods, expected]) => ({
    name,
    current: Number(current),
    metric: percent === '%' ? utilization(Number(number)) : average(Number(number)),
    tolerance: { up: Number(up ?? 0.1), down: Number(down ?? 0.1) },
    pods: pods!.split(' '),
    expected: Number(expected),
  }))

it.each(cases)('$name', ({ current, metric, tolerance, pods, expected }) => {
  const made = pods.map(podOf)
  const metrics = { read: (pod: Pod) => made[pod.id]!.measured }
  const found = replicasFor(
    metric,
    made.map(({ pod }) => pod),
    metrics,
    current,
    tolerance,
    nowMs,
  )
  expect(found).toBe(expected)
})

it.each([
  ['with a value', '-', 'unable to get metrics for resource cpu: no metrics returned from resource metrics API'],
  ['that is ready', '300u', 'did not receive metrics for targeted pods (pods might be unready)'],
])('Pods none of which is %s are told of', (_, text, error) => {
  const { pod, measured } = podOf(text, 0)
  expect(replicasFor(utilization(50), [pod], { read: () => measured }, 1, { up: 0.1, down: 0.1 }, nowMs)).toEqual({
    error,
  })
})

it('A pod that got unready long after its start counts all the same', () => {
  const { pod, measured } = podOf('900', 0)
  pod.ready = false
  pod.turnedAtMs = nowMs - 1000
  expect(replicasFor(utilization(30), [pod], { read: () => measured }, 1, { up: 0.1, down: 0.1 }, nowMs)).toBe(3)
})

it('A pod that has never run is unready, whatever the metric: nothing is taken for what it does not tell', () => {
  const busy = podOf('50', 0)
  const pending = podOf('-', 1)
  const found = () =>
    replicasFor(
      average(100),
      [busy.pod, pending.pod],
      { read: (pod) => (pod === busy.pod ? busy.measured : undefined) },
      2,
      { up: 0.1, down: 0.1 },
      nowMs,
    )
  expect(found()).toBe(2)
  pending.pod.isPending = true
  expect(found()).toBe(1)
})

function utilization(percent: number): MetricTarget {
  return { metric: 'cpu', about: 'cpu', target: { kind: 'utilization', percent, requestMilli: 1000 } }
}

function average(milli: number): MetricTarget {
  return { metric: 'requests', about: 'qps', target: { kind: 'average', milli } }
}

function podOf(text: string, id: number) {
  const isYoung = /[uh]$/.test(text)
  const pod = new Pod(id, set, id + 1, isYoung ? nowMs - 10_000 : 0)
  pod.ready = !text.endsWith('u')
  if (pod.ready) pod.turnedAtMs = pod.createdAtMs + 1000
  const measured =
    text === '-' ? undefined : { milli: Number.parseInt(text, 10), takenAtMs: nowMs - 1000, windowMs: 15_000 }
  return { pod, measured }
}
