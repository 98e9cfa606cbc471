import { describe, expect, it } from 'vitest'
import { MOST_POINTS } from '../../../src/metrics/api/queries.js'
import type { ExposedFamily } from '../../../src/metrics/api/sources.js'
import { loadSeries } from '../promql/series-notation.js'
import { ask } from './ask.js'

const store = loadSeries(
  [
    'up{instance="a:80",job="web"} 1x4',
    'up{instance="b:80",job="web"} 1x3 0',
    'requests_total{code="200",instance="a:80",job="web"} 0+1000000x4',
    'requests_total{code="500",instance="a:80",job="web"} 1 2 stale',
    'seconds_bucket{instance="a:80",le="0.1"} 1x4',
    'seconds_bucket{instance="b:80",le="0.1"} 3x4',
    'seconds_bucket{instance="a:80",le="+Inf"} 2x4',
    'seconds_bucket{instance="b:80",le="+Inf"} 4x4',
    'seconds_sum{instance="a:80"} 0.3x4',
    'seconds_sum{instance="b:80"} 0.00001x4',
    'seconds_count{instance="a:80"} 2x4',
    'seconds_count{instance="b:80"} 4x4',
    'recorded:rate5m 7x4',
    'odd{text="a\\"b\\\\c\\nd"} NaN +Inf -Inf 1.5 2.5',
  ],
  15_000,
)
const families: readonly ExposedFamily[] = [
  { name: 'seconds', type: 'histogram', help: 'How long\nit took, in C:\\.' },
  { name: 'requests_total', type: 'counter', help: 'Requests <so far>.' },
  { name: 'requests_total', type: 'counter', help: 'The same from the other side.' },
  { name: 'never_scraped', type: 'gauge', help: '' },
]
const sources = { store, families, nowMs: 60_000 }
const data = (request: string) => JSON.parse(ask(request, sources).body).data

