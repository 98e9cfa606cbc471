// What a compiled query tells about itself, and how it is used.

import { describe, expect, test } from 'vitest'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { FUNCTIONS } from '../../../src/metrics/promql/functions/index.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { SIGNATURES } from '../../../src/metrics/promql/signatures.js'
import { loadSeries } from './series-notation.js'

const MINUTE_MS = 60_000

function failure(text: string): PromqlError {
  try {
    compile(text)
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
  throw new Error(`${text} compiles`)
}

describe('A query knows its selectors', () => {
  test('by name, matchers, window, offset and place', () => {
    const text = 'sum(rate(c{job="a",code!~"5.*"}[2m] offset 30s)) / sum(up)'
    const [first, second] = compile(text).selectors
    expect(first).toMatchObject({ name: 'c', windowMs: 2 * MINUTE_MS, isRange: true, offsetMs: 30_000 })
    expect(first!.matchers.map(({ label, type, value }) => `${label}${type}${value}`)).toEqual([
      'job=a',
      'code!~5.*',
      '__name__=c',
    ])
    expect(text.slice(first!.from, first!.to)).toBe('c{job="a",code!~"5.*"}[2m] offset 30s')
    expect(second).toMatchObject({ name: 'up', windowMs: 5 * MINUTE_MS, isRange: false })
  })

  test('with arguments of an analysis template not filled in yet', () => {
    const { selectors } = compile('sum(rate(c{service=~"{{args.service-name}}.*"}[1m]))')
    expect(selectors[0]?.matchers[0]?.value).toBe('{{args.service-name}}.*')
  })

  test('that have no name of their own', () => {
    expect(compile('{__name__=~"a|b"}').selectors[0]?.name).toBeUndefined()
    expect(compile('{__name__="a"}').selectors[0]?.name).toBe('a')
  })
})

describe('A query knows how far back it looks', () => {
  test.each([
    ['1 + 1', 0],
    ['up', 5 * MINUTE_MS],
    ['rate(c[1m])', MINUTE_MS],
    ['rate(c[1m]) > on () up', 5 * MINUTE_MS],
    ['rate(c[1m] offset 10m)', 11 * MINUTE_MS],
    ['rate(c[10m] offset -1m)', 9 * MINUTE_MS],
    ['max_over_time(rate(c[2m])[10m:1m])', 12 * MINUTE_MS],
    ['max_over_time(rate(c[2m])[10m:1m] offset 3m)', 15 * MINUTE_MS],
    ['up @ end()', 5 * MINUTE_MS],
    ['up @ 0', Number.POSITIVE_INFINITY],
  ])('%s', (text, windowMs) => {
    expect(compile(text).windowMs).toBe(windowMs)
  })
})

describe('A query that cannot be compiled is refused', () => {
  test('at its place in the text, with line and column', () => {
    const text = 'sum(\n  rate(c)\n)'
    const error = failure(text)
    expect(text.slice(error.from, error.to)).toBe('c')
    expect(error.kind).toBe('parse')
    expect(error.inQuery(text)).toBe(
      '2:8: parse error: expected type range vector in call to function "rate", got instant vector',
    )
  })

  test('at a bracket too many, after that bracket, as by Prometheus', () => {
    expect(failure('sum(c))').inQuery('sum(c))')).toBe("1:8: parse error: unexpected right parenthesis ')'")
  })

  test.each([
    ['', 'no expression found in input'],
    [' # nothing', 'no expression found in input'],
    ['holt_winters(c[5m], 0.5, 0.5)', 'unknown function with name "holt_winters"'],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, "nested more than 200 levels deep: the limit is Coalmine's"],
    [`${'('.repeat(5000)}1${')'.repeat(5000)}`, "nested more than 200 levels deep: the limit is Coalmine's"],
    [`${'('.repeat(5000)}1`, "nested more than 200 levels deep: the limit is Coalmine's"],
    [`${'-'.repeat(500)}c`, "nested more than 200 levels deep: the limit is Coalmine's"],
    [`1${' ^ 1'.repeat(250)}`, "nested more than 200 levels deep: the limit is Coalmine's"],
    [`1${' + 1'.repeat(510)}`, "more than 1000 operators and operands in a row: the limit is Coalmine's"],
    ['1'.repeat(20_001), "longer than 20000 characters: the limit is Coalmine's"],
  ])('%.40s', (text, message) => {
    expect(failure(text)).toMatchObject({ kind: 'parse', message })
  })

  test('and what a feature flag would bring is told from what nobody knows', () => {
    const text = '1 + mad_over_time(c[5m])'
    const error = failure(text)
    expect(error).toMatchObject({ kind: 'parse', message: 'function "mad_over_time" is not enabled' })
    expect(text.slice(error.from, error.to)).toBe('mad_over_time')
    expect(failure('ours(c)').message).toBe('unknown function with name "ours"')
  })

  test('but no function that Prometheus has unless it is an experiment', () => {
    const missing = [...SIGNATURES].filter(([name, { experimental }]) => !experimental && !FUNCTIONS.has(name))
    expect(missing).toEqual([])
  })
})

