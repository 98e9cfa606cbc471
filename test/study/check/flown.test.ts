// What pages of docs/rules claim of pods, traffic and ends: their bad manifests are flown, and it is seen; their good ones
// are, and it isn't.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../../src/run/fly.js'
import type { RunRecord } from '../../../src/run/record.js'
import { endOfStep } from '../../../src/study/check/rules/flown.js'
import { rules } from '../../../src/study/check/rules/rules.js'
import { findingsOf, subjectOf } from './findings-of.js'
import { flightOf, planIn } from './flights.js'
import { manifestsOn, pageOf } from './pages.js'

const releaseMs = 60_000

/** What part of the requests reached the canary so long after the release, in whole percent. */
function weightAt({ timeline }: RunRecord, seconds: number): number {
  const atMs = releaseMs + 1000 * seconds
  const last = timeline.findLast((entry) => entry.what === 'traffic' && entry.atMs <= atMs)
  return last?.what === 'traffic' ? Math.round(last.actualWeightPercent) : 0
}

/** All that the canary ever got, one after another. */
function weights({ timeline }: RunRecord): readonly number[] {
  return timeline.flatMap((entry) => (entry.what === 'traffic' ? [Math.round(entry.actualWeightPercent)] : []))
}

/** The most pods of the new version that were available by then. */
function mostPods({ timeline }: RunRecord, untilMs = Number.POSITIVE_INFINITY): number {
  const created = timeline.find((entry) => entry.what === 'replica-set' && entry.spec === 0 && entry.ready === 0)
  const name = created?.what === 'replica-set' ? created.name : ''
  const sizes = timeline.flatMap((entry) =>
    entry.what === 'replica-set' && entry.name === name && entry.atMs <= untilMs ? [entry.available] : [],
  )
  return Math.max(0, ...sizes)
}

function lastPhase({ timeline }: RunRecord): string {
  const last = timeline.findLast((entry) => entry.what === 'rollout')
  return last?.what === 'rollout' ? `${last.phase} at step ${last.step} of ${last.steps}` : ''
}

describe('A healthy release hangs', () => {
  it.each([
    ['endless-experiment', 0, 'Progressing at step 1 of 2'],
    ['experiment-template-name', 0, 'Progressing at step 1 of 2'],
    ['unknown-spec-ref', 0, 'Progressing at step 1 of 2'],
    ['no-metrics', 0, 'Progressing at step 1 of 2'],
    ['no-templates', 0, 'Progressing at step 1 of 2'],
    ['no-templates', 1, 'Progressing at step 1 of 2'],
    ['invalid-field-path', 0, 'Progressing at step 1 of 2'],
    ['no-pod-can-be-made', 0, 'Degraded at step 2 of 2'],
    ['negative-number', 0, 'Degraded at step 2 of 2'],
    ['negative-number', 1, 'Progressing at step 0 of 2'],
    ['negative-number', 2, 'Progressing at step null of 0'],
    ['negative-number', 3, 'Degraded at step null of 0'],
    ['progress-threshold-value', 0, 'Degraded at step 0 of 2'],
    ['progress-threshold-value', 1, 'Degraded at step 0 of 2'],
  ])('by %s (%i)', (id, index, end) => {
    const record = flightOf(id, 'bad', '', index)
    expect(record.verdict).toBe('stuck')
    expect(lastPhase(record)).toBe(end)
  })

  it.each([
    'endless-experiment',
    'experiment-template-name',
    'unknown-spec-ref',
    'no-metrics',
    'no-templates',
    'invalid-field-path',
    'no-pod-can-be-made',
    'negative-number',
    'progress-threshold-value',
  ])('and does not without %s', (id) => {
    const isLong = id === 'endless-experiment'
    const good = manifestsOn(pageOf(id), 'good')[0]!
    const record = flyRecorded(planIn(good, isLong ? 'duration: 25h' : ''), 1)
    expect(record.verdict).toBe('promoted')
  })
})

