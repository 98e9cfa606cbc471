// Writes an instant by one of Go's layouts: "2006-01-02 15:04:05".
import type { CivilTime } from './calendar.js'

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The parts that stand for something; all else stands for itself. `_2006` is an underscore and a year. */
export const PARTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|0[1-6]|15|1|2|3|4|5|PM|pm|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?![0-9])/g

export function formatTime(layout: string, time: CivilTime): string {
  return layout.replace(PARTS, (part) => {
    if (part.startsWith('-')) return part.replace('-', '+').replace(/7/, '0')
    if (part.startsWith('Z')) return 'Z'
    if (part.startsWith('.') || part.startsWith(',')) return fraction(part, time.nanos)
    return FIELDS[part]!(time)
  })
}

/** As Time.String() writes it. */
export function timeText(time: CivilTime): string {
  return formatTime('2006-01-02 15:04:05.999999999 -0700 MST', time)
}

const FIELDS: Readonly<Record<string, (time: CivilTime) => string>> = {
  January: ({ month }) => MONTHS[month - 1]!,
  Jan: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  Monday: ({ weekday }) => WEEKDAYS[weekday]!,
  Mon: ({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3),
  MST: () => 'UTC',
  '2006': ({ year }) => (year < 0 ? '-' : '') + zeros(Math.abs(year), 4),
  '06': ({ year }) => zeros(Math.abs(year) % 100, 2),
  '01': ({ month }) => zeros(month, 2),
  '1': ({ month }) => String(month),
  '02': ({ day }) => zeros(day, 2),
  _2: ({ day }) => String(day).padStart(2),
  '2': ({ day }) => String(day),
  '002': ({ yearDay }) => zeros(yearDay, 3),
  __2: ({ yearDay }) => String(yearDay).padStart(3),
  '15': ({ hour }) => zeros(hour, 2),
  '03': ({ hour }) => zeros(hour % 12 || 12, 2),
  '3': ({ hour }) => String(hour % 12 || 12),
  '04': ({ minute }) => zeros(minute, 2),
  '4': ({ minute }) => String(minute),
  '05': ({ second }) => zeros(second, 2),
  '5': ({ second }) => String(second),
  PM: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  pm: ({ hour }) => (hour < 12 ? 'am' : 'pm'),
}

function zeros(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

/** Zeros keep their places, nines drop zeros at the end. */
function fraction(part: string, nanos: number): string {
  const digits = zeros(nanos, 9)
    .padEnd(part.length - 1, '0')
    .slice(0, part.length - 1)
  const kept = part[1] === '9' ? digits.replace(/0+$/, '') : digits
  return kept === '' ? '' : part[0] + kept
}