describe('A query is evaluated', () => {
  const series = ['c{job="a"} 0+15x8', 'c{job="b"} 0+30x8']

  test('on several stores in turn', () => {
    const query = compile('sum(rate(c[1m]))')
    const [one, both] = [loadSeries(series.slice(0, 1), 15_000), loadSeries(series, 15_000)]
    for (let i = 0; i < 3; i++) {
      expect(query.at(one, MINUTE_MS)).toMatchObject({ samples: [{ value: expect.closeTo(1, 9) }] })
      expect(query.at(both, MINUTE_MS)).toMatchObject({ samples: [{ value: expect.closeTo(3, 9) }] })
    }
  })

  const minutes = (text: string, store = loadSeries(series, 15_000)) =>
    compile(text)
      .over(store, { startMs: 0, endMs: 2 * MINUTE_MS, stepMs: MINUTE_MS })
      .map(({ labels, points }) => [labels.toString(), ...points.map(({ value }) => value)])

  test('over a range: step by step, but once where no step changes anything', () => {
    expect(minutes('sum(c) + time()')).toEqual([['{}', 0, 240, 480]])
    expect(minutes('sum(c @ 60) + sum(c @ end())')).toEqual([['{}', 540, 540, 540]])
    expect(minutes('timestamp(c{job="a"} @ 60) * on () minute()')).toEqual([['{}', 0, 60, 120]])
  })

  test('over a range: an aggregation of what no step changes takes its parameter from the first', () => {
    expect(minutes('quantile(scalar(c{job="a"}) / 60, vector(3))')).toEqual([['{}', 3, 3, 3]])
    expect(minutes('topk(scalar(c{job="a"}), vector(3))')).toEqual([])
    expect(minutes('topk(scalar(c{job="a"}), sum(c))')).toEqual([['{}', 180, 360]])
  })

  test('over a range: parameters of all steps are looked at before any', () => {
    const store = loadSeries(['c 1 _x3 stale', 'd 1x10'], 15_000)
    expect(() => minutes('topk(scalar(c), d)', store)).toThrow('Parameter value is NaN')
    expect(() => minutes('topk(1 - 1e30 * time(), d)', store)).toThrow('Scalar value -1.2e+32 underflows int64')
    expect(minutes('topk(0 - 1e30 * time(), d)', store)).toEqual([])
  })

  test('over a range: series that would become one are refused though they never meet', () => {
    const store = loadSeries(['c 1x2 stale', 'd _x6 1x10'], 15_000)
    expect(minutes('-{__name__=~"c|d"}', store)).toEqual([['{}', -1, -1]])
    const rates = 'rate({__name__=~"c|d"}[1m])'
    expect(() => minutes(rates, store)).toThrow('vector cannot contain metrics with the same labelset')
  })

  test('over a range: a subquery fails on steps between its windows, too', () => {
    const store = loadSeries(['c{job="a"} _x1 1 stale', 'c{job="b"} _x1 1 stale'], 15_000)
    expect(minutes('count_over_time((c / on () c)[5s:1m])', store)).toEqual([])
    expect(() => minutes('count_over_time((c / on () c)[5s:15s])', store)).toThrow('many-to-many matching')
  })

  test('over no steps at all, without a failure: in a subquery between two steps', () => {
    const text = 'count_over_time(label_replace(c, "job", "$1", "job", "(")[15s:1m])'
    const store = loadSeries(series, 15_000)
    expect(compile(text).at(store, MINUTE_MS - 1)).toEqual({ kind: 'vector', samples: [] })
    expect(() => compile(text).at(store, MINUTE_MS)).toThrow('invalid regular expression in label_replace(): (')
  })

  test('to results that a later evaluation does not change', () => {
    const query = compile('c * 2')
    const store = loadSeries(series, 15_000)
    const first = query.at(store, MINUTE_MS)
    query.at(store, 2 * MINUTE_MS)
    expect(first).toMatchObject({ samples: [{ value: 120 }, { value: 240 }] })
  })

  test('again after an error, with the same error', () => {
    const query = compile('c / ignoring (job) c')
    const store = loadSeries(series, 15_000)
    for (let i = 0; i < 2; i++) {
      expect(() => query.at(store, MINUTE_MS)).toThrow('many-to-many matching not allowed')
    }
  })

  test('with errors in the data told from errors in the text', () => {
    const store = loadSeries(series, 15_000)
    const query = compile('label_replace(c, "job", "same", "job", ".*")')
    expect(() => query.at(store, MINUTE_MS)).toThrow(expect.objectContaining({ kind: 'execution' }))
  })
})
