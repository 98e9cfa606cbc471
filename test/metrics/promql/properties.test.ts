// What holds for all series and all queries, whatever the numbers.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PromqlError } from '../../../src/metrics/promql/error.js'
import { compile } from '../../../src/metrics/promql/query.js'
import { Store } from '../../../src/metrics/store.js'

const seed = 20_250_102
const STEP_MS = 15_000

function storeOf(
  series: Readonly<Record<string, readonly number[]>>,
  labels: (name: string) => Record<string, string>,
) {
  const store = new Store()
  for (const [name, values] of Object.entries(series)) {
    const handle = store.series(store.labels.of(labels(name)))
    values.forEach((value, index) => {
      store.append(handle, index * STEP_MS, value)
    })
  }
  return store
}

function valuesAt(store: Store, text: string, timeMs: number): number[] {
  const value = compile(text).at(store, timeMs)
  if (value.kind !== 'vector') throw new Error(`${text} is no vector`)
  return value.samples.map((sample) => sample.value)
}

const counts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 20 })

describe('Rates', () => {
  test('of a counter that grows evenly are its slope, at any instant and over any window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 100 }),
        fc.nat(60_000),
        (a, b, lateMs) => {
          const values = Array.from({ length: 20 }, (_, index) => 1e6 + a + b * index)
          const store = storeOf({ c: values }, () => ({ __name__: 'c' }))
          for (const window of ['1m', '2m', '3m10s']) {
            const [rate] = valuesAt(store, `rate(c[${window}])`, 210_000 + (lateMs % STEP_MS))
            expect(rate).toBeCloseTo(b / 15, 9)
          }
        },
      ),
      { seed },
    )
  })

  test('never come out negative, resets or not', () => {
    fc.assert(
      fc.property(counts, fc.nat(300_000), (values, timeMs) => {
        const store = storeOf({ c: values }, () => ({ __name__: 'c' }))
        for (const value of valuesAt(store, 'rate(c[1m])', timeMs)) expect(value).toBeGreaterThanOrEqual(0)
      }),
      { seed },
    )
  })

  test('are the increase divided by the window', () => {
    fc.assert(
      fc.property(counts, fc.nat(300_000), (values, timeMs) => {
        const store = storeOf({ c: values }, () => ({ __name__: 'c' }))
        const rates = valuesAt(store, 'rate(c[90s]) * 90', timeMs)
        const increases = valuesAt(store, 'increase(c[90s])', timeMs)
        expect(rates).toHaveLength(increases.length)
        rates.forEach((rate, index) => {
          expect(rate).toBeCloseTo(increases[index]!, 6)
        })
      }),
      { seed },
    )
  })
})

describe('Aggregations', () => {
  const groups = fc.dictionary(fc.stringMatching(/^[ab][0-9]$/), counts, { minKeys: 1, maxKeys: 8 })

  test('by group add up to the whole', () => {
    fc.assert(
      fc.property(groups, (series) => {
        const store = storeOf(series, (name) => ({ __name__: 'c', job: name[0]!, pod: name[1]! }))
        const [whole] = valuesAt(store, 'sum(c)', 100_000)
        const [ofGroups] = valuesAt(store, 'sum(sum by (job) (c))', 100_000)
        const [ofPods] = valuesAt(store, 'sum(sum without (job) (c))', 100_000)
        const [fromMean] = valuesAt(store, 'avg(c) * count(c)', 100_000)
        expect([ofGroups, ofPods]).toEqual([whole, whole])
        expect(fromMean).toBeCloseTo(whole!, 6)
      }),
      { seed },
    )
  })

  test('topk of all series is the sorted vector, and its first is the maximum', () => {
    fc.assert(
      fc.property(groups, (series) => {
        const store = storeOf(series, (name) => ({ __name__: 'c', job: name[0]!, pod: name[1]! }))
        const sorted = valuesAt(store, 'topk(100, c)', 100_000)
        expect(sorted).toEqual(valuesAt(store, 'sort_desc(c)', 100_000))
        expect(sorted[0]).toBe(valuesAt(store, 'max(c)', 100_000)[0])
        expect(sorted.at(-1)).toBe(valuesAt(store, 'bottomk(1, c)', 100_000)[0])
      }),
      { seed },
    )
  })
})

