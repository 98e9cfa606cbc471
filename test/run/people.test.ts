// What people do during a flight, and when: at a time, or after a while in a phase.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout } from './plans.js'

const steps = 'steps: [{setWeight: 25}, {pause: {}}, {setWeight: 50}, {pause: {}}]'
const scenario = (people: string, more = '') => `
teaches: What people do.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 1h
traffic: {rate: 20/s}
service: {stable: {start: 10s}}
people: [${people}]
${more}
`
const fly = (people: string, canary = steps, more = '') =>
  flyRecorded(planOf(scenario(people, more), rollout(4, canary)), 1)

/** Whole seconds since the release, and the command. */
const deeds = (record: ReturnType<typeof fly>) =>
  record.timeline.flatMap((entry) =>
    entry.what === 'person' ? [`${Math.floor(entry.atMs / 1000) - 60} ${entry.does}`] : [],
  )

describe('On the phase of the rollout', () => {
  it('somebody promotes ten minutes after each pause began', () => {
    const record = fly('{when: paused, after: 10m, do: promote}')
    expect(record.verdict).toBe('promoted')
    expect(deeds(record)).toEqual(['610 promote', '1220 promote'])
  })

  it('and does nothing if the pause is over by then', () => {
    const record = fly('{at: 5m, do: promote}, {when: paused, after: 10m, do: promote}')
    expect(deeds(record)).toEqual(['300 promote', '910 promote'])
  })

  it('a script retries what was aborted', () => {
    const record = fly('{at: 2m, do: abort}, {when: degraded, after: 1m, do: retry}')
    expect(deeds(record)).toEqual(['120 abort', '180 retry'])
    expect(record).toMatchObject({ verdict: 'paused', times: { decidedMs: 180_000 } })
  })

  it('and two who answer each other need a second each', () => {
    const times = fly('{when: paused, do: abort}, {when: degraded, do: retry}')
      .timeline.filter(({ what }) => what === 'person')
      .map(({ atMs }) => atMs)
    expect(times.length).toBeGreaterThan(1000)
    expect(times.every((atMs, index) => index === 0 || atMs - times[index - 1]! >= 1000)).toBe(true)
  })
})

describe('At a time since the release', () => {
  it.each([
    ['promote-full', 'promoted'],
    ['abort', 'aborted'],
    ['undo', 'aborted'],
    ['restart', 'paused'],
  ])('%s ends in: %s', (command, verdict) => {
    const record = fly(`{at: 2m, do: ${command}}`)
    expect(record.verdict).toBe(verdict)
    expect(deeds(record)).toEqual([`120 ${command}`])
  })

  it('undo of a promoted release takes it back: that is a decision, with a time to safe', () => {
    const record = fly('{at: 10m, do: undo}', 'steps: [{setWeight: 50}]', 'faults: [{on: canary, errors: 10%}]')
    expect(record).toMatchObject({ verdict: 'aborted', missed: false, falseAbort: false })
    expect(record.times.promotedMs).toBeGreaterThan(0)
    expect(record.detectionMs! / 1000).toBeCloseTo(590, 0)
    expect(record.timeToSafeMs).toBeGreaterThan(record.detectionMs!)
  })

  it('abort of a promoted release is taken up by nobody, and so no decision', () => {
    const record = fly('{at: 10m, do: abort}', 'steps: [{setWeight: 50}]', 'faults: [{on: canary, errors: 10%}]')
    expect(deeds(record)).toEqual(['600 abort'])
    expect(record).toMatchObject({ verdict: 'promoted', missed: true, detectionMs: null, timeToSafeMs: null })
    expect(record.times.decidedMs).toBeNull()
  })

  it('pause holds the steps, promote goes on', () => {
    const timed = 'steps: [{setWeight: 25}, {pause: {duration: 1m}}]'
    const held = fly('{at: 30s, do: pause}', timed)
    expect(held.verdict).toBe('paused')
    expect(fly('{at: 30s, do: pause}, {at: 10m, do: promote}, {at: 11m, do: promote}', timed).verdict).toBe('promoted')
  })
})
