// A date and time as a person writes it: when a scenario starts, as queries and alert rules see it.
import type { Parsed, Unit } from './units.js'

const PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/

/** A Monday, so that rules which look at hours and days of the week meet an ordinary week. */
export const defaultStartMs = Date.UTC(2026, 0, 5)

/** Milliseconds since 1970, in whole seconds: controllers keep times no finer. */
export const instant: Unit<number> = {
  expected: 'a date and time from 1970 on, such as `2026-01-05T09:00:00Z`',
  examples: ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00+01:00'],
  pattern: PATTERN,
  parse: parseInstant,
  format: (timeMs) => `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
}

function parseInstant(text: string): Parsed<number> {
  const timeMs = PATTERN.test(text) && isCalendarDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  if (timeMs >= 0) return { ok: true, value: timeMs }
  const { expected } = instant
  return { ok: false, message: `\`${text}\` is not ${expected}`, expected, ...hintFor(text) }
}

/** JavaScript takes the 30th of February for the 2nd of March. */
export function isCalendarDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}

function hintFor(text: string): { readonly hint?: string } {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { hint: `Write \`${text}T00:00:00Z\`.` }
  return PATTERN.test(`${text}Z`) ? { hint: `Say in which time zone: \`${text}Z\`.` } : {}
}
