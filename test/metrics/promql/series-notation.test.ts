// How series are written in cases and questions.

import { describe, expect, test } from 'vitest'
import { loadSeries, readSeries } from './series-notation.js'

describe('The values of a series are written', () => {
  test.each([
    ['', []],
    ['1 2.5 -3 +4 1e3 1_000', [1, 2.5, -3, 4, 1000, 1000]],
    ['0x3', [0, 0, 0, 0]],
    ['1+2x3', [1, 3, 5, 7]],
    ['10-2.5x2', [10, 7.5, 5]],
    ['-1-1x2', [-1, -2, -3]],
    ['1e1+1e-1x1', [10, 10.1]],
    ['1x0', [1]],
    ['_ 1 _x2 2', ['_', 1, '_', '_', 2]],
    ['_x0', []],
    ['stale 1 stalex1', ['stale', 1, 'stale', 'stale']],
    ['NaN Inf -Inf +inf nanx1', [Number.NaN, Infinity, -Infinity, Infinity, Number.NaN, Number.NaN]],
    ['5m 1h+1mx1', [300, 3600, 3660]],
  ])('%s', (text, values) => {
    expect(readSeries(`c ${text}`)).toEqual({ labels: { __name__: 'c' }, values })
  })

  test('and added one by one, as Prometheus adds them', () => {
    expect(readSeries('c 0+0.1x3').values).toEqual([0, 0.1, 0.2, 0.1 + 0.1 + 0.1])
  })
})

describe('A series has the labels', () => {
  test.each([
    ['c', { __name__: 'c' }],
    ['job:c:rate5m{}', { __name__: 'job:c:rate5m' }],
    ['{}', {}],
    ['{job="a"}', { job: 'a' }],
    ['c{job="a} {b",le=\'+Inf\',}', { __name__: 'c', job: 'a} {b', le: '+Inf' }],
    ['c{job="a\\"}b"}', { __name__: 'c', job: 'a"}b' }],
    ['{"http.requests", "a.b"="c"}', { __name__: 'http.requests', 'a.b': 'c' }],
    ['sum{by="a"}', { __name__: 'sum', by: 'a' }],
  ])('%s', (text, labels) => {
    expect(readSeries(`${text} 1`)).toEqual({ labels, values: [1] })
  })
})

describe('No series is', () => {
  test.each([
    'c{job=~"a"} 1',
    'c{job="a" 1',
    '1 2',
    'c one',
    'c 1+2',
    'c 1x',
    'c 1+x3',
    'c _+1x2',
    'c {{count:1}}',
    '',
  ])('%j', (text) => {
    expect(() => readSeries(text)).toThrow()
  })
})

test('Values stand a step apart, from time zero', () => {
  const store = loadSeries(['c 1 _ 3 stale 4'], 15_000)
  const { times, stale, from, to } = store.series(store.labels.of({ __name__: 'c' }))
  expect([...times.slice(from, to)]).toEqual([0, 30_000, 45_000, 60_000])
  expect([...stale.slice(from, to)]).toEqual([0, 0, 1, 0])
})