describe('Pods of the new version', () => {
  it('are never made by no-pod-can-be-made', () => {
    expect(mostPods(flightOf('no-pod-can-be-made', 'bad'))).toBe(0)
  })

  it('end at one by negative-number, where maxUnavailable is -1', () => {
    expect(mostPods(flightOf('negative-number', 'bad'))).toBe(1)
  })

  it('are all gone in the last pause by weight-without-pods, and it is promoted behind it', () => {
    const record = flightOf('weight-without-pods', 'bad')
    const [half, none] = weights(record)
    expect([half, none]).toEqual([50, 0])
    expect(record.verdict).toBe('promoted')
    expect(weights(flightOf('weight-without-pods', 'good'))).not.toContain(0)
  })

  it('are none in a pause by step-before-pods', () => {
    const record = flightOf('step-before-pods', 'bad')
    expect(mostPods(record, releaseMs + 600_000)).toBe(0)
    expect(mostPods(flightOf('step-before-pods', 'good'), releaseMs + 600_000)).toBeGreaterThan(0)
  })

  it('are none by scale-of-nothing until there is a weight', () => {
    expect(flightOf('scale-of-nothing', 'bad').timeline).toContainEqual(
      expect.objectContaining({ message: 'Rollout step 1/3 completed (setCanaryScale)' }),
    )
    const [begins] = flightOf('scale-of-nothing', 'bad').timeline.filter(
      (entry) => entry.what === 'replica-set' && entry.spec > 0,
    )
    expect(begins).toMatchObject({ spec: 1 })
    const negative = flightOf('scale-of-nothing', 'bad', '', 1)
    expect(mostPods(negative, releaseMs + 299_000)).toBe(0)
    expect(negative.verdict).toBe('promoted')
  })

  it.each([
    [0, 6],
    [1, 25],
  ])('are more than there are replicas by scale-above-replicas (%i)', (index, pods) => {
    expect(mostPods(flightOf('scale-above-replicas', 'bad', '', index))).toBe(pods)
    expect(mostPods(flightOf('scale-above-replicas', 'good'))).toBe(4)
  })

  it('are one for half of the requests by scale-below-weight', () => {
    const record = flightOf('scale-below-weight', 'bad')
    const half = record.timeline.find((entry) => entry.what === 'traffic' && entry.actualWeightPercent === 50)
    expect(mostPods(record, half!.atMs + 299_000)).toBe(1)
    const good = flightOf('scale-below-weight', 'good')
    const goodHalf = good.timeline.find((entry) => entry.what === 'traffic' && entry.actualWeightPercent === 50)
    expect(mostPods(good, goodHalf!.atMs)).toBe(4)
  })

  it('are not all there at a promotion by partial-promotion', () => {
    const record = flightOf('partial-promotion', 'bad')
    expect(mostPods(record, record.times.promotedMs!)).toBeLessThan(8)
    const good = flightOf('partial-promotion', 'good')
    expect(mostPods(good, good.times.promotedMs!)).toBe(8)
  })
})

