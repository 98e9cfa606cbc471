// What pages of docs/rules claim of aborts, of promotions and of what people do: their manifests are flown, and it is seen.
import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../../src/run/record.js'
import { flightOf, sizesOfCanary, toldOf } from './flights.js'

const abort = 'people: [{at: 2m, do: abort}]'

const weightsOf = (record: RunRecord) => toldOf(record, 'traffic').map((entry) => Math.round(entry.actualWeightPercent))
const phasesOf = (record: RunRecord) => toldOf(record, 'rollout').map(({ phase, message }) => message || phase)

describe('an abort', () => {
  it('lets the canary Service flap, and does not where subsets tell the versions apart', () => {
    const switches = (kind: 'bad' | 'good') =>
      toldOf(flightOf('canary-service-flaps', kind, abort), 'event').filter(
        ({ atMs, reason }) => reason === 'SwitchService' && atMs > 120_500,
      )
    expect(switches('bad').length).toBeGreaterThan(50)
    expect(switches('bad').at(-1)!.atMs).toBeGreaterThan(149_000)
    expect(switches('good')).toEqual([])
  })

  it.each(['abort-drops-canary', 'abort-delay-too-long'])(
    'drops a canary that was to be kept, and keeps it without %s',
    (id) => {
      const lastSize = (kind: 'bad' | 'good') => {
        const sizes = sizesOfCanary(flightOf(id, kind, abort))
        return sizes.findLast(({ atMs }) => atMs < 121_000)!.spec
      }
      expect(lastSize('bad')).toBe(0)
      expect(lastSize('good')).toBe(2)
    },
  )

  it('stands still with dynamicStableScale and a delay of its own, and comes to an end without', () => {
    const bad = flightOf('abort-stands-still', 'bad', abort)
    expect([bad.verdict, weightsOf(bad).at(-1), sizesOfCanary(bad).at(-1)!.spec]).toEqual(['aborted', 25, 2])
    const good = flightOf('abort-stands-still', 'good', abort)
    expect([good.verdict, weightsOf(good).at(-1), sizesOfCanary(good).at(-1)!.spec]).toEqual(['aborted', 0, 0])
  })

  it('after the cutover leaves the active Service on a version without pods', () => {
    const faults = 'faults: [{on: canary, onset: 30s, errors: 90%}, {on: canary, onset: 40s, crashLoop: true}]'
    const bad = flightOf('abort-after-cutover', 'bad', faults)
    const active = toldOf(bad, 'service').filter(({ name }) => name === 'shop')
    expect([bad.verdict, active.length, sizesOfCanary(bad).at(-1)!.spec]).toEqual(['aborted', 1, 0])
    const good = flightOf('abort-after-cutover', 'good', 'faults: [{on: canary, onset: 0s, crashLoop: true}]')
    expect(toldOf(good, 'service').filter(({ name }) => name === 'shop')).toEqual([])
  })

  it('of a rollback within the window is taken back', () => {
    const people = 'people: [{at: 10m, do: undo}, {at: 605s, do: abort}]'
    const degraded = (kind: 'bad' | 'good') =>
      phasesOf(flightOf('abort-taken-back', kind, people)).filter((phase) => phase.startsWith('RolloutAborted'))
    expect(degraded('bad')).toEqual([])
    expect(degraded('good')).not.toEqual([])
  })
})

it.each([0, 1])('the pods of the old version stay with a delay of 0 (%i)', (index) => {
  const former = (record: RunRecord) => {
    const canary = sizesOfCanary(record)
    return toldOf(record, 'replica-set').filter((set) => !canary.some((other) => other === set))
  }
  const bad = flightOf('old-pods-stay', 'bad', '', index)
  const names = new Set(toldOf(bad, 'replica-set').map(({ name }) => name))
  expect([bad.verdict, names.size]).toEqual(['promoted', 1])
  expect(former(flightOf('old-pods-stay', 'good')).at(-1)).toMatchObject({ spec: 0 })
})

it('passes that fail while pods start make the weight late', () => {
  const delayMs = (kind: 'bad' | 'good') => {
    const record = flightOf('istio-waits-for-pods', kind, 'service: {stable: {start: {p50: 1m, p99: 3m}}}')
    const readyMs = toldOf(record, 'replica-set').find(({ spec, available }) => spec === 2 && available === 2)!.atMs
    return toldOf(record, 'traffic').find(({ actualWeightPercent }) => actualWeightPercent > 0)!.atMs - readyMs
  }
  expect(delayMs('good')).toBeLessThan(100)
  expect(delayMs('bad')).toBeGreaterThan(1000)
})

describe('a promote', () => {
  const promote = 'people: [{when: paused, after: 1m, do: promote}]'

  it('begins autoPromotionSeconds anew', () => {
    expect(flightOf('promote-restarts-pause', 'bad', promote).verdict).toBe('paused')
    expect(flightOf('promote-restarts-pause', 'good', promote).verdict).toBe('promoted')
  })

  it('of a Rollout that is paused skips the step that it is at', () => {
    const record = flightOf('paused-in-manifest', 'bad', 'people: [{at: 1m, do: promote}]')
    const pause = toldOf(record, 'rollout').find(({ message }) => message === 'CanaryPauseStep')!
    const firstPodMs = toldOf(record, 'replica-set').find(({ available }) => available === 1)!.atMs
    expect(pause.step).toBe(1)
    expect(firstPodMs).toBeGreaterThan(pause.atMs)
  })
})

it('a pause for a person is over at once while the background analysis is inconclusive', () => {
  const stayMs = (kind: 'bad' | 'good') => {
    const rollouts = toldOf(flightOf('gate-lost', kind), 'rollout')
    const [enters, leaves] = [2, 3].map((index) => rollouts.find(({ step }) => step === index)?.atMs)
    return (leaves ?? Number.POSITIVE_INFINITY) - enters!
  }
  expect(stayMs('bad')).toBeLessThan(1000)
  expect(stayMs('good')).toBe(Number.POSITIVE_INFINITY)
})

it('a pause of less than a second is none', () => {
  const stayMs = (kind: 'bad' | 'good') => {
    const rollouts = toldOf(flightOf('pause-of-no-time', kind), 'rollout')
    const [enters, leaves] = [1, 2].map((index) => rollouts.find(({ step }) => step === index)!.atMs)
    return leaves! - enters!
  }
  expect(stayMs('bad')).toBeLessThan(1000)
  expect(stayMs('good')).toBeGreaterThan(3000)
})

it('a weight of 010 is one of 8', () => {
  const record = flightOf('yaml-number-read', 'bad')
  expect(toldOf(record, 'event').map(({ message }) => message)).toContain('Rollout step 1/2 completed (setWeight: 8)')
})

it('a Rollout without replicas has one pod beside the four of its Deployment', () => {
  const most = (kind: 'bad' | 'good') =>
    Math.max(...sizesOfCanary(flightOf('workload-replicas', kind)).map(({ spec }) => spec))
  expect([most('bad'), most('good')]).toEqual([1, 4])
})
