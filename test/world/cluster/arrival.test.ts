// How pods get their nodes and images. Times are seconds since the first pods were made.
import { describe, expect, test } from 'vitest'
import type { Fault, PodEffect } from '../../../src/world/fault.js'
import { clusterOf } from './cluster-of.js'

const fixed = (seconds: number) => ({ fixedMs: seconds * 1000 })

const nodes = [
  { name: 'a1', zone: 'a', pods: 2 },
  { name: 'a2', zone: 'a', pods: 2 },
  { name: 'b1', zone: 'b', pods: 3 },
]

describe('Scheduling', () => {
  test('spreads pods over zones first, then over nodes', () => {
    const { set, run } = clusterOf({ cluster: { nodes } })
    const { pods } = set(5)
    run(0)
    expect(pods.map(({ node }) => node)).toEqual(['a1', 'b1', 'a2', 'b1', 'a1'])
    expect(pods[1]!.zone).toBe('b')
  })

  test('takes its time, and the start of a pod begins then', () => {
    const { set, run, turns, times } = clusterOf({ startMs: 4000, cluster: { nodes, schedule: fixed(3) } })
    set(1)
    run(20)
    expect(times('Scheduled')).toEqual([3])
    expect(turns).toEqual(['1 ready 7'])
  })

  test('a pod that no node has room for stays without one until there is room', () => {
    const { set, run, turns, diary, cluster } = clusterOf({ startMs: 4000, cluster: { nodes } })
    const first = set(7)
    run(10)
    const second = set(1, 'shop:2')
    run(20)
    const waiting = second.pods[0]!
    expect(waiting).toMatchObject({ node: '', isUnschedulable: true, running: false })
    expect(diary.find(({ reason }) => reason === 'FailedScheduling')!.message).toBe(
      '0/3 nodes are available: 3 Too many pods.',
    )
    cluster.scale(first, 6)
    run(30)
    expect(waiting.isUnschedulable).toBe(false)
    expect(nodes.map(({ name }) => name)).toContain(waiting.node)
    expect(turns.at(-1)).toBe('1 ready 24.007')
  })

  test('pods that are too many go where most of the workload is on one node', () => {
    const { set, run, cluster } = clusterOf({ cluster: { nodes: [{ name: 'one', zone: '', pods: 3 }, nodes[0]!] } })
    const { pods } = set(5)
    run(10)
    expect(pods.map(({ node }) => node)).toEqual(['one', 'a1', 'one', 'a1', 'one'])
    cluster.scale(pods[0]!.replicaSet, 4)
    run(11)
    expect(pods.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4])
    cluster.scale(pods[0]!.replicaSet, 3)
    run(12)
    expect(pods.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3])
    cluster.scale(pods[0]!.replicaSet, 2)
    run(13)
    expect(pods.map(({ ordinal }) => ordinal)).toEqual([1, 2])
  })
})

describe('Images', () => {
  const one = [{ name: 'one', zone: '', pods: 10 }]

  test('are pulled once for each node, whoever else waits for them', () => {
    const { set, run, turns, times } = clusterOf({ startMs: 1000, cluster: { nodes: one, pull: fixed(5) } })
    set(2)
    run(10)
    set(1)
    run(20)
    expect(turns).toEqual(['1 ready 6', '2 ready 6', '1 ready 11.007'])
    expect(times('Pulled')).toEqual([5, 5])
  })

  test('are pulled one after the other', () => {
    const { set, run, turns } = clusterOf({ startMs: 1000, cluster: { nodes: one, pull: fixed(5) } })
    set(1, 'shop:1')
    set(1, 'shop:2')
    run(20)
    expect(turns).toEqual(['1 ready 6', '1 ready 11'])
  })

  test('are pulled by every pod where nobody tells nodes apart', () => {
    const { set, run, turns } = clusterOf({ startMs: 1000, cluster: { pull: fixed(5) } })
    set(1)
    run(10)
    set(1)
    run(20)
    expect(turns).toEqual(['1 ready 6', '1 ready 16.007'])
  })

  test('that cannot be pulled are tried again after 10 s, and twice as late each time', () => {
    const faults = [unpullable(1, 0, 1001)]
    const { set, run, times, cluster } = clusterOf({ cluster: { nodes: one }, faults })
    set(1, 'shop:1')
    const { pods } = set(1, 'shop:2')
    run(0.5)
    expect(pods[0]!.pullTrouble).toBe('ErrImagePull')
    run(2)
    expect(pods[0]!.pullTrouble).toBe('ImagePullBackOff')
    run(1000)
    expect(times('Failed')).toEqual([0, 10, 30, 70, 150, 310, 610, 910])
    expect(pods[0]!.hasAddress).toBe(false)
    run(1300)
    expect(pods[0]!).toMatchObject({ pullTrouble: '', ready: true })
    expect(cluster.pod(0).ready).toBe(true)
  })

  test('are asked for at each start where the manifest always pulls', () => {
    for (const [pullPolicy, trouble] of [
      ['Always', 'ImagePullBackOff'],
      ['IfNotPresent', ''],
    ] as const) {
      const faults = [unpullable(0, 19, 2000)]
      const { set, run, life } = clusterOf({ cluster: { nodes: one }, spec: { pullPolicy }, faults })
      const { pods } = set(1)
      run(20)
      life.kill(pods[0]!)
      run(25)
      expect(pods[0]!.pullTrouble).toBe(trouble)
      expect(pods[0]!.ready).toBe(pullPolicy === 'IfNotPresent')
    }
  })
})

/** Nobody can pull the images of a version for some time. */
function unpullable(version: number, fromSeconds: number, untilSeconds: number): Fault<PodEffect> {
  const [onsetMs, endMs] = [1000 * fromSeconds, 1000 * untilSeconds]
  return { effect: { kind: 'image-pull' }, versions: [version], onsetMs, endMs, rampMs: 0 }
}
