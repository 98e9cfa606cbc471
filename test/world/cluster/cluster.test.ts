// The counts of a ReplicaSet are those of its pods, and the least useful of them go first.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { Cluster } from '../../../src/world/cluster/cluster.js'
import type { Pod } from '../../../src/world/cluster/objects.js'

const template = { key: 'k', hash: 'h', image: 'i' }

function clusterOf(minReadyMs: number) {
  const loop = new Loop()
  const cluster = new Cluster(loop, { created() {} })
  const gone: Pod[] = []
  cluster.listen({
    podChanged: (pod) => {
      if (pod.deleted) gone.push(pod)
    },
  })
  const set = cluster.createReplicaSet({ kind: 'Rollout', name: 'shop' }, template, 1, minReadyMs)
  const wait = (ms: number) => loop.run(loop.now + ms)
  return { cluster, set, gone, wait }
}

test('what is counted is what is there', () => {
  const step = fc.oneof(
    fc.record({ size: fc.nat({ max: 8 }) }),
    fc.record({ pod: fc.nat({ max: 7 }), ready: fc.boolean() }),
    fc.record({ waitMs: fc.constantFrom(1, 10, 3000) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 2000), (steps, minReadyMs) => {
      const { cluster, set, gone, wait } = clusterOf(minReadyMs)
      for (const each of steps) {
        const before = [...set.pods]
        gone.length = 0
        if ('size' in each) cluster.scale(set, each.size)
        else if ('waitMs' in each) wait(each.waitMs)
        else if (set.pods[each.pod]) cluster.setReady(set.pods[each.pod]!, each.ready)
        if (gone.length === 0) {
          expect(set.readyPods).toBe(set.pods.filter(({ ready }) => ready).length)
          expect(set.availablePods).toBe(set.pods.filter(({ available }) => available).length)
        }
        expect(set.pods).toEqual(
          before.filter((pod) => !pod.deleted).concat(set.pods.slice(before.length - gone.length)),
        )
      }
      wait(30)
      expect([set.replicas, set.ready, set.available]).toEqual([set.pods.length, set.readyPods, set.availablePods])
    }),
    { seed: 20240607, numRuns: 500 },
  )
})

test('pods that are not ready go first, then those that became ready last, then the newest', () => {
  const { cluster, set, gone, wait } = clusterOf(0)
  cluster.scale(set, 6)
  wait(10)
  const [one, two, three, four, five, six] = set.pods
  for (const pod of [five!, one!]) cluster.setReady(pod, true)
  wait(1000)
  for (const pod of [two!, six!]) cluster.setReady(pod, true)
  cluster.scale(set, 0)
  wait(10)
  expect(gone).toEqual([four, three, six, two, five, one])
})

test('another minReadySeconds counts for pods that are ready already', () => {
  const { cluster, set, wait } = clusterOf(0)
  cluster.scale(set, 1)
  wait(500)
  cluster.setReady(set.pods[0]!, true)
  wait(1000)
  cluster.setMinReady(set, 2000)
  wait(10)
  expect([set.ready, set.available]).toEqual([1, 0])
  wait(490)
  expect(set.available).toBe(1)
  cluster.setMinReady(set, 60_000)
  wait(10)
  expect(set.available).toBe(0)
  cluster.setMinReady(set, 1000)
  wait(10)
  expect(set.available).toBe(1)
})
