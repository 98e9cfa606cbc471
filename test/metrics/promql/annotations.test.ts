// What an evaluation remarks on: the words are Prometheus', with line and column of what they are about.

import { describe, expect, test } from 'vitest'
import { Annotations } from '../../../src/metrics/promql/annotations.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { loadSeries } from './series-notation.js'

const store = loadSeries(
  [
    'requests_total{job="a"} 0+15x20',
    'temperature{job="a"} 0+1x20',
    'b_bucket{le="1"} 10+10x20',
    'b_bucket{le="2"} 8+8x20',
    'b_bucket{le="+Inf"} 20+20x20',
    'odd{le="one"} 1x20',
    'odd 1x20',
  ],
  15_000,
)

function remarksOf(text: string, range?: { startMs: number; endMs: number; stepMs: number }) {
  const annotations = new Annotations()
  const query = compile(text)
  if (range === undefined) query.at(store, 300_000, { annotations })
  else query.over(store, range, { annotations })
  return { warnings: annotations.warnings(text), infos: annotations.infos(text) }
}

describe('A query warns', () => {
  test.each([
    ['quantile(1.5, requests_total)', 'quantile value should be between 0 and 1, got 1.5 (1:10)'],
    ['quantile(NaN, none)', 'quantile value should be between 0 and 1, got NaN (1:10)'],
    ['quantile_over_time(-1, requests_total[5m])', 'quantile value should be between 0 and 1, got -1 (1:20)'],
    ['\n histogram_quantile(2, none)', 'quantile value should be between 0 and 1, got 2 (2:21)'],
    ['histogram_fraction(0, 1, odd{le!=""})', 'bucket label "le" is missing or has a malformed value of "one" (1:26)'],
    ['histogram_quantile(0, odd{le=""})', 'bucket label "le" is missing or has a malformed value of "" (1:23)'],
  ])('%s', (text, message) => {
    expect(remarksOf(text)).toEqual({ warnings: [`PromQL warning: ${message}`], infos: [] })
  })

  test('of a sort over a range, which is in the order of labels', () => {
    const ineffective = 'sort is ineffective for range queries since results are always ordered by labels'
    const range = { startMs: 0, endMs: 60_000, stepMs: 15_000 }
    expect(remarksOf('1 + sort(temperature)', range).warnings).toEqual([`PromQL warning: ${ineffective} (1:5)`])
    expect(remarksOf('sort(temperature)').warnings).toEqual([])
  })
})

describe('Over a range, a query warns', () => {
  const range = { startMs: 0, endMs: 900_000, stepMs: 60_000 }

  test('at the place that is evaluated last, though the other finds more', () => {
    const text = 'histogram_quantile(0, odd{le!=""}) * histogram_quantile(0, odd{le!=""} offset -5m)'
    const message = 'bucket label "le" is missing or has a malformed value of "one" (1:60)'
    expect(remarksOf(text, range).warnings).toEqual([`PromQL warning: ${message}`])
  })

  test('of a parameter that is no number, and then of none that is too large', () => {
    const message = 'quantile value should be between 0 and 1, got NaN (1:10)'
    expect(remarksOf('quantile(scalar(temperature), odd)', range).warnings).toEqual([`PromQL warning: ${message}`])
  })
})

describe('A query informs', () => {
  test('of a rate of what has not the name of a counter, once', () => {
    const info = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "temperature"'
    const text = 'rate(temperature[1m]) + rate(temperature[1m])'
    expect(remarksOf(text)).toEqual({ warnings: [], infos: [`PromQL info: ${info} (1:30)`] })
  })

  test('of a histogram whose counts decrease, with how much and when', () => {
    const range = { startMs: 60_000, endMs: 120_000, stepMs: 60_000 }
    const { infos } = remarksOf('histogram_quantile(0.9, b_bucket)', range)
    const link = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile'
    expect(infos).toEqual([
      `PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see ${link}), from buckets 2 to 2, ` +
        'with a max diff of 18, over 2 samples from 1970-01-01T00:01:00Z to 1970-01-01T00:02:00Z (1:25)',
    ])
  })

  test('of operators that only native histograms know', () => {
    const info = 'incompatible sample types encountered for binary operator "</": float </ float'
    expect(remarksOf('temperature </ 2').infos).toEqual([`PromQL info: ${info} (1:1)`])
  })
})

test('What is as it should be gives no occasion', () => {
  const text =
    'histogram_quantile(0.9, sum by (le) (rate(b_bucket{le!="2"}[1m]))) + on () sum(rate(requests_total[1m]))'
  expect(remarksOf(text)).toEqual({ warnings: [], infos: [] })
})