describe('Requests', () => {
  it('stay where they are by weight-not-reached, where stable is not whole, and then all move at once', () => {
    const policy = manifestsOn(pageOf('router-without-steps'), 'good')[0]!.replace(
      'pause: {duration: 5m}}',
      'pause: {duration: 5m}}, {setWeight: 50}, {pause: {duration: 5m}}',
    )
    const record = flyRecorded(planIn(policy, 'faults: [{on: stable, crashLoop: true, onset: 3m, for: 20m}]'), 1)
    expect(weights(record)).toEqual([25, 100])
    const rule = rules.find(({ id }) => id === 'weight-not-reached')!
    const found = [...rule.find!({ ...subjectOf(policy).subject, healthy: record })]
    expect(found.map(({ message }) => message)).toEqual(['setWeight: 50 is over without its weight'])
    expect(findingsOf(policy).map(({ id }) => id)).not.toContain('weight-not-reached')
  })

  it('stay where they are when a step is over by falling-weight', () => {
    expect(endOfStep(flightOf('falling-weight', 'bad'), 2)!.weightPercent).toBeGreaterThan(60)
    expect(endOfStep(flightOf('falling-weight', 'good'), 2)!.weightPercent).toBe(100)
  })

  it('are three quarters for two of eight pods by falling-weight with a router', () => {
    const { timeline } = flightOf('falling-weight', 'bad', '', 1)
    const falls = timeline.findIndex(
      (entry) =>
        entry.what === 'traffic' &&
        entry.setWeightPercent === 25 &&
        entry.actualWeightPercent === 25 &&
        entry.atMs > releaseMs + 200_000,
    )
    const before = timeline.slice(0, falls)
    expect(before.findLast(({ what }) => what === 'traffic')).toMatchObject({ actualWeightPercent: 75 })
    expect(before.findLast(({ what }) => what === 'replica-set')).toMatchObject({ spec: 2, available: 2 })
  })

  it('all move at once by router-without-steps', () => {
    expect(weights(flightOf('router-without-steps', 'bad'))).toEqual([100])
    expect(weights(flightOf('router-without-steps', 'good'))).toEqual([25, 100])
  })

  it('are refused by pods that take half a minute to answer, and are ready before, by no-readiness-probe', () => {
    const slow = 'service: {stable: {start: 30s}}'
    // Half of the pods come twice, in 5 minutes: 100/s go to pods of which one or two don't answer yet.
    expect(flightOf('no-readiness-probe', 'bad', slow).blastRadius.requests.failed).toBeGreaterThan(1000)
    expect(flightOf('no-readiness-probe', 'good', slow).blastRadius.requests.excess).toBeLessThan(10)
  })

  it('go to the first pods that are ready by rollback-window-weight', () => {
    const undone = flightOf('rollback-window-weight', 'bad', 'people: [{at: 20m, do: undo}]')
    const back = undone.timeline.find(({ what, atMs }) => what === 'traffic' && atMs > releaseMs + 1_200_000)
    // Of the new version, which goes: the other has the 75 % of the last step.
    expect(back).toMatchObject({ actualWeightPercent: 25 })
    const available = undone.timeline.findLast(({ what, atMs }) => what === 'replica-set' && atMs <= back!.atMs)
    expect(available).toMatchObject({ spec: 8, available: 1 })
    const stepwise = flightOf('rollback-window-weight', 'good', 'people: [{at: 20m, do: undo}]')
    expect(
      stepwise.timeline.find(({ what, atMs }) => what === 'traffic' && atMs > releaseMs + 1_200_000),
    ).toMatchObject({
      actualWeightPercent: 75,
    })
  })

  const outage = 'faults: [{on: canary, crashLoop: true, onset: 7m}]\npeople: [{at: 20m, do: abort}]'
  it('go on to a canary that is down by dynamic-scale-outage, until somebody aborts', () => {
    const record = flightOf('dynamic-scale-outage', 'bad', outage)
    expect(weightAt(record, 19 * 60)).toBe(75)
    expect(record.blastRadius.requests.excess).toBeGreaterThan(0.7 * 100 * 13 * 60)
    expect(flightOf('dynamic-scale-outage', 'good', outage).blastRadius.requests.excess).toBeLessThan(10)
  })

  it('of testers never reach the canary by route-before-pods', () => {
    expect(weights(flightOf('route-before-pods', 'bad'))).toEqual([50, 100])
    expect(weights(flightOf('route-before-pods', 'good'))).toEqual([10, 55, 100])
  })

  it('of testers are lost to it in an outage by routes-lost-in-outage', () => {
    const passing = 'faults: [{on: canary, crashLoop: true, onset: 2m, for: 30s}]'
    expect(weights(flightOf('routes-lost-in-outage', 'bad', passing))).toEqual([10, 0, 50, 100])
    expect(weights(flightOf('routes-lost-in-outage', 'good', passing))).toEqual([25, 0, 25, 100])
  })
})

it('A canary that never gets ready stays, and without no-abort-at-deadline it is aborted', () => {
  const crashing = 'faults: [{on: canary, crashLoop: true}]'
  const record = flightOf('no-abort-at-deadline', 'bad', crashing)
  expect([record.verdict, lastPhase(record)]).toEqual(['stuck', 'Degraded at step 0 of 2'])
  expect(flightOf('no-abort-at-deadline', 'good', crashing).verdict).toBe('aborted')
})

it('A bound in quotes is a part of the replicas: percent-without-sign goes pod by pod', () => {
  const most = (record: RunRecord) =>
    Math.max(...record.timeline.flatMap((entry) => (entry.what === 'replica-set' ? [entry.spec] : [])))
  const slow = flightOf('percent-without-sign', 'bad')
  const fast = flightOf('percent-without-sign', 'good')
  expect(most(slow)).toBe(10)
  expect(slow.times.promotedMs! - fast.times.promotedMs!).toBeGreaterThan(30_000)
})
