// How many requests each pod answers on average, by its part of the traffic and for as long as it is ready.
import { describe, expect, it } from 'vitest'
import { Pod, ReplicaSet } from '../../src/world/cluster/objects.js'
import { PodLoad } from '../../src/world/pod-load.js'
import { Traffic } from '../../src/world/traffic.js'

const set = new ReplicaSet(0, { kind: 'Rollout', name: 'shop' }, { key: 'k', hash: 'h', image: 'i' }, 0, 1, 'shop-h')

function readyPod(load: PodLoad, id: number, nowMs: number): Pod {
  const pod = new Pod(id, set, id + 1, nowMs)
  pod.ready = true
  load.turned(pod, nowMs)
  return pod
}

describe('A pod', () => {
  it('answers its part of its version’s share while it is ready', () => {
    const load = new PodLoad(Traffic.constant(120), [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], () => 1)
    const pod = readyPod(load, 0, 1000)
    load.split(1000, [0.75, 0.25], [3, 2])
    expect(load.answeredBy(pod, 11_000)).toBeCloseTo(150)
    pod.ready = false
    load.turned(pod, 11_000)
    expect(load.answeredBy(pod, 20_000)).toBeCloseTo(150)
    pod.ready = true
    load.turned(pod, 20_000)
    load.split(20_000, [0.75, 0.25], [3, 1])
    expect(load.answeredBy(pod, 21_000)).toBeCloseTo(180)
  })

  it('that was never ready has answered nothing that anybody could tell', () => {
    const load = new PodLoad(Traffic.constant(120), [Number.POSITIVE_INFINITY], () => 0)
    const pod = new Pod(0, set, 1, 0)
    load.turned(pod, 0)
    expect(load.answeredBy(pod, 10_000)).toBe(undefined)
  })

  it('whose version has a queue answers its part of what that lets through', () => {
    const served = (version: number, untilMs: number) => (version + 1) * untilMs
    const load = new PodLoad(Traffic.constant(120), [Number.POSITIVE_INFINITY, undefined], () => 1, served)
    load.split(1000, [0.5, 0.5], [3, 2])
    const pod = readyPod(load, 0, 1000)
    expect(load.answeredBy(pod, 11_000)).toBe(10_000)
    load.split(11_000, [0.5, 0.5], [3, 4])
    expect(load.answeredBy(pod, 13_000)).toBe(11_000)
  })

  it('answers no more than it can, to the instant at which a ramp passes that', () => {
    const ramps = new Traffic([
      { atMs: 0, requestsPerSecond: 0 },
      { atMs: 60_000, requestsPerSecond: 120 },
      { atMs: 90_000, requestsPerSecond: 20 },
    ])
    const load = new PodLoad(ramps, [30], () => 0)
    const pod = readyPod(load, 0, 0)
    load.split(0, [1], [2])
    let expected = 0
    for (let ms = 0; ms < 100_000; ms++) expected += Math.min(30, ramps.rateAt(ms + 0.5) / 2) / 1000
    expect(load.answeredBy(pod, 100_000)).toBeCloseTo(expected, 3)
    expect(load.answeredBy(pod, 100_000)).toBeLessThan(ramps.integral(0, 100_000) / 2)
  })
})
