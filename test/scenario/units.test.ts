// Quantities with units: what is read, what is refused and why, and that all of it reads back.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../../src/scenario/instant.js'
import {
  count,
  duration,
  formatCount,
  formatDuration,
  formatLatencyChange,
  formatPercentage,
  formatRate,
  latencyChange,
  type Parsed,
  parseCount,
  parseDuration,
  parseLatencyChange,
  parsePercentage,
  parseRate,
  percentage,
  rate,
  type Unit,
} from '../../src/scenario/units.js'
import { tableOf } from './case-file.js'

interface AnyUnit extends Omit<Unit<unknown>, 'format'> {
  format(value: unknown): string
}

const units: Record<string, AnyUnit> = { duration, rate, percentage, count, latency: latencyChange, instant }

const SEED = 20240607
const options = { seed: SEED, numRuns: 2000 }

describe('the table', () => {
  test.each(tableOf('units.txt'))('%s %s is %s', (name, text, value, rest) => {
    const unit = units[name!]!
    const parsed = unit.parse(text!)
    if (value === 'refused') {
      expect(parsed).toEqual({
        ok: false,
        message: `\`${text}\` is not ${unit.expected}`,
        expected: unit.expected,
        ...(rest === undefined ? {} : { hint: rest }),
      })
      return
    }
    expect(parsed).toEqual({ ok: true, value: JSON.parse(value!) })
    if (parsed.ok) expect(unit.format(parsed.value)).toBe(rest)
    expect(unit.parse(rest!)).toEqual(parsed)
  })

  test.each(tableOf('units.txt'))(
    'the pattern for editors takes %s %s if it has the right form',
    (name, text, value) => {
      const { pattern } = units[name!]!
      if (value !== 'refused') expect(text).toMatch(pattern)
      if (!pattern.test(text!)) expect(value).toBe('refused')
    },
  )

  test.each(Object.entries(units))('the examples of a %s are some', (_, unit) => {
    for (const example of unit.examples) expect(unit.parse(example).ok).toBe(true)
  })
})

test('words that only look empty are refused', () => {
  for (const unit of Object.values(units)) {
    for (const text of ['', ' ', '\n', 'NaN', 'Infinity']) expect(unit.parse(text).ok).toBe(false)
  }
})

describe('what is written reads back', () => {
  test('every duration of whole milliseconds', () => {
    const milliseconds = fc.oneof(fc.nat({ max: 10_000 }), fc.nat(), fc.maxSafeNat())
    fc.assert(
      fc.property(milliseconds, (value) => readValue(parseDuration(formatDuration(value))) === value),
      options,
    )
  })

  test('every duration of parts of a millisecond', () => {
    const milliseconds = fc.tuple(fc.nat(), fc.nat({ max: 999_999 })).map(([whole, part]) => whole + part / 1_000_000)
    fc.assert(
      fc.property(milliseconds, (value) => readValue(parseDuration(formatDuration(value))) === value),
      options,
    )
  })

  test('every rate', () => {
    const perSecond = fc.oneof(
      fc.nat(),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.nat().map((hourly) => hourly / 3600),
    )
    fc.assert(
      fc.property(perSecond, (value) => readValue(parseRate(formatRate(value))) === value),
      options,
    )
  })

  test('every percentage with up to six decimals', () => {
    const ratio = fc.nat({ max: 100_000_000 }).map((millionths) => Number(`${millionths}e-8`))
    fc.assert(
      fc.property(ratio, (value) => readValue(parsePercentage(formatPercentage(value))) === value),
      options,
    )
  })

  test('every count', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => readValue(parseCount(formatCount(value))) === value),
      options,
    )
  })

  test('every change of latency', () => {
    const change = fc.oneof(
      fc.nat().map((ms) => ({ kind: 'add' as const, ms })),
      fc
        .integer({ min: 1, max: 100_000 })
        .map((thousandths) => ({ kind: 'factor' as const, factor: thousandths / 1000 })),
      fc.nat({ max: 100_000 }).map((tenths) => ({ kind: 'percent' as const, percent: tenths / 10 })),
    )
    fc.assert(
      fc.property(change, (value) => {
        expect(parseLatencyChange(formatLatencyChange(value))).toEqual({ ok: true, value })
      }),
      options,
    )
  })
})

test('whatever is written, it is read or refused, never thrown on', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789.+-xkMdhms/% e') })
  fc.assert(
    fc.property(text, (written) => {
      for (const unit of Object.values(units)) {
        const parsed = unit.parse(written)
        if (parsed.ok) expect(unit.parse(unit.format(parsed.value))).toEqual(parsed)
      }
    }),
    { seed: SEED, numRuns: 5000 },
  )
})

test.each([
  [() => formatDuration(-1)],
  [() => formatDuration(Number.NaN)],
  [() => formatRate(Number.POSITIVE_INFINITY)],
  [() => formatPercentage(-0.1)],
  [() => formatCount(-1)],
])('what is no quantity is not written: %s', (format) => {
  expect(format).toThrow(RangeError)
})

function readValue<Value>(parsed: Parsed<Value>): Value | undefined {
  return parsed.ok ? parsed.value : undefined
}
