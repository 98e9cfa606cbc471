// What a metrics server tells of pods: means between samples, and nothing of pods that it has seen once only.
import { expect, it } from 'vitest'
import { Loop } from '../../src/kernel/loop.js'
import { SampledPods } from '../../src/run/pod-metrics.js'
import { Pod, ReplicaSet } from '../../src/world/cluster/objects.js'
import { PodLoad } from '../../src/world/pod-load.js'
import { Traffic } from '../../src/world/traffic.js'

const set = new ReplicaSet(0, { kind: 'Rollout', name: 'shop' }, { key: 'k', hash: 'h', image: 'i' }, 0, 1, 'shop-h')

it('CPU is what the requests of the last 15 s took, and a rate that of two minutes', () => {
  const loop = new Loop()
  const load = new PodLoad(new Traffic([{ atMs: 0, requestsPerSecond: 100 }]), [Number.POSITIVE_INFINITY], () => 0)
  const pod = new Pod(0, set, 1, 0)
  pod.ready = true
  load.turned(pod, 0)
  load.split(0, [1], [4])
  const metrics = new SampledPods(
    loop,
    load,
    () => [pod],
    () => 10,
  )
  loop.run(20_000)
  expect(metrics.read(pod, 'cpu')).toBe(undefined)
  loop.run(34_000)
  // 25 requests a second at 10 ms are a quarter of a core; the series is a part of two minutes old.
  expect(metrics.read(pod, 'cpu')).toEqual({ milli: 250, takenAtMs: 30_000, windowMs: 15_000 })
  expect(metrics.read(pod, 'requests')).toMatchObject({ milli: 3125 })
  loop.run(200_000)
  expect(metrics.read(pod, 'requests')).toMatchObject({ milli: 25_000, takenAtMs: 195_000 })
  load.split(200_000, [1], [8])
  loop.run(214_000)
  expect(metrics.read(pod, 'cpu')).toMatchObject({ milli: 167 })
  pod.deleted = true
  loop.run(230_000)
  expect(metrics.read(pod, 'cpu')).toBe(undefined)
})
