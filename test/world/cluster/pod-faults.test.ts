// Whom faults strike among pods, nodes and quotas, and when. Times are seconds since the first pods were made.
import { describe, expect, test } from 'vitest'
import type { PodShare } from '../../../src/scenario/faults.js'
import type { Fault, PodEffect, Where } from '../../../src/world/fault.js'
import { clusterOf } from './cluster-of.js'

function fault(effect: PodEffect, own: Partial<Fault<PodEffect>> = {}, where?: Where): Fault<PodEffect> {
  const endMs = Number.POSITIVE_INFINITY
  return { effect, versions: [0], onsetMs: 21_000, endMs, rampMs: 0, ...own, ...(where ? { where } : {}) }
}

const neverReady = { kind: 'not-ready' } as const
const crashLoop = { kind: 'crash-loop' } as const

const nodes = [
  { name: 'a1', zone: 'a', pods: 10 },
  { name: 'b1', zone: 'b', pods: 10 },
]

const unready = (pods: readonly { readonly ordinal: number; readonly ready: boolean }[]) =>
  pods.filter(({ ready }) => !ready).map(({ ordinal }) => ordinal)

describe('A fault of pods', () => {
  test('strikes those of its versions, and those that come while it is there', () => {
    const { set, run, cluster } = clusterOf({ faults: [fault(neverReady, { endMs: 60_000 })] })
    const struck = set(2)
    const other = set(2, 'shop:2')
    run(25)
    cluster.scale(struck, 3)
    run(40)
    expect([unready(struck.pods), unready(other.pods)]).toEqual([[1, 2, 3], []])
    run(70)
    expect(unready(struck.pods)).toEqual([])
  })

  test('comes again as often as its course says', () => {
    const recurrence = { everyMs: 30_000, forMs: 10_000 }
    const { set, run, turns } = clusterOf({ faults: [fault(neverReady, { endMs: 100_000, recurrence })] })
    set(1)
    run(200)
    const times = [20, 30, 50, 60, 80, 90]
    expect(turns).toEqual(['1 ready 4', ...times.map((at, index) => `1 ${index % 2 ? 'ready' : 'not ready'} ${at}`)])
  })

  test.each([
    [{ pods: { count: 2 } }, [1, 2]],
    [{ pods: { ratio: 0.3 } }, [1, 2]],
    [{ zone: 'b' }, [2, 4]],
    [{ node: 'a1' }, [1, 3, 5]],
    [{ zone: 'a', pods: { count: 1 } }, [1]],
  ])('strikes only some: %j', (where, ordinals) => {
    const { set, run } = clusterOf({ cluster: { nodes }, faults: [fault(neverReady, {}, where)] })
    const shop = set(5)
    run(30)
    expect(unready(shop.pods)).toEqual(ordinals)
  })

  test('strikes another pod when one of so many is gone, and those that come first if there is none yet', () => {
    const { set, run, cluster } = clusterOf({ faults: [fault(neverReady, { onsetMs: 0 }, { pods: { count: 1 } })] })
    const shop = set(3)
    run(30)
    expect(unready(shop.pods)).toEqual([1])
    cluster.evict(shop.pods[0]!)
    run(60)
    expect(unready(shop.pods)).toEqual([4])
  })

  test('strikes a part that is drawn each time, up to so many', () => {
    const recurrence = { everyMs: 20_000, forMs: 10_000 }
    const faults = [fault(neverReady, { endMs: 1_021_000, recurrence }, { pods: { mostRatio: 0.5, areDrawn: true } })]
    const { set, run } = clusterOf({ faults })
    const shop = set(10)
    const struck: number[] = []
    for (let time = 0; time < 50; time++) {
      run(25 + 20 * time)
      struck.push(unready(shop.pods).length)
    }
    expect(new Set(struck)).toEqual(new Set([0, 1, 2, 3, 4]))
  })

  test('strikes the same pods as another that has the very same part of them', () => {
    const drawn = { count: 2, areDrawn: true } as const
    const struckBy = (...parts: PodShare[]) => {
      const { set, run } = clusterOf({ faults: parts.map((pods) => fault(neverReady, {}, { pods })) })
      const shop = set(20)
      run(30)
      return unready(shop.pods).length
    }
    expect([struckBy(drawn, drawn), struckBy(drawn, { ...drawn })]).toEqual([2, 4])
  })

  test.each([
    [{ count: 3 }, 3],
    [{ ratio: 0.39 }, 3],
    [{ count: 20 }, 10],
  ])('strikes any pods where they are drawn, each as often: %j', (pods, size) => {
    const recurrence = { everyMs: 20_000, forMs: 10_000 }
    const faults = [fault(neverReady, { endMs: 8_021_000, recurrence }, { pods: { ...pods, areDrawn: true } })]
    const { set, run } = clusterOf({ faults })
    const shop = set(10)
    const times = Array<number>(11).fill(0)
    for (let time = 0; time < 400; time++) {
      run(25 + 20 * time)
      const struck = unready(shop.pods)
      expect(struck).toHaveLength(size)
      for (const ordinal of struck) times[ordinal]!++
    }
    // Of 400 times each is struck in as many as the part says, within five standard deviations.
    const part = size / 10
    for (const each of times.slice(1))
      expect(Math.abs(each - 400 * part)).toBeLessThanOrEqual(5 * Math.sqrt(400 * part * (1 - part)))
  })

  test('the oldest are those of any version', () => {
    const faults = [fault(neverReady, { versions: [0, 1] }, { pods: { count: 3 } })]
    const { set, run, cluster } = clusterOf({ faults })
    const [shop, other] = [set(2), set(1, 'shop:2')]
    run(10)
    cluster.scale(shop, 4)
    run(30)
    expect([unready(shop.pods), unready(other.pods)]).toEqual([[1, 2], [1]])
  })

  test('two of one kind are over when both are', () => {
    const faults = [fault(neverReady, { endMs: 41_000 }), fault(neverReady, { onsetMs: 31_000, endMs: 61_000 })]
    const { set, run, turns } = clusterOf({ faults })
    set(1)
    run(100)
    expect(turns).toEqual(['1 ready 4', '1 not ready 20', '1 ready 60'])
  })

  test('that makes containers crash is over with the next start', () => {
    const { set, run, turns, cluster } = clusterOf({ faults: [fault(crashLoop, { endMs: 26_000 })] })
    set(1)
    run(100)
    // It crashes at 20 s, starts at once, crashes at 24 s and is held back for 10 s.
    expect(turns).toEqual(['1 ready 4', '1 not ready 20', '1 ready 38'])
    expect(cluster.pod(0).restarts).toBe(2)
  })

  test('kills containers, or pods without their grace, once', () => {
    for (const [what, restarts, ordinals] of [
      ['container', [1, 1], [1, 2]],
      ['pod', [0, 0], [3, 4]],
    ] as const) {
      const faults = [fault({ kind: 'kill', what, graceMs: 0 })]
      const { set, run } = clusterOf({ faults, spec: { preStop: 60_000 }, shutdownsMs: [60_000] })
      const shop = set(2)
      run(40)
      expect(shop.pods.map((pod) => pod.restarts)).toEqual(restarts)
      expect(shop.pods.map(({ ordinal }) => ordinal)).toEqual(ordinals)
      expect([shop.readyPods, shop.leaving.length]).toEqual([2, 0])
    }
  })

  test('stops nodes and starts them again', () => {
    const faults = [fault({ kind: 'node-loss' }, { versions: [0, 1], endMs: 141_000 }, { zone: 'b' })]
    const { set, run } = clusterOf({ cluster: { nodes }, faults })
    const shop = set(4)
    run(90)
    expect(unready(shop.pods)).toEqual([2, 4])
    run(150)
    expect(shop.pods.map(({ ordinal, restarts, ready }) => [ordinal, restarts, ready])).toEqual([
      [1, 0, true],
      [2, 1, true],
      [3, 0, true],
      [4, 1, true],
    ])
  })

  test('takes away the quota and gives back what the scenario says', () => {
    const faults = [fault({ kind: 'quota' }, { endMs: 61_000 })]
    const { set, run, cluster } = clusterOf({ cluster: { mostPods: 4 }, faults })
    const shop = set(2)
    run(30)
    cluster.scale(shop, 6)
    run(59)
    expect(shop.pods.length).toBe(2)
    run(120)
    expect(shop.pods.length).toBe(4)
  })
})
