// A namespace that may have no more pods: the ReplicaSet controller tries again, twice as late each time (client-go,
// ItemExponentialFailureRateLimiter: from 5 ms to 1000 s).
import { expect, test } from 'vitest'
import { clusterOf } from './cluster-of.js'

test('as many pods as the quota has room for are made, and the others when there is room and another try', () => {
  const { set, run, cluster, times, diary } = clusterOf({ cluster: { mostPods: 3 } })
  const old = set(2)
  const shop = set(3, 'shop:2')
  run(10)
  expect([old.pods.length, shop.pods.length]).toEqual([2, 1])
  expect(diary.find(({ reason }) => reason === 'FailedCreate')!.message).toBe(
    'Error creating: pods "shop-h1-p2" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3',
  )
  const tries = times('FailedCreate')
  const waitsMs = tries.map((at, index) => Math.round(1000 * (at - (tries[index - 1] ?? at))))
  expect(waitsMs.slice(1, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280])
  // The end of somebody else's pods wakes nobody: the next try is up to twice as late as the last one.
  cluster.scale(old, 0)
  run(10.1)
  expect(shop.pods.length).toBe(1)
  run(10.3)
  expect(shop.pods.length).toBe(3)
  expect(shop.failedCreations).toBe(0)
})

test('a quota that is lifted is noticed after a quarter of an hour, if it was there for long', () => {
  const { set, run, cluster, times } = clusterOf({ cluster: { mostPods: 0 } })
  const shop = set(1)
  run(3000)
  const last = times('FailedCreate').at(-1)!
  cluster.limitPods(Number.POSITIVE_INFINITY)
  run(last + 999)
  expect(shop.pods.length).toBe(0)
  run(last + 1001)
  expect(shop.pods.length).toBe(1)
})

test('pods that are ending still count', () => {
  const { set, run, cluster } = clusterOf({ startMs: 0, spec: { preStop: 8000 }, cluster: { mostPods: 2 } })
  const old = set(2)
  run(10)
  cluster.scale(old, 1)
  const shop = set(1, 'shop:2')
  run(17.9)
  expect(shop.pods.length).toBe(0)
  run(30)
  expect(shop.pods.length).toBe(1)
})
