// What pages of docs/rules claim of analyses: their manifests are flown with a good canary and with one that fails.
import { describe, expect, it } from 'vitest'
import { flightOf, toldOf } from './flights.js'

const broken = 'faults: [{on: canary, onset: 0s, errors: 100%}]'
const verdictOf = (id: string, kind: 'bad' | 'good', more = '', index = 0) => flightOf(id, kind, more, index).verdict

describe('a canary that only fails', () => {
  it.each([
    ['failure-limit-is-count', 0],
    ['failure-limit-is-count', 1],
    ['failures-switched-off', 0],
    ['metric-without-condition', 0],
    ['background-too-late', 0],
    ['argument-dropped', 0],
  ])('is promoted by %s (%i)', (id, index) => {
    expect(verdictOf(id, 'bad', broken, index)).toBe('promoted')
    expect(verdictOf(id, 'good', broken)).toBe('aborted')
  })

  it('is promoted where its failures are NaN, and nothing says what that is', () => {
    const silent = 'faults: [{on: canary, onset: 20s, errors: 100%}, {on: gateway, onset: 40s, metrics: stuck}]'
    expect(verdictOf('nan-passes', 'bad', 'faults: [{on: gateway, onset: 40s, metrics: stuck}]')).toBe('promoted')
    expect(verdictOf('nan-passes', 'good', silent)).toBe('aborted')
  })
})

describe('a good canary', () => {
  it.each([
    ['condition-always-error', 0],
    ['condition-always-error', 1],
    ['condition-always-error', 2],
    ['not-one-provider', 0],
    ['invalid-duration', 0],
    ['count-below-limits', 0],
    ['count-without-interval', 0],
    ['limit-below-zero', 0],
    ['limits-both-off', 0],
    ['condition-error', 0],
    ['rule-without-metric', 0],
    ['argument-undeclared', 0],
    ['argument-empty', 0],
    ['invalid-provider', 0],
    ['field-not-followed', 0],
    ['invalid-hash-value', 0],
  ])('is aborted by %s (%i)', (id, index) => {
    expect(verdictOf(id, 'bad', '', index)).toBe('aborted')
    expect(verdictOf(id, 'good')).toBe('promoted')
  })

  it('that takes a minute to start is aborted by background-before-pods', () => {
    const slow = 'service: {stable: {start: {p50: 1m, p99: 70s}}}'
    expect(verdictOf('background-before-pods', 'bad', slow)).toBe('aborted')
    expect(verdictOf('background-before-pods', 'good', slow)).toBe('promoted')
  })

  it('is aborted by a jsonPath that is a text', () => {
    const signals = 'observability: {signals: [{provider: web, values: [{at: 0s, json: {status: ok}}]}]}'
    expect(verdictOf('json-path-is-text', 'bad', signals)).toBe('aborted')
    expect(verdictOf('json-path-is-text', 'good', signals)).toBe('promoted')
  })

  it('is aborted by a limit that was to tolerate two failures and is no number', () => {
    const brief = 'faults: [{on: canary, onset: 2m, for: 40s, errors: 100%}]'
    expect(verdictOf('limit-not-a-number', 'bad', brief)).toBe('aborted')
    expect(verdictOf('limit-not-a-number', 'good', brief)).toBe('promoted')
  })
})

describe('a metric', () => {
  const timesOf = (id: string, kind: 'bad' | 'good') =>
    toldOf(flightOf(id, kind), 'measurement').map(({ atMs }) => atMs)

  it('with a count below 0 is measured once', () => {
    expect(timesOf('count-below-zero', 'bad')).toHaveLength(1)
    expect(timesOf('count-below-zero', 'good').length).toBeGreaterThan(3)
  })

  it('with an interval below a second is measured in a burst', () => {
    const times = timesOf('interval-below-second', 'bad')
    expect(times).toHaveLength(10)
    expect(times.at(-1)! - times[0]!).toBeLessThan(2000)
  })

  it('with an interval of 1500ms is measured every second', () => {
    const times = timesOf('interval-in-parts-of-seconds', 'bad')
    const gaps = times.slice(2).map((atMs, index) => atMs - times[index + 1]!)
    expect(new Set(gaps)).toEqual(new Set([1000]))
  })
})
