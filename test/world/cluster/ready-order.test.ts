// However pods come, go and come back, the one that goes first is the one that became ready last.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pod, ReplicaSet } from '../../../src/world/cluster/objects.js'
import { ReadyOrder } from '../../../src/world/cluster/ready-order.js'

const template = { key: 'k', hash: 'h', image: 'i' }

test('it agrees with sorting all of them each time', () => {
  const step = fc.record({
    pod: fc.nat({ max: 9 }),
    ready: fc.boolean(),
    laterMs: fc.constantFrom(0, 0, 1),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const replicaSet = new ReplicaSet(0, { kind: 'Rollout', name: 'shop' }, template, 0, 1, 'shop-r1')
      const pods = Array.from({ length: 10 }, (_, index) => new Pod(index, replicaSet, index + 1, 0))
      const order = new ReadyOrder<Pod>()
      let nowMs = 0
      for (const { pod: index, ready, laterMs } of steps) {
        nowMs += laterMs
        const pod = pods[index]!
        if (pod.ready === ready) continue
        pod.ready = ready
        if (ready) {
          pod.readyAtMs = nowMs
          order.add(pod)
        }
        expect(order.last()).toBe(newestReady(pods))
      }
      for (let last = order.last(); last; last = order.last()) {
        expect(last).toBe(newestReady(pods))
        last.ready = false
      }
      expect(newestReady(pods)).toBeUndefined()
    }),
    { seed: 20240607, numRuns: 2000 },
  )
})

function newestReady(pods: readonly Pod[]): Pod | undefined {
  const ready = pods.filter((pod) => pod.ready)
  return ready.sort((a, b) => b.readyAtMs - a.readyAtMs || b.ordinal - a.ordinal)[0]
}
