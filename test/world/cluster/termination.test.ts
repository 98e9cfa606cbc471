// How pods end, and what becomes of requests that are still sent to them.
import { describe, expect, test } from 'vitest'
import { clusterOf, probe } from './cluster-of.js'

const endpoints = { add: { fixedMs: 1000 }, remove: { fixedMs: 2000 } }

describe('Endpoints', () => {
  test('follow readiness at once, unless something else is said', () => {
    const { set, run } = clusterOf({ startMs: 4000 })
    const shop = set(2)
    run(4)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
  })

  test('hear of a new pod late', () => {
    const { set, run } = clusterOf({ startMs: 4000, cluster: { endpoints } })
    const shop = set(2)
    run(4.5)
    expect([shop.readyPods, shop.routedPods]).toEqual([2, 0])
    run(5)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
  })

  test('go on sending to a pod that has gone, and it refuses', () => {
    const { set, run, cluster } = clusterOf({ startMs: 4000, cluster: { endpoints } })
    const shop = set(3)
    run(20)
    cluster.scale(shop, 2)
    run(20.1)
    expect([shop.pods.length, shop.routedPods, shop.deadPods]).toEqual([2, 3, 1])
    run(22.1)
    expect([shop.pods.length, shop.routedPods, shop.deadPods, shop.leaving.length]).toEqual([2, 2, 0, 0])
  })

  test('send to a pod that has gone before they heard that it came', () => {
    const { set, run, cluster } = clusterOf({ startMs: 4000, cluster: { endpoints } })
    const shop = set(1)
    run(4.5)
    cluster.scale(shop, 0)
    run(5.1)
    expect([shop.pods.length, shop.routedPods, shop.leaving.length]).toEqual([0, 1, 1])
    run(6.6)
    expect([shop.pods.length, shop.routedPods, shop.leaving.length]).toEqual([0, 0, 0])
  })

  test('go on sending to a pod that is not ready, and it answers', () => {
    const { set, run, strike } = clusterOf({ startMs: 4000, cluster: { endpoints } })
    const shop = set(3)
    run(20)
    strike(shop.pods[0]!, 'not-ready')
    run(21)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 3, 0])
    run(22)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
  })

  test('go on sending to a container that has crashed, until they have heard of it or it is back', () => {
    const { set, run, life } = clusterOf({ startMs: 1500, cluster: { endpoints } })
    const shop = set(2)
    run(20)
    life.kill(shop.pods[0]!)
    run(20.5)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([1, 2, 1])
    run(21.8)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
    run(22.2)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 1, 0])
    run(30)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
  })

  test('send requests to a container that has begun to run before its application listens, where nobody probes it', () => {
    const spec = { liveness: probe({ initialDelayMs: 30_000 }) }
    const { set, run } = clusterOf({ startMs: 4000, spec })
    const shop = set(1)
    run(1)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([1, 1, 1])
    run(5)
    expect(shop.deadPods).toBe(0)
  })
})

describe('A pod that is deleted', () => {
  /** When it ends, in seconds after the deletion, and how. */
  function ending(asked: Parameters<typeof clusterOf>[0], hangs = false) {
    const { set, run, cluster, loop, strike } = clusterOf({ startMs: 0, ...asked })
    const shop = set(1)
    run(10)
    const [pod] = shop.pods
    if (hangs) strike(pod!, 'hang')
    cluster.scale(shop, 0)
    const fromMs = loop.now + 7
    loop.run(fromMs)
    expect(shop.pods).toEqual([])
    while (pod!.terminating && loop.now < fromMs + 100_000) loop.run(loop.now + 100)
    return [(loop.now - fromMs) / 1000, pod!.lastEnd]
  }

  test('is gone at once if nothing holds it', () => {
    expect(ending({})).toEqual([0, 'Completed'])
  })

  test('runs its hook, then goes on as long as its application does', () => {
    expect(ending({ spec: { preStop: 2000 } })).toEqual([2, 'Completed'])
    expect(ending({ spec: { preStop: 2000 }, shutdownsMs: [5000] })).toEqual([7, 'Completed'])
  })

  test('is killed when its grace period is over, which counts from the beginning of the hook', () => {
    const shutdownsMs = [60_000]
    expect(ending({ shutdownsMs })).toEqual([30, 'Error'])
    expect(ending({ shutdownsMs, spec: { graceMs: 10_000, preStop: 4000 } })).toEqual([10, 'Error'])
  })

  test('has two seconds left after a hook that took all of its time', () => {
    expect(ending({ shutdownsMs: [60_000], spec: { graceMs: 10_000, preStop: 20_000 } })).toEqual([12, 'Error'])
  })

  test('takes its whole grace period if it hangs', () => {
    expect(ending({}, true)).toEqual([30, 'Error'])
  })

  test('has a hook that takes what the scenario says, where the manifest cannot tell', () => {
    expect(ending({ spec: { preStop: 'hook' }, cluster: { preStopMs: 3000 } })).toEqual([3, 'Completed'])
  })

  test('answers until it ends: a hook that outlasts the endpoints loses nothing', () => {
    const { set, run, cluster } = clusterOf({ startMs: 0, spec: { preStop: 3000 }, cluster: { endpoints } })
    const shop = set(2)
    run(10)
    cluster.scale(shop, 1)
    run(11.9)
    expect([shop.routedPods, shop.deadPods, shop.leaving.length]).toEqual([2, 0, 1])
    run(12.1)
    expect([shop.routedPods, shop.deadPods, shop.leaving.length]).toEqual([1, 0, 1])
    run(13.1)
    expect(shop.leaving).toEqual([])
  })

  test('keeps its room on the node until it has ended', () => {
    const nodes = [{ name: 'one', zone: '', pods: 1 }]
    const { set, run, cluster, turns } = clusterOf({ startMs: 1000, spec: { preStop: 4000 }, cluster: { nodes } })
    const shop = set(1)
    run(10)
    cluster.scale(shop, 0)
    set(1, 'shop:2')
    run(30)
    expect(turns.at(-1)).toBe('1 ready 15.007')
  })
})
