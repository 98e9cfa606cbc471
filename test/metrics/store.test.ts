// The time series store: what is appended, what is found, what is dropped.

import { describe, expect, test } from 'vitest'
import { matcher } from '../../src/metrics/matcher.js'
import { compile } from '../../src/metrics/promql/query.js'
import type { Value } from '../../src/metrics/promql/value.js'
import { Store } from '../../src/metrics/store.js'

function samplesOf(store: Store, query: string, timeMs: number): unknown {
  const value = compile(query).at(store, timeMs)
  if (value.kind === 'matrix') return value.series.flatMap(({ points }) => points.map((point) => point.value))
  return value.kind === 'vector' ? value.samples.map((sample) => sample.value) : value
}

function valuesOf(value: Value): unknown {
  if (value.kind !== 'vector') return value.kind
  return value.samples.map((sample) => [sample.labels.toString(), sample.value])
}

function seriesNamed(store: Store, __name__: string, labels: Record<string, string> = {}) {
  return store.series(store.labels.of({ __name__, ...labels }))
}

describe('Appending', () => {
  test('a series is one, however often it is asked for', () => {
    const store = new Store()
    expect(seriesNamed(store, 'c', { a: '1' })).toBe(seriesNamed(store, 'c', { a: '1' }))
  })

  test('samples that are not newer than the latest are refused, as Prometheus refuses them', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    expect([store.append(series, 10, 1), store.append(series, 10, 2), store.append(series, 5, 3)]).toEqual([
      true,
      false,
      false,
    ])
    expect(samplesOf(store, 'c[1s]', 20)).toEqual([1])
  })

  test('a sample stored late has its own timestamp and is not seen before it is stored', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    store.append(series, 0, 1)
    expect(samplesOf(store, 'c', 20_000)).toEqual([1])
    store.append(series, 15_000, 2)
    expect(samplesOf(store, 'c', 20_000)).toEqual([2])
    expect(samplesOf(store, 'timestamp(c)', 20_000)).toEqual([15])
  })

  test('a series can hold many samples', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    for (let i = 0; i < 1000; i++) store.append(series, i * 1000, i)
    expect(samplesOf(store, 'sum_over_time(c[1000s])', 999_000)).toEqual([499_500])
    expect(samplesOf(store, 'c @ 123', 999_000)).toEqual([123])
  })
})

describe('A staleness marker', () => {
  test('hides the series from instant selectors until its next sample', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    store.append(series, 0, 1)
    store.stale(series, 15_000)
    expect(samplesOf(store, 'c', 14_999)).toEqual([1])
    expect(samplesOf(store, 'c', 15_000)).toEqual([])
    expect(samplesOf(store, 'c[1m]', 30_000)).toEqual([1])
    store.append(series, 30_000, 2)
    expect(samplesOf(store, 'c', 30_000)).toEqual([2])
  })

  test('is something else than a sample of NaN', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    store.append(series, 0, Number.NaN)
    expect(samplesOf(store, 'c', 0)).toEqual([Number.NaN])
    expect(samplesOf(store, 'count_over_time(c[1m])', 0)).toEqual([1])
  })

  test('of a series that never had a sample does nothing', () => {
    const store = new Store()
    expect(store.stale(seriesNamed(store, 'c'), 0)).toBe(false)
    expect(store.select([matcher('__name__', '=', 'c')])).toEqual([])
  })
})

describe('Selecting', () => {
  test('finds series in the order of their first samples, and only once they have one', () => {
    const store = new Store()
    const [a, b] = [seriesNamed(store, 'c', { job: 'a' }), seriesNamed(store, 'c', { job: 'b' })]
    const matchers = [matcher('__name__', '=', 'c')]
    expect(store.select(matchers)).toEqual([])
    store.append(b, 0, 1)
    store.append(a, 0, 1)
    expect(store.select(matchers)).toEqual([b, a])
  })

  test('asks its matchers about a series only once', () => {
    const store = new Store()
    let asked = 0
    const counting = {
      ...matcher('job', '=~', 'a.*'),
      accepts: (value: string) => {
        asked++
        return value === 'a'
      },
    }
    const matchers = [counting]
    for (const job of ['a', 'b']) store.append(seriesNamed(store, 'c', { job }), 0, 1)
    for (let i = 0; i < 5; i++) expect(store.select(matchers)).toHaveLength(1)
    expect(asked).toBe(2)
    store.append(seriesNamed(store, 'd', { job: 'a' }), 0, 1)
    expect(store.select(matchers)).toHaveLength(2)
    expect(asked).toBe(3)
  })

  test('the generation goes up when a series appears, and not with a sample', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    const before = store.generation
    store.append(series, 0, 1)
    const after = store.generation
    store.append(series, 1, 1)
    expect(after).toBeGreaterThan(before)
    expect(store.generation).toBe(after)
  })
})

describe('Retention', () => {
  test('drops what no window reaches, and answers as if it had not', () => {
    const kept = new Store()
    const bounded = new Store()
    bounded.retentionMs = 60_000
    const query = compile('rate(c[1m]) + on () sum_over_time(g[45s])')
    for (let i = 0; i < 500; i++) {
      for (const store of [kept, bounded]) {
        store.append(seriesNamed(store, 'c'), i * 5000, (i * 7) % 100)
        if (i % 17 === 3) store.stale(seriesNamed(store, 'g'), i * 5000)
        else store.append(seriesNamed(store, 'g'), i * 5000, i % 13)
      }
      expect(query.at(bounded, i * 5000 + 1)).toEqual(query.at(kept, i * 5000 + 1))
    }
    expect(seriesNamed(bounded, 'c').times.length).toBeLessThan(64)
  })
})

