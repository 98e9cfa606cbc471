// When series appear, when they end, and which are kept at all.

import { describe, expect, test } from 'vitest'
import { APP } from '../../../src/metrics/dialects/app.js'
import type { Observed } from '../../../src/metrics/dialects/dialect.js'
import { Exposition } from '../../../src/metrics/dialects/exposition.js'
import { Exposure } from '../../../src/metrics/dialects/exposure.js'
import { ISTIO } from '../../../src/metrics/dialects/istio.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { Store } from '../../../src/metrics/store.js'
import { canaryPod, OwnExposition, podTarget, applicationTarget as target } from './targets.js'

const CODES = ['200', '500']

function exposureOf(...queries: string[]) {
  const store = new Store()
  const selectors = queries.flatMap((text) => compile(text).selectors)
  return { store, exposure: new Exposure(store, [ISTIO, APP], selectors, CODES) }
}

/** Latency bins: as many as the exposure asks for, for each code. */
function observed(exposure: Exposure, counts: readonly number[], bins: readonly (readonly number[])[] = []): Observed {
  const size = exposure.latencyBoundsMs.length + 1
  const latencyBins = counts.flatMap((_, code) => Array.from({ length: size }, (__, bin) => bins[code]?.[bin] ?? 0))
  return { requests: counts, latencyBins, latencySumsMs: counts.map((count) => count * 250), startTimeMs: 30_000 }
}

function read(store: Store, query: string, timeMs: number): unknown {
  const value = compile(query).at(store, timeMs)
  if (value.kind !== 'vector') return value
  return Object.fromEntries(
    value.samples.map(({ labels, value: sample }) => [labels.get('code') || labels.get('le'), sample]),
  )
}

describe('Series', () => {
  test('of a response code appear with its first request', () => {
    const { store, exposure } = exposureOf('http_requests_total')
    const exposition = new OwnExposition(exposure, target)
    exposition.tell(0, observed(exposure, [5, 0]))
    expect(read(store, 'http_requests_total', 0)).toEqual({ 200: 5 })
    exposition.tell(15_000, observed(exposure, [9, 2]))
    expect(read(store, 'http_requests_total', 15_000)).toEqual({ 200: 9, 500: 2 })
  })

  test('start from zero when the container restarts, and those not counted again are stale', () => {
    const { store, exposure } = exposureOf('http_requests_total')
    const exposition = new OwnExposition(exposure, target)
    exposition.tell(0, observed(exposure, [50, 4]))
    exposition.tell(15_000, observed(exposure, [80, 8]))
    exposition.tell(30_000, observed(exposure, [10, 0]))
    expect(read(store, 'http_requests_total', 30_000)).toEqual({ 200: 10 })
    expect(read(store, 'resets(http_requests_total[1m])', 30_000)).toEqual({ 200: 1, 500: 0 })
    exposition.tell(45_000, observed(exposure, [20, 1]))
    expect(read(store, 'http_requests_total', 45_000)).toEqual({ 200: 20, 500: 1 })
  })

  test('of a pod that is gone end with the next scrape, `up` among them', () => {
    const { store, exposure } = exposureOf('http_requests_total', 'up')
    const exposition = new OwnExposition(exposure, target)
    exposition.tell(0, observed(exposure, [50, 4]))
    expect(read(store, 'sum by (job) (up) > 0 and on (job) http_requests_total', 14_999)).toEqual({ '': 1 })
    exposition.end(15_000)
    expect(read(store, 'up or http_requests_total', 15_000)).toEqual({})
    expect(read(store, 'sum(count_over_time(up{job="checkout"}[1m]))', 15_000)).toEqual({ '': 1 })
    expect(read(store, 'count(count_over_time(http_requests_total[1m]))', 15_000)).toEqual({ '': 2 })
  })

  test('end while scrapes fail, when `up` is 0', () => {
    const { store, exposure } = exposureOf('http_requests_total', 'up{job="checkout"}')
    const exposition = new OwnExposition(exposure, target)
    exposition.tell(0, observed(exposure, [50, 0]))
    exposition.fail(15_000)
    expect(read(store, 'http_requests_total', 15_000)).toEqual({})
    expect(read(store, 'up', 15_000)).toEqual({ '': 0 })
    exposition.tell(30_000, observed(exposure, [70, 0]))
    expect(read(store, 'http_requests_total', 30_000)).toEqual({ 200: 70 })
    expect(read(store, 'up', 30_000)).toEqual({ '': 1 })
  })

  test('come back in a second run on a cleared store as in the first', () => {
    const { store, exposure } = exposureOf('http_requests_total')
    const exposition = new OwnExposition(exposure, target)
    const run = () => {
      exposition.tell(0, observed(exposure, [0, 0]))
      const before = read(store, 'http_requests_total', 0)
      exposition.tell(15_000, observed(exposure, [3, 1]))
      return [before, read(store, 'http_requests_total', 15_000)]
    }
    const first = run()
    store.clear()
    exposition.restart()
    expect(run()).toEqual(first)
    expect(first).toEqual([{}, { 200: 3, 500: 1 }])
  })
})

