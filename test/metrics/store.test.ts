// The time series store: what is appended, what is found, what is dropped.

import { describe, expect, test } from 'vitest'
import { matcher } from '../../src/metrics/matcher.js'
import { compile } from '../../src/metrics/promql/query.js'
import { Store } from '../../src/metrics/store.js'

function samplesOf(store: Store, query: string, timeMs: number): unknown {
  const value = compile(query).at(store, timeMs)
  if (value.kind === 'matrix') return value.series.flatMap(({ points }) => points.map((point) => point.value))
  return value.kind === 'vector' ? value.samples.map((sample) => sample.value) : value
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
