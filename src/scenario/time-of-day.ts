// A time of the day as a person writes it.
import type { Unit } from './units.js'

const PATTERN = /^([01]\d|2[0-3]):([0-5]\d)$/

/** Milliseconds since midnight. */
export const timeOfDay: Unit<number> = {
  expected: 'a time of the day such as `14:00`',
  examples: ['14:00', '09:30'],
  pattern: PATTERN,
  parse: (text) => {
    const [, hours, minutes] = PATTERN.exec(text) ?? []
    if (hours !== undefined) return { ok: true, value: 60_000 * (60 * Number(hours) + Number(minutes)) }
    const { expected } = timeOfDay
    const hint = /^\d:\d\d$/.test(text) ? { hint: `Write \`0${text}\`.` } : {}
    return { ok: false, message: `\`${text}\` is not ${expected}`, expected, ...hint }
  },
  format: (ms) => [ms / 3_600_000, (ms / 60_000) % 60].map((part) => `${Math.floor(part)}`.padStart(2, '0')).join(':'),
}