describe('Targets of one endpoint', () => {
  const gatewayTarget = { ...target, side: 'client' } as const

  test('that have the same labels are one series, their sum', () => {
    const { store, exposure } = exposureOf('istio_requests_total', 'istio_request_duration_milliseconds_count')
    const exposition = new Exposition(exposure, gatewayTarget)
    const sources = [exposition.add(gatewayTarget), exposition.add({ ...gatewayTarget })]
    expect(sources).toEqual([0, 1])
    exposition.scrape(0, [observed(exposure, [5, 1]), observed(exposure, [7, 0])])
    expect(read(store, 'sum by (response_code) (istio_requests_total)', 0)).toEqual({ '': 1 })
    expect(read(store, 'istio_requests_total{response_code="200"}', 0)).toEqual({ '': 12 })
    expect(read(store, 'sum(istio_request_duration_milliseconds_count)', 0)).toEqual({ '': 13 })
  })

  test('that are gone take their series along, unless another has it, too', () => {
    const { store, exposure } = exposureOf('istio_requests_total')
    const exposition = new Exposition(exposure, gatewayTarget)
    for (const service of ['a', 'a', 'b']) exposition.add({ ...gatewayTarget, service })
    const counts = observed(exposure, [5, 0])
    exposition.scrape(0, [counts, counts, counts])
    expect(read(store, 'count(istio_requests_total)', 0)).toEqual({ '': 2 })
    exposition.scrape(15_000, [undefined, counts, undefined])
    expect(read(store, 'istio_requests_total', 15_000)).toEqual({ '': 5 })
  })
})

describe('A histogram', () => {
  const query = 'http_request_duration_seconds_bucket'

  test('asks for the bins its buckets need, and adds them up', () => {
    const { store, exposure } = exposureOf(query)
    expect(exposure.latencyBoundsMs).toEqual([5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000])
    const bins = [0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0, 4]
    new OwnExposition(exposure, target).tell(0, observed(exposure, [10, 0], [bins]))
    expect(read(store, query, 0)).toEqual({ 200: 10 })
    const buckets = compile(query).at(store, 0)
    const byBound = buckets.kind === 'vector' ? buckets.samples.map((each) => [each.labels.get('le'), each.value]) : []
    expect(byBound).toEqual([
      ['0.005', 0],
      ['0.01', 1],
      ['0.025', 1],
      ['0.05', 1],
      ['0.1', 3],
      ['0.25', 3],
      ['0.5', 3],
      ['1.0', 6],
      ['2.5', 6],
      ['5.0', 6],
      ['10.0', 6],
      ['+Inf', 10],
    ])
  })

  test('shares bins with a histogram of another unit and other bounds', () => {
    const { store, exposure } = exposureOf(query, 'istio_request_duration_milliseconds_bucket{reporter="destination"}')
    const bounds = exposure.latencyBoundsMs
    expect(bounds.slice(0, 6)).toEqual([0.5, 1, 5, 10, 25, 50])
    const slow = bounds.indexOf(1000)
    const bins = bounds.map((_, bin) => (bin === slow ? 7 : 0))
    for (const each of [target, podTarget]) new OwnExposition(exposure, each).tell(0, observed(exposure, [7], [bins]))
    expect(read(store, `max by (le) (${query}{le=~"0.5|1.0"})`, 0)).toEqual({ '0.5': 0, '1.0': 7 })
    const inMilliseconds = 'max by (le) (istio_request_duration_milliseconds_bucket{le=~"500.0|1000.0|1.8e\\\\+06"})'
    expect(read(store, inMilliseconds, 0)).toEqual({ '500.0': 0, '1000.0': 7, '1.8e+06': 7 })
  })

  test('of which only sum and count are asked for needs no bins and no buckets', () => {
    const { store, exposure } = exposureOf(
      'rate(http_request_duration_seconds_sum[1m]) / rate(http_request_duration_seconds_count[1m])',
    )
    expect(exposure.latencyBoundsMs).toEqual([])
    new OwnExposition(exposure, target).tell(0, observed(exposure, [4, 0]))
    expect(store.pooledSeriesCount).toBe(2)
    expect(read(store, 'http_request_duration_seconds_sum', 0)).toEqual({ 200: 1 })
    expect(read(store, 'http_request_duration_seconds_count', 0)).toEqual({ 200: 4 })
  })
})

describe('Only what a query can see is kept', () => {
  test.each([
    ['http_requests_total', ['http_requests_total']],
    ['{__name__=~"http_request.*"}', ['http_requests_total', 'http_request_duration_seconds']],
    ['istio_requests_total{reporter="source"}', ['istio_requests_total']],
    ['istio_requests_total{reporter="waypoint"}', []],
    ['istio_requests_total{reporter="{{args.reporter}}"}', ['istio_requests_total', 'istio_requests_total']],
    ['http_request_duration_seconds', []],
    ['nginx_ingress_controller_requests', []],
    ['up', ['up', 'up', 'up']],
  ])('%s', (query, names) => {
    expect(exposureOf(query).exposure.families.map(({ name }) => name)).toEqual(names)
  })

  test('down to single series', () => {
    const { store, exposure } = exposureOf('http_requests_total{status=~"5..",pod=~".*-84969479d9-.*"}')
    new OwnExposition(exposure, target).tell(0, observed(exposure, [5, 1]))
    new OwnExposition(exposure, { ...target, server: { ...canaryPod, name: 'checkout-abc-1' } }).tell(
      0,
      observed(exposure, [5, 1]),
    )
    expect(store.pooledSeriesCount).toBe(1)
  })

  test('and an argument still to be filled in keeps everything it could mean', () => {
    const { store, exposure } = exposureOf('http_requests_total{status=~"5..",service="{{args.service}}"}')
    new OwnExposition(exposure, target).tell(0, observed(exposure, [5, 1]))
    expect(store.pooledSeriesCount).toBe(1)
  })
})

test('The start time is there from the first scrape, in seconds', () => {
  const { store, exposure } = exposureOf('time() - process_start_time_seconds')
  new OwnExposition(exposure, target).tell(60_000, observed(exposure, [0, 0]))
  expect(read(store, 'time() - process_start_time_seconds', 60_000)).toEqual({ '': 30 })
})
