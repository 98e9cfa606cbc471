// What becomes of a release while the controller or the API server is away or slow, and after.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { Simulation } from '../../src/run/simulation.js'
import type { TimelineEntry } from '../../src/run/timeline.js'
import { planOf, rollout, template } from './plans.js'

const minuteMs = 60_000
const releaseMs = 5 * minuteMs

const scenario = (faults: string, more = '') => `
teaches: Nothing.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 40m
traffic: {rate: 100/s}
service: {stable: {errors: 0%, start: 10s}}
faults: [${faults}]
observability: {dialect: app, scrape: {interval: 15s}}
${more}`

const steps = 'steps: [{setWeight: 25}, {pause: {duration: 2m}}, {setWeight: 50}, {pause: {duration: 10m}}]'
const plain = rollout(4, steps, false)
const judged =
  rollout(4, `${steps}, analysis: {templates: [{templateName: errors}]}`, false) +
  template('errors', 'interval: 30s\n      failureLimit: 1\n      successCondition: result[0] < 0.02', errorRatio())

function errorRatio(): string {
  return 'sum(rate(http_requests_total{code="500"}[1m])) / sum(rate(http_requests_total[1m])) or vector(0)'
}

/** When the rollout came to a step for the first time, since the release. */
function reachedMs(timeline: readonly TimelineEntry[], step: number): number {
  const entry = timeline.find((each) => each.what === 'rollout' && each.atMs > releaseMs && each.step === step)
  return (entry?.atMs ?? Number.NaN) - releaseMs
}

const flown = (faults: string, policy = plain, seed = 1, more = '') =>
  flyRecorded(planOf(scenario(faults, more), policy), seed)

/** From the start of the program to the first pass, and then some for the step. */
const startUpMs = 1_000
const leaseMs = { least: 15_000, most: 15_000 + 4_400 }

describe('While the controller is down', () => {
  const down = '{controller: down, onset: 1m, for: 5m}'

  it('a pause that is over goes on: the next step waits for the controller, and that for its lease', () => {
    expect(reachedMs(flown('').timeline, 2)).toBeLessThan(2 * minuteMs + 15_000)
    for (const seed of [1, 2, 3]) {
      const lateMs = reachedMs(flown(down, plain, seed).timeline, 2) - 6 * minuteMs
      expect(lateMs).toBeGreaterThanOrEqual(leaseMs.least)
      expect(lateMs).toBeLessThan(leaseMs.most + startUpMs)
    }
  })

  it('a pause that isn’t over yet when it is back ends at its time', () => {
    const sound = reachedMs(flown('').timeline, 4)
    const late = reachedMs(flown('{controller: down, onset: 4m, for: 1m}').timeline, 4)
    expect(Math.abs(late - sound)).toBeLessThan(1_100)
  })

  it('nothing is measured, and what is bad goes on hurting until the measurements after it', () => {
    const bad = '{on: canary, errors: 50%, onset: 90s}'
    const sound = flown(bad, judged)
    const late = flown(`${bad}, ${down}`, judged)
    expect(sound.verdict).toBe('aborted')
    expect(late.verdict).toBe('aborted')
    expect(sound.times.decidedMs! - releaseMs).toBeLessThan(4 * minuteMs)
    expect(late.times.decidedMs! - releaseMs).toBeGreaterThan(6 * minuteMs + leaseMs.least)
    // The first measurement follows at once, and it takes two bad ones.
    expect(late.times.decidedMs! - releaseMs).toBeLessThan(6 * minuteMs + leaseMs.most + 32_000 + startUpMs)
    const within = late.timeline.filter(
      ({ what, atMs }) =>
        what === 'measurement' && atMs >= releaseMs + minuteMs && atMs < releaseMs + 6 * minuteMs + leaseMs.least,
    )
    expect(within).toEqual([])
    expect(late.blastRadius.requests.failed).toBeGreaterThan(1.5 * sound.blastRadius.requests.failed)
  })

  it('ReplicaSets are still seen to: a pod that was asked for becomes ready', () => {
    const simulation = new Simulation(planOf(scenario('{controller: down, onset: 2s, for: 5m}'), plain))
    const flying = simulation.takeOff(1)
    flying.advance(releaseMs + minuteMs)
    const canary = flying.cluster.replicaSets.find(({ template: { image } }) => image === 'shop:2')!
    expect(canary.readyPods).toBe(1)
    expect(flying.controller.rollout.status.stepIndex).toBe(0)
  })

  it('people go on writing, and are heard when it is back', () => {
    const more = 'people: [{at: 3m, do: abort}]'
    const { times } = flown(`{on: canary, errors: 50%}, ${down}`, plain, 1, more)
    expect(times.decidedMs! - releaseMs).toBeLessThan(3 * minuteMs + 1_000)
    expect(times.safeMs! - releaseMs).toBeGreaterThan(6 * minuteMs + leaseMs.least)
  })
})

