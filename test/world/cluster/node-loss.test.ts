// What becomes of pods whose node stops (1.36, pkg/controller/nodelifecycle). Times are seconds since the pods were made.
import { describe, expect, test } from 'vitest'
import { clusterOf, probe } from './cluster-of.js'

const nodes = ['n1', 'n2'].map((name) => ({ name, zone: '', pods: 10 }))

function lost(asked: Parameters<typeof clusterOf>[0] = {}) {
  const tested = clusterOf({ startMs: 4000, cluster: { nodes }, ...asked })
  const shop = tested.set(4)
  tested.run(100)
  tested.life.loseNodes(({ name }) => name === 'n2')
  return { ...tested, shop, noticed: () => tested.times('NodeNotReady')[0]! }
}

describe('A node that stops', () => {
  test('takes its pods with it at once, and nobody knows', () => {
    const { run, shop } = lost()
    run(130)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([4, 4, 2])
    expect(shop.pods.map(({ isLost }) => isLost)).toEqual([false, true, false, true])
  })

  test('is missed when its lease has been old for 50 s: 40 to 55 s after it stopped', () => {
    const seconds = Array.from({ length: 40 }, (_, seed) => {
      const { run, noticed } = lost({ seed })
      run(200)
      return noticed() - 100
    })
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(40)
    expect(Math.max(...seconds)).toBeLessThanOrEqual(55)
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(8)
  })

  test('has pods that are not ready then, and are replaced 5 minutes later', () => {
    const { run, shop, noticed, times } = lost()
    run(160)
    expect([shop.readyPods, shop.routedPods, shop.deadPods]).toEqual([2, 2, 0])
    run(noticed() + 299)
    expect(shop.pods.length).toBe(4)
    run(noticed() + 310)
    expect(times('TaintManagerEviction')).toEqual([noticed() + 300, noticed() + 300])
    expect(shop.pods.map(({ node }) => node)).toEqual(['n1', 'n1', 'n1', 'n1'])
    expect(shop.readyPods).toBe(4)
    // Nobody can say that these have ended.
    expect(shop.leaving.map(({ node }) => node)).toEqual(['n2', 'n2'])
  })

  test('keeps pods for as long as they tolerate', () => {
    const { run, noticed, times } = lost({ spec: { tolerationMs: 20_000 } })
    run(200)
    expect(times('TaintManagerEviction')[0]).toBe(noticed() + 20)
    const patient = lost({ spec: { tolerationMs: Number.POSITIVE_INFINITY } })
    patient.run(10_000)
    expect(patient.shop.pods.length).toBe(4)
    expect(patient.times('TaintManagerEviction')).toEqual([])
  })

  test('gets new pods until it is missed, which do not start', () => {
    const { run, shop, cluster } = lost()
    cluster.scale(shop, 8)
    run(200)
    expect(shop.pods.filter(({ node, hasAddress }) => node === 'n2' && !hasAddress).length).toBe(2)
    cluster.scale(shop, 12)
    run(210)
    expect(shop.pods.slice(8).map(({ node }) => node)).toEqual(['n1', 'n1', 'n1', 'n1'])
  })
})

describe('A node that comes back', () => {
  test('before its pods were evicted starts their containers anew, without waiting', () => {
    const { run, shop, life, cluster } = lost({ spec: { readiness: probe() } })
    run(200)
    life.returnNodes(({ name }) => name === 'n2')
    run(203)
    expect(shop.pods.map(({ restarts, ready }) => [restarts, ready])).toEqual([
      [0, true],
      [1, false],
      [0, true],
      [1, false],
    ])
    run(206)
    expect(shop.readyPods).toBe(4)
    cluster.scale(shop, 6)
    run(220)
    expect(shop.pods.slice(4).map(({ node }) => node)).toEqual(['n1', 'n2'])
  })

  test('after that has nothing left of them', () => {
    const { run, shop, life } = lost()
    run(500)
    expect(shop.leaving.length).toBe(2)
    life.returnNodes(({ name }) => name === 'n2')
    run(510)
    expect(shop.leaving).toEqual([])
    expect(shop.pods.map(({ node }) => node)).toEqual(['n1', 'n1', 'n1', 'n1'])
  })

  test('soon enough is never missed', () => {
    const { run, shop, life, times } = lost()
    run(130)
    life.returnNodes(({ name }) => name === 'n2')
    run(1000)
    expect(times('NodeNotReady')).toEqual([])
    expect(shop.pods.map(({ restarts }) => restarts)).toEqual([0, 1, 0, 1])
    expect(shop.readyPods).toBe(4)
  })
})
