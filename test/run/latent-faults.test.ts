// Faults that wait for something to happen in a flight, held against what follows from the course of it.
import { describe, expect, it } from 'vitest'
import { exp } from '../../src/kernel/elementary.js'
import { flyRecorded } from '../../src/run/fly.js'
import type { RunRecord } from '../../src/run/record.js'
import { planOf, rollout } from './plans.js'

const minute = 60_000

const scenario = (fault: string, rate = '200/s') => `
teaches: What a fault does.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 22m
service: {stable: {errors: 0%, start: 10s}}
traffic: {rate: ${rate}}
faults: [${fault}]
`

/** A quarter of the requests reach the canary for five minutes, then all of them; nobody looks. */
const policy = rollout(4, 'steps: [{setWeight: 25}, {pause: {duration: 5m}}]')

const fly = (fault: string, rate?: string) => flyRecorded(planOf(scenario(fault, rate), policy), 1)

/** Within four standard deviations of a Poisson count. */
function expectCount(count: number, mean: number): void {
  expect(Math.abs(count - mean), `${count}, where ${mean} are expected`).toBeLessThan(4 * Math.sqrt(mean))
}

const excess = ({ blastRadius }: RunRecord) => blastRadius.requests.excess
const since = (record: RunRecord, timeMs: number | null) => timeMs! - record.times.releasedMs

describe('A fault after the promotion', () => {
  const record = fly('{on: canary, errors: 10%, after: promotion, onset: 2m, for: 5m}')

  it('begins so long after it, is told then, and is missed', () => {
    const told = record.timeline
      .filter(({ what }) => what === 'fault')
      .map(({ atMs }) => atMs - record.times.promotedMs!)
    expect(told).toEqual([2 * minute, 7 * minute])
    expect(record.times.onsetMs! - record.times.promotedMs!).toBe(2 * minute)
    expect(record).toMatchObject({ verdict: 'promoted', missed: true })
    expectCount(excess(record), 0.1 * 200 * 5 * 60)
  })
})

describe('A fault from the first pod of the canary on', () => {
  it('begins when its container runs', () => {
    const record = fly('{on: stable, errors: 10%, after: first-pod, for: 1m}')
    const begins = record.timeline.find(({ what }) => what === 'fault')!
    expect(since(record, begins.atMs)).toBeGreaterThanOrEqual(10_000)
    expect(since(record, begins.atMs)).toBeLessThan(11_000)
  })
})

describe('A fault above a load', () => {
  it('is there while every pod gets more than that, to the instant', () => {
    // Four pods share 200/s and, from 10 minutes on, ten times as much on a ramp of ten minutes: 125/s each at 13.33.
    const record = fly(
      '{on: both, errors: 50%, above: 125/s}',
      '[{at: 0s, rate: 200/s}, {at: 20m, rate: 2k/s, ramp: 2m}]',
    )
    const crossesMs = 20 * minute + (2 * minute * (500 - 200)) / (2000 - 200)
    expect(record.times.onsetMs!).toBeCloseTo(crossesMs, -1)
    const seconds = (22 * minute - crossesMs) / 1000
    expectCount(record.blastRadius.requests.failed, 0.5 * ((500 + 2000) / 2) * seconds)
  })

  it('isn’t, below', () => {
    expect(fly('{on: both, errors: 50%, above: 300/s}').blastRadius.requests.failed).toBe(0)
  })
})

describe('A change of schema', () => {
  it('breaks the other version for as long as both serve', () => {
    const record = fly('{on: stable, skew: {errors: 10%, while: mixed}}')
    const share = record.timeline.filter((entry) => entry.what === 'traffic')
    const [begins, ends] = [share[0]!.atMs, share.at(-1)!.atMs]
    expect(record.missed).toBe(true)
    // It begins when the first pod of the canary is ready, a little before any request goes there.
    expectCount(excess(record), 0.1 * 0.75 * 200 * ((ends - begins) / 1000))
  })

  it('hurts users of stable, which is the release’s doing', () => {
    const { blastRadius } = fly('{on: stable, skew: {errors: 10%}}')
    expect(blastRadius.users.harmed).toBeGreaterThan(1000)
    expect(blastRadius.requests.excess).toBe(blastRadius.requests.failed)
  })
})

describe('A canary that spoils what both versions read', () => {
  const records = 20_000

  it('spoils one of so many records with each request that it serves', () => {
    const record = fly(`{on: canary, poison: {records: ${records}}, for: 3m}`)
    // Of three minutes, ten seconds go to the start of its pods: so many requests have hit a record each.
    const firstMs = record.timeline.find((entry) => entry.what === 'traffic')!.atMs
    const served = 50 * (record.times.releasedMs + 3 * minute - firstMs) * 1e-3
    const spoiled = 1 - exp(-served / records)
    const last = 10 * minute
    // In the end nothing changes any more, so that the share of failures is what is spoiled.
    const failed = record.blastRadius.requests.failed / (200 * 60)
    expect(failed).toBeGreaterThan(spoiled * (last / minute))
    expect(failed).toBeLessThan(spoiled * 19)
  })

  it('leaves harm behind when it is gone, unless it heals', () => {
    const lasting = excess(fly(`{on: canary, poison: {records: ${records}}, for: 3m}`))
    const healing = excess(fly(`{on: canary, poison: {records: ${records}, recovery: 1m}, for: 3m}`))
    expect(healing).toBeGreaterThan(0)
    expect(lasting).toBeGreaterThan(4 * healing)
  })
})