describe('As much as a query can reach', () => {
  test.each([
    'c',
    'c offset 20m',
    'c offset -3m',
    'rate(c[1m] offset -30s)',
    'rate(c[10m])',
    'sum_over_time(g[5m] offset 1h)',
    'max_over_time(rate(c[1m])[30m:1m])',
    'max_over_time(rate(c[1m] offset 7m)[30m:17s] offset 10m)',
    'avg_over_time((c offset -10m)[15m:])',
    'c @ 600',
    'rate(c[5m] @ 900 offset 1m)',
    'max_over_time(c[10m:1m] @ 1000)',
    'rate(c[5m] @ end()) - rate(c[5m] @ start() offset 2m)',
    'absent_over_time(g[2m])',
  ])('is kept: %s', (text) => {
    const kept = new Store()
    const bounded = new Store()
    const query = compile(text)
    bounded.retentionMs = query.windowMs
    for (let i = 0; i < 1500; i++) {
      for (const store of [kept, bounded]) {
        store.append(seriesNamed(store, 'c'), i * 5000, (i * 7) % 1000)
        if (i % 97 < 60) store.append(seriesNamed(store, 'g'), i * 5000, i % 13)
      }
      if (i % 7 > 0) continue
      const [one, other] = [bounded, kept].map((store) => JSON.stringify(valuesOf(query.at(store, i * 5000 + 1))))
      expect(one).toBe(other)
    }
    const isAnchored = text.includes('@ ') && !text.includes('start()')
    expect(bounded.retentionMs).toBe(isAnchored ? Number.POSITIVE_INFINITY : query.windowMs)
    const most = Math.min(1500, Math.max(32, bounded.retentionMs / 5000))
    expect(seriesNamed(bounded, 'c').times.length).toBeLessThanOrEqual(4 * most)
  })
})

describe('Series that end', () => {
  const lived = 60_000

  test('are found no more once no window reaches them, so that there are never many', () => {
    const store = new Store()
    store.retentionMs = lived
    const query = compile('count(count_over_time(c[1m]))')
    let most = 0
    for (let pod = 0; pod < 5000; pod++) {
      for (let i = 0; i < 4; i++) store.append(seriesNamed(store, 'c', { pod: `${pod}` }), pod * 5000 + i * 5000, 1)
      most = Math.max(most, store.listedSeriesCount)
      if (pod > 100 && pod % 50 === 0) expect(samplesOf(store, query.text, pod * 5000)).toEqual([15])
    }
    expect(most).toBeLessThanOrEqual(256)
  })

  test('can be forgotten when they are found no more, and others have their places', () => {
    const store = new Store()
    store.retentionMs = lived
    const old = Array.from({ length: 256 }, (_, index) => seriesNamed(store, 'c', { old: `${index}` }))
    const matchers = [matcher('old', '!=', '')]
    for (const series of old) store.append(series, 0, 1)
    expect(store.select(matchers)).toHaveLength(256)
    store.forget(old[0]!)
    expect(store.pooledSeriesCount).toBe(256)
    store.append(seriesNamed(store, 'c', { young: '0' }), 2 * lived, 1)
    for (const series of old) store.forget(series)
    expect(store.pooledSeriesCount).toBe(1)
    expect(store.labels.size).toBe(2)
    const young = Array.from({ length: 100 }, (_, index) => seriesNamed(store, 'c', { young: `${index}` }))
    for (const series of young) store.append(series, 3 * lived, 1)
    expect(new Set(young.map(({ id }) => id)).size).toBe(100)
    expect(store.select(matchers)).toEqual([])
    expect(store.select([matcher('young', '!=', '')])).toHaveLength(100)
  })
})

describe('Clearing', () => {
  test('forgets samples and series, and a query goes on working on what comes next', () => {
    const store = new Store()
    const query = compile('sum by (job) (rate(c[1m]))')
    const [a, b] = [seriesNamed(store, 'c', { job: 'a' }), seriesNamed(store, 'c', { job: 'b' })]
    for (const series of [a, b]) {
      store.append(series, 0, 100)
      store.append(series, 15_000, 130)
    }
    const first = query.at(store, 15_000)
    expect(first).toMatchObject({ samples: [{}, {}] })
    store.clear()
    expect(query.at(store, 15_000)).toEqual({ kind: 'vector', samples: [] })
    store.append(b, 0, 0)
    store.append(b, 15_000, 30)
    expect(query.at(store, 15_000)).toMatchObject({ samples: [{ labels: b.labels.withoutName }] })
  })

  test('keeps series objects and their arrays for the next run', () => {
    const store = new Store()
    const series = seriesNamed(store, 'c')
    for (let i = 0; i < 100; i++) store.append(series, i, i)
    const { times } = series
    store.clear()
    store.append(series, 0, 1)
    expect(seriesNamed(store, 'c')).toBe(series)
    expect(series.times).toBe(times)
    expect(store.pooledSeriesCount).toBe(1)
  })
})
