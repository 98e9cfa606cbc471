// Probes as the kubelet runs them (1.36, pkg/kubelet/prober/worker.go). Times are seconds since the pods were made.
import { describe, expect, test } from 'vitest'
import { clusterOf, probe } from './cluster-of.js'

describe('Readiness', () => {
  test('comes with the start where nothing is probed', () => {
    const { set, run, turns } = clusterOf({ startMs: 4000 })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 4'])
  })

  test('is probed at once when the container runs, and a whole number of periods later', () => {
    const { set, run, turns } = clusterOf({ startMs: 4000, spec: { readiness: probe({ periodMs: 3000 }) } })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 6'])
  })

  test('waits for the initial delay, counted from the second in which the container began to run', () => {
    const readiness = probe({ periodMs: 3000, initialDelayMs: 7000 })
    const { set, run, turns } = clusterOf({ startMs: 100, spec: { readiness } })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 9'])
  })

  test('needs as many successes in a row as the threshold says', () => {
    const { set, run, turns } = clusterOf({ startMs: 4000, spec: { readiness: probe({ successThreshold: 3 }) } })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 6'])
  })

  test('goes after so many failures in a row, and comes back with the first success', () => {
    const { set, run, turns, times, strike, relieve } = clusterOf({ startMs: 500, spec: { readiness: probe() } })
    const { pods } = set(1)
    run(10.5)
    strike(pods[0]!, 'not-ready')
    run(20.5)
    relieve(pods[0]!, 'not-ready')
    run(60)
    expect(turns).toEqual(['1 ready 1', '1 not ready 13', '1 ready 21'])
    expect(times('Unhealthy')).toEqual([11])
  })

  test('outlasts fewer failures than that, and counts anew after a success', () => {
    const { set, run, turns, strike, relieve } = clusterOf({ startMs: 500, spec: { readiness: probe() } })
    const { pods } = set(1)
    for (const atSeconds of [10.5, 14.5]) {
      run(atSeconds)
      strike(pods[0]!, 'not-ready')
      run(atSeconds + 2)
      relieve(pods[0]!, 'not-ready')
    }
    run(60)
    expect(turns).toEqual(['1 ready 1'])
  })

  test('of what hangs goes when the time of the last probe is up', () => {
    const readiness = probe({ periodMs: 5000, timeoutMs: 2000 })
    const { set, run, turns, strike } = clusterOf({ startMs: 500, spec: { readiness } })
    const { pods } = set(1)
    run(21)
    strike(pods[0]!, 'hang')
    run(60)
    expect(turns).toEqual(['1 ready 5', '1 not ready 37'])
  })

  test('a probe that takes longer than its period is followed by the next one at once', () => {
    const readiness = probe({ periodMs: 1000, timeoutMs: 2500 })
    const { set, run, turns, strike } = clusterOf({ startMs: 500, spec: { readiness } })
    const { pods } = set(1)
    run(10.5)
    strike(pods[0]!, 'hang')
    run(60)
    expect(turns).toEqual(['1 ready 1', '1 not ready 18.5'])
  })
})

describe('Startup probes', () => {
  test('hold the others back, whose first one comes at once after success', () => {
    const spec = { startup: probe({ periodMs: 5000, failureThreshold: 10 }), readiness: probe(), liveness: probe() }
    const { set, run, turns, times } = clusterOf({ startMs: 12_000, spec })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 15'])
    expect(times('Killing')).toEqual([])
  })

  test('make a pod ready that has no readiness probe', () => {
    const { set, run, turns } = clusterOf({ startMs: 12_000, spec: { startup: probe({ failureThreshold: 30 }) } })
    set(1)
    run(60)
    expect(turns).toEqual(['1 ready 12'])
  })

  test('kill a container that takes too long', () => {
    const spec = { startup: probe({ failureThreshold: 4, periodMs: 2000 }), readiness: probe() }
    const { set, run, turns, times, cluster } = clusterOf({ startMs: 12_000, spec })
    set(1)
    run(9)
    expect(turns).toEqual([])
    expect(times('Killing')).toEqual([6])
    expect(cluster.pod(0).restarts).toBe(1)
  })
})

describe('Liveness probes', () => {
  test('kill what starts slowly, where no startup probe waits for it', () => {
    const { set, run, times, cluster } = clusterOf({ startMs: 12_000, spec: { liveness: probe({ periodMs: 2000 }) } })
    set(1)
    run(10)
    expect(times('Killing')).toEqual([4, 8])
    expect(cluster.pod(0).restarts).toBe(2)
  })

  test('kill what hangs: it does not hear the signal, so that its grace period runs out first', () => {
    const spec = { liveness: probe({ periodMs: 10_000 }), readiness: probe(), graceMs: 30_000 }
    const { set, run, times, turns, cluster, strike, relieve } = clusterOf({ startMs: 0, spec })
    const { pods } = set(1)
    run(35)
    strike(pods[0]!, 'hang')
    run(63)
    relieve(pods[0]!, 'hang')
    run(120)
    // Probed at 40, 50 and 60 s, each for a second; dead 30 s after the last one failed, and up again at once.
    expect(times('Killing')).toEqual([61])
    expect(turns).toEqual(['1 ready 0', '1 not ready 38', '1 ready 63', '1 not ready 91', '1 ready 91'])
    expect(cluster.pod(0).lastEnd).toBe('Error')
  })

  test('may have a grace period of their own', () => {
    const spec = { liveness: probe({ graceMs: 5000 }), graceMs: 30_000 }
    const { set, run, cluster, strike } = clusterOf({ startMs: 0, spec })
    const { pods } = set(1)
    run(10.5)
    strike(pods[0]!, 'hang')
    run(19.5)
    expect(cluster.pod(0).restarts).toBe(1)
  })

  test('what is well costs no events', () => {
    const { set, run, loop } = clusterOf({ startMs: 0, spec: { liveness: probe(), readiness: probe() } })
    set(3)
    run(10)
    expect(loop.next()).toBe(Number.POSITIVE_INFINITY)
  })
})
