// Where in a series a time lies: found by guessing from the interval, right whatever the intervals are.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LabelTable } from '../../src/metrics/labels.js'
import { Series } from '../../src/metrics/series.js'

it('The latest sample at or before a time is found in regular and in irregular series', () => {
  const intervals = fc.oneof(
    fc.array(fc.integer({ min: 14_900, max: 15_100 }), { minLength: 1, maxLength: 80 }),
    fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })), { maxLength: 80 }),
  )
  fc.assert(
    fc.property(intervals, fc.nat(80), fc.double({ min: -0.1, max: 1.1, noNaN: true }), (gaps, dropped, share) => {
      const series = new Series(new LabelTable().of({}), 0)
      const times: number[] = []
      let timeMs = 0
      for (const gap of gaps) {
        timeMs += gap
        times.push(timeMs)
        series.append(timeMs, 1, false, Number.POSITIVE_INFINITY)
      }
      // As if older samples had been dropped.
      series.from = Math.min(dropped, series.to)
      const asked = [...times.flatMap((each) => [each - 1, each, each + 1]), share * timeMs]
      for (const at of asked) {
        const kept = times.slice(series.from).filter((each) => each <= at).length
        expect(series.latestAt(at)).toBe(series.from + kept - 1)
      }
    }),
    { seed: 20260105, numRuns: 200 },
  )
})