describe('A controller that is slow', () => {
  it('comes so much later to everything', () => {
    const sound = flown('').timeline
    const slow = flown('{controller: slow, delay: 20s}').timeline
    for (const step of [1, 2]) {
      expect(reachedMs(slow, step)).toBeGreaterThan(reachedMs(sound, step) + 20_000)
    }
  })
})

describe('While the API server is down', () => {
  it('for a few seconds, what comes due is tried again ever later, and then done', () => {
    for (const seed of [1, 2, 3]) {
      // The pause is over some 131 s after the release: then passes fail for seven seconds.
      const { timeline } = flown('{apiServer: down, onset: 130s, for: 9s}', plain, seed)
      const atMs = reachedMs(timeline, 2)
      expect(atMs).toBeGreaterThanOrEqual(139_000)
      expect(atMs).toBeLessThan(139_000 + 8_192)
    }
  })

  it('for longer, the controller loses its lease, and is back when its container and the lease allow', () => {
    // It ends 10 to 12 s after the onset, and is started at once, after 10 s, 20 s, 40 s, 80 s: the last stays.
    for (const seed of [1, 2, 3]) {
      const atMs = reachedMs(flown('{apiServer: down, onset: 1m, for: 2m}', plain, seed).timeline, 2)
      const startedMs = { least: minuteMs + 10_000 + 150_000, most: minuteMs + 12_000 + 150_000 }
      expect(atMs).toBeGreaterThan(startedMs.least + leaseMs.least)
      expect(atMs).toBeLessThan(startedMs.most + leaseMs.most + startUpMs)
    }
  })

  it('pods go on serving as they are, and no other comes or is known to be ready', () => {
    const simulation = new Simulation(planOf(scenario('{apiServer: down, onset: 5s, for: 1m}'), plain))
    const flying = simulation.takeOff(1)
    const pods = () =>
      flying.cluster.replicaSets.flatMap(({ template, pods: all }) => all.map((pod) => [template.image, pod.ready]))
    flying.advance(releaseMs + 5_000)
    const before = pods()
    flying.advance(releaseMs + minuteMs + 4_999)
    expect(pods()).toEqual(before)
    flying.advance(releaseMs + 4 * minuteMs)
    expect(pods().filter(([image, isReady]) => image === 'shop:2' && isReady).length).toBeGreaterThan(0)
    expect(pods().length).toBe(4)
  })

  it('people and the release itself wait for it', () => {
    const more = 'people: [{at: 2m, do: abort}]'
    const { times } = flown('{apiServer: down, onset: 110s, for: 30s}', plain, 1, more)
    expect(times.decidedMs! - releaseMs).toBe(140_000)
    const { timeline } = flown('{apiServer: down, onset: 0s, for: 1m}', plain)
    const first = timeline.find(({ what, atMs }) => what === 'rollout' && atMs > releaseMs)!
    expect(first.atMs - releaseMs).toBeGreaterThanOrEqual(minuteMs)
  })

  it('measurements go on and come to nothing', () => {
    const bad = '{on: canary, errors: 50%, onset: 90s}'
    const { timeline, times } = flown(`${bad}, {apiServer: down, onset: 85s, for: 2m}`, judged)
    const noted = timeline.filter(
      ({ what, atMs }) => what === 'measurement' && atMs > releaseMs + 85_000 && atMs < releaseMs + 205_000,
    )
    expect(noted).toEqual([])
    expect(times.decidedMs! - releaseMs).toBeGreaterThan(205_000)
  })

  it('a rollout ends as it would have without, only later', () => {
    for (const faults of [
      '{apiServer: down, onset: 1m, for: 3s, every: 1m}',
      '{apiServer: down, onset: 30s, for: 90s}, {controller: down, onset: 1m, for: 2m}',
      '{controller: down, onset: 1m, for: 20s, every: 2m}',
      '{apiServer: slow, onset: 1m, for: 10m, delay: 2s}',
    ]) {
      for (const seed of [1, 2, 3, 4])
        expect(flown(faults, plain, seed).verdict, `${faults}, seed ${seed}`).toBe('promoted')
    }
  })
})

describe('Whoever has no such fault', () => {
  it('flies as with one that comes after the end', () => {
    const late = '{controller: down, onset: 34m, for: 30s}'
    const outcome = (faults: string) => new Simulation(planOf(scenario(faults), judged)).fly(3)
    expect(outcome(late)).toEqual(outcome(''))
  })
})