describe('Quantiles of histograms', () => {
  test('grow with the quantile and stay between the bounds', () => {
    const bounds = ['0.1', '0.5', '1', '5', '+Inf']
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 5, maxLength: 5 }), (bins) => {
        let below = 0
        const series = Object.fromEntries(
          bounds.map((bound, index) => {
            below += bins[index]!
            return [bound, [below]]
          }),
        )
        const store = storeOf(series, (le) => ({ __name__: 'h_bucket', le }))
        const quantiles = [0, 0.1, 0.5, 0.9, 0.99, 1].map(
          (q) => valuesAt(store, `histogram_quantile(${q}, h_bucket)`, 0)[0]!,
        )
        if (below === 0) {
          expect(quantiles.every(Number.isNaN)).toBe(true)
          return
        }
        // A rank at the end of an empty first bucket has no place in it.
        const known = quantiles.filter((value) => !Number.isNaN(value))
        expect(known).toEqual(known.toSorted((a, b) => a - b))
        expect(known.every((value) => value >= 0 && value <= 5)).toBe(true)
      }),
      { seed },
    )
  })
})

describe('A query that is used again', () => {
  const queries = [
    'sum by (job) (rate(c[1m])) / on (job) sum by (job) (rate(d[1m]))',
    'c / on (job, pod) group_left (team) (d * on (job) group_left (team) label_replace(max by (job) (c), "team", "$1", "job", "(.)"))',
    'histogram_quantile(0.9, sum by (le) (label_join(rate(c[1m]), "le", "", "pod")))',
    'topk by (job) (1, c) or bottomk(1, d) unless on (pod) c > 500',
    'avg_over_time(sum without (pod) (c)[1m:10s]) and on (job) absent(d{job="a"})',
    'count_values("v", c) or -sort(d) or quantile by (pod) (0.3, {__name__=~"c|d"})',
  ].map((text) => ({ text, kept: compile(text) }))
  const pods = ['c a 0.1', 'c a 0.5', 'c b +Inf', 'd a 0.1', 'd b 0.5', 'd b +Inf']
  const event = fc.record({ pod: fc.nat(pods.length - 1), value: fc.nat(1000), stale: fc.boolean(), ends: fc.nat(30) })

  test('answers as a new one would, whatever series came and went, in this run and the next', () => {
    const store = new Store()
    const answer = (evaluate: () => unknown) => {
      try {
        return evaluate()
      } catch (error) {
        if (error instanceof PromqlError) return error.message
        throw error
      }
    }
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 40 }), (events) => {
        store.clear()
        events.forEach(({ pod, value, stale, ends }, index) => {
          const [name = '', job = '', bound = ''] = pods[pod]!.split(' ')
          const series = store.series(store.labels.of({ __name__: name, job, pod: bound }))
          if (stale) store.stale(series, index * 5000)
          else store.append(series, index * 5000, value)
          if (ends === 0) store.clear()
          for (const { text, kept } of queries) {
            const fresh = answer(() => compile(text).at(store, index * 5000))
            expect(answer(() => kept.at(store, index * 5000))).toEqual(fresh)
          }
        })
      }),
      { seed, numRuns: 30 },
    )
  })
})

describe('The parser', () => {
  const token = fc.constantFrom(
    ...['a', 'b{x="1"}', '{', '}', '(', ')', '[5m]', '[', ']', ',', '1', '5m', '"s"', "'", '`', '#', '=~', '!=', '=='],
    ...['+', '-', '^', 'and', 'or', 'bool', 'on', 'ignoring', 'group_left', 'by', 'sum', 'rate', 'topk', 'offset', '@'],
    ...['start()', 'inf', 'x="(', '\\', '\n', ':', '$', 'é', '0x', '1e', '_'],
  )

  test('compiles a text or refuses it by a place inside it, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 10 }), (tokens) => {
        const text = tokens.join(' ')
        try {
          compile(text)
        } catch (error) {
          if (!(error instanceof PromqlError)) throw error
          expect(error.message).not.toBe('')
          expect(error.from).toBeGreaterThanOrEqual(0)
          expect(error.to).toBeLessThanOrEqual(text.length)
          expect(error.from).toBeLessThanOrEqual(error.to)
        }
      }),
      { seed, numRuns: 5000 },
    )
  })
})