describe('The API', () => {
  it('asks what is now when no time is given', () => {
    expect(data('GET /api/v1/query?query=up')).toMatchObject({
      result: [{ value: [60, '1'] }, { value: [60, '0'] }],
    })
  })

  it('tells type and help of each family once', () => {
    expect(data('GET /api/v1/metadata')).toEqual({
      never_scraped: [{ type: 'gauge', unit: '', help: '' }],
      requests_total: [{ type: 'counter', unit: '', help: 'Requests <so far>.' }],
      seconds: [{ type: 'histogram', unit: '', help: 'How long\nit took, in C:\\.' }],
    })
    expect(Object.keys(data('GET /api/v1/metadata?limit=2'))).toEqual(['never_scraped', 'requests_total'])
    expect(Object.keys(data('GET /api/v1/metadata?metric=seconds&limit_per_metric=1'))).toEqual(['seconds'])
  })

  it('knows targets by their series up', () => {
    const { activeTargets } = data('GET /api/v1/targets')
    expect(activeTargets).toMatchObject([
      { labels: { instance: 'a:80', job: 'web' }, scrapePool: 'web', health: 'up', lastScrape: '1970-01-01T00:01:00Z' },
      { labels: { instance: 'b:80', job: 'web' }, health: 'down', scrapeInterval: '15s' },
    ])
    expect(data('GET /api/v1/targets?scrapePool=other').activeTargets).toEqual([])
    expect(data('GET /api/v1/targets?state=dropped').activeTargets).toEqual([])
  })

  it('says which Prometheus it follows, and that it is none', () => {
    expect(data('GET /api/v1/status/buildinfo')).toMatchObject({ version: '3.15.0', revision: 'coalmine 0.0.0' })
    expect(data('GET /api/v1/status/flags')).toMatchObject({ 'query.lookback-delta': '5m', 'query.timeout': '2m' })
    expect(data('GET /api/v1/status/tsdb?limit=1')).toMatchObject({
      headStats: { numSeries: 14, minTime: 0, maxTime: 60_000 },
      seriesCountByMetricName: [{ name: 'seconds_bucket', value: 4 }],
    })
  })

  it('says of parameters it has no use for that it has none', () => {
    const { warnings } = JSON.parse(ask('GET /api/v1/query?query=up&stats=all', sources).body)
    expect(warnings).toEqual(['parameter "stats" is not supported: no statistics are kept'])
  })

  it.each([
    ['GET /api/v1/format_query?query=up', 404, 'not_found'],
    ['GET /api/v1/admin/tsdb/snapshot', 404, 'not_found'],
    ['GET /api/v1/constructor', 404, 'not_found'],
    ['GET /', 404, 'not_found'],
    ['POST /api/v1/rules', 405, 'not_allowed'],
    ['DELETE /api/v1/series?match[]=up', 405, 'not_allowed'],
    ['POST /metrics', 405, 'not_allowed'],
    ['OPTIONS /api/v1/query', 405, 'not_allowed'],
    ['GET /api/v1/label/%FF/values', 400, 'bad_data'],
  ])('refuses %s', (request, status, errorType) => {
    const answer = ask(request, sources)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'error', errorType, error: expect.any(String) })
  })

  it.each([
    ['GET /api/v1/query?query=up&timeout=10s', 11_000],
    ['GET /api/v1/query?query=up&timeout=0', 0],
    ['GET /api/v1/query?query=up', 130_000],
    ['GET /api/v1/query?query=up&timeout=1h', 130_000],
    ['GET /api/v1/query_range?query=up&start=0&end=60&step=15&timeout=10s', 11_000],
  ])('ends %s when it takes too long', (request, elapsedMs) => {
    const { status, body } = ask(request, { ...sources, elapsedMs: () => elapsedMs })
    const error = 'query timed out in expression evaluation'
    expect([status, JSON.parse(body)]).toEqual([503, { status: 'error', errorType: 'timeout', error }])
  })

  it('ends a query whose answer would be too large', () => {
    const many = loadSeries(
      Array.from({ length: 1 + MOST_POINTS / 10_000 }, (_, index) => `many{index="${index}"} 1x1`),
      300_000,
    )
    const { status, body } = ask('GET /api/v1/query_range?query=many&start=0&end=550&step=0.05', { store: many })
    expect([status, JSON.parse(body).errorType]).toEqual([422, 'execution'])
    const few = ask('GET /api/v1/query_range?query=many{index="1"}&start=0&end=500&step=0.05', { store: many })
    expect(JSON.parse(few.body).data.result[0].values).toHaveLength(10_001)
  })
})

describe('The text format', () => {
  it('has what targets expose: families with type and help, histograms in one piece, and nothing that has ended', () => {
    const { headers, body } = ask('GET /metrics', sources)
    expect(headers['Content-Type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(body).toBe(`# HELP seconds How long\\nit took, in C:\\\\.
# TYPE seconds histogram
seconds_bucket{instance="a:80",le="0.1"} 1
seconds_bucket{instance="a:80",le="+Inf"} 2
seconds_sum{instance="a:80"} 0.3
seconds_count{instance="a:80"} 2
seconds_bucket{instance="b:80",le="0.1"} 3
seconds_bucket{instance="b:80",le="+Inf"} 4
seconds_sum{instance="b:80"} 1e-05
seconds_count{instance="b:80"} 4
# HELP requests_total Requests <so far>.
# TYPE requests_total counter
requests_total{code="200",instance="a:80",job="web"} 4e+06
`)
  })

  it('has the selected series with their times for another Prometheus, and an instance for those without', () => {
    const { body } = ask('GET /federate?match[]=up&match[]={__name__=~"odd|recorded:.*"}', {
      ...sources,
      nowMs: 50_000,
    })
    expect(body).toBe(`# TYPE odd untyped
odd{text="a\\"b\\\\c\\nd",instance=""} 1.5 45000
# TYPE recorded:rate5m untyped
recorded:rate5m{instance=""} 7 45000
# TYPE up untyped
up{instance="a:80",job="web"} 1 45000
up{instance="b:80",job="web"} 1 45000
`)
    expect(ask('GET /federate', sources).body).toBe('')
    expect(ask('GET /federate?match[]=up', { ...sources, nowMs: 400_000 }).body).toBe('')
    expect(ask('GET /federate?match[]={}', sources).status).toBe(400)
  })
})
