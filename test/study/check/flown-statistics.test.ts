// What pages of docs/rules claim of the statistics of a policy: their manifests are flown, with good canaries and bad ones.
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/run/simulation.js'
import { findingsOf } from './findings-of.js'
import { flightOf, planFor, toldOf } from './flights.js'
import { manifestsOn, pageOf, scenarioOn } from './pages.js'

const verdictOf = (id: string, kind: 'bad' | 'good', more = '', index = 0) => flightOf(id, kind, more, index).verdict
const seeds = Array.from({ length: 200 }, (_, seed) => seed)
const failing = (percent: number) => `faults: [{on: canary, onset: 0s, errors: ${percent}%}]`

describe('a bad canary', () => {
  it.each([
    ['all-failed-passes', 100],
    ['whole-service', 50],
    ['stable-only', 100],
    ['limit-beyond-steps', 100],
  ])('is promoted by %s, when %i %% of its requests fail', (id, percent) => {
    expect(verdictOf(id, 'bad', failing(percent))).toBe('promoted')
    expect(verdictOf(id, 'good', failing(percent))).toBe('aborted')
  })

  it('is promoted by limit-beyond-steps in an experiment that does not wait for it', () => {
    expect(verdictOf('limit-beyond-steps', 'bad', failing(100), 1)).toBe('promoted')
    expect(verdictOf('limit-beyond-steps', 'good', failing(100), 1)).toBe('aborted')
  })

  it('that only half fails is caught where one that fails altogether is not', () => {
    expect(verdictOf('all-failed-passes', 'bad', failing(50))).toBe('aborted')
  })

  it.each([0, 1])('is promoted by empty-passes (%i), when its metrics are lost', (index) => {
    const lost = 'faults: [{on: canary, onset: 0s, errors: 100%}, {on: gateway, onset: 0s, metrics: lost}]'
    expect(verdictOf('empty-passes', 'bad', lost, index)).toBe('promoted')
    expect(verdictOf('empty-passes', 'good', lost)).toBe('aborted')
  })
})

describe('a good canary', () => {
  it('is aborted by chance by too-few-requests: more often than one is to be, less often than the bound', () => {
    const stopped = (kind: 'bad' | 'good') => {
      const simulation = new Simulation(planFor('too-few-requests', kind))
      return seeds.filter((seed) => simulation.fly(seed).falseAbort).length / seeds.length
    }
    const byChance = stopped('bad')
    expect(byChance, `seeds 0 to ${seeds.length - 1}`).toBeGreaterThan(0.01)
    expect(byChance, `seeds 0 to ${seeds.length - 1}`).toBeLessThan(0.2)
    expect(stopped('good')).toBe(0)
  })

  it('is aborted by no-errors-is-error, when it makes no error', () => {
    const flawless = 'service: {stable: {errors: 0%}}'
    expect(verdictOf('no-errors-is-error', 'bad', flawless)).toBe('aborted')
    expect(verdictOf('no-errors-is-error', 'good', flawless)).toBe('promoted')
  })

  it.each([0, 1])('is aborted by judged-without-requests (%i)', (index) => {
    expect(verdictOf('judged-without-requests', 'bad', '', index)).toBe('aborted')
    expect(verdictOf('judged-without-requests', 'good')).toBe('promoted')
  })

  it.each(['query-error', 'query-sees-nothing', 'matcher-excludes-nothing', 'deadline-too-short'])(
    'is aborted by %s, or passes blindly',
    (id) => {
      const isBlind = id === 'matcher-excludes-nothing'
      expect(verdictOf(id, 'bad', isBlind ? failing(100) : '')).toBe(isBlind ? 'promoted' : 'aborted')
      expect(verdictOf(id, 'good', isBlind ? failing(100) : '')).toBe(isBlind ? 'aborted' : 'promoted')
    },
  )

  it('has Errors by short-window, and none by a longer one', () => {
    const errors = (kind: 'bad' | 'good') =>
      toldOf(flightOf('short-window', kind), 'measurement').filter(({ phase }) => phase === 'Error').length
    expect(errors('bad')).toBeGreaterThan(0)
    expect(errors('good')).toBe(0)
  })

  it('fails requests by canary-over-capacity', () => {
    const world = scenarioOn(pageOf('canary-over-capacity'))
    const failed = (kind: 'bad' | 'good') => flightOf('canary-over-capacity', kind, world).blastRadius.requests.failed
    expect(failed('bad')).toBeGreaterThan(5 * failed('good'))
  })

  it('gets a fourth of the requests by weight-rounded, instead of a twentieth', () => {
    const [first] = toldOf(flightOf('weight-rounded', 'bad'), 'traffic').filter(
      ({ actualWeightPercent }) => actualWeightPercent > 0,
    )
    expect(first!.actualWeightPercent).toBe(25)
  })

  it('waits for good by pause-without-end', () => {
    expect(verdictOf('pause-without-end', 'bad')).toBe('paused')
    expect(verdictOf('pause-without-end', 'good')).toBe('promoted')
  })

  it('is promoted by count-beyond-steps after five of thirty measurements', () => {
    const measured = (kind: 'bad' | 'good') => toldOf(flightOf('count-beyond-steps', kind), 'measurement').length
    expect(measured('bad')).toBeLessThan(7)
    expect(measured('good')).toBe(30)
  })

  it('goes on after an experiment by count-beyond-steps after five of twenty measurements', () => {
    const measured = (kind: 'bad' | 'good') => toldOf(flightOf('count-beyond-steps', kind, '', 1), 'measurement').length
    expect([measured('bad'), measured('good')]).toEqual([5, 20])
  })
})

it('a rate that nobody has said is called so, and how to say it', () => {
  const [text] = manifestsOn(pageOf('too-few-requests'), 'bad')
  const messageOf = (more: string) => findingsOf(text!, more).find(({ id }) => id === 'too-few-requests')?.message
  expect(messageOf('')).toMatch(/some 45 requests in 1m, at 1 % of an assumed 100\/s \(say it with --rate\)$/)
  expect(messageOf('traffic: {rate: 200/s}\n')).toMatch(/some 90 requests in 1m, at 1 % of 200\/s$/)
  expect(messageOf('traffic: {rate: 1M/s}\n')).toBeUndefined()
})
