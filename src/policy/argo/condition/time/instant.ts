// The calendar and clock of Go's time.Time.

import { DURATION } from '../value/go-type.js'
import { canonical, type Integer } from '../value/integer.js'
import { Instant, Int, type Location } from '../value/value.js'

const SECONDS_PER_DAY = 86_400
const NANOS_PER_SECOND = 1_000_000_000n

export interface CivilTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly secondOfDay: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** 1 is the first of January. */
  readonly dayOfYear: number
}

export function civil(instant: Instant): CivilTime {
  const local = instant.seconds + instant.location.offsetSeconds
  const days = Math.floor(local / SECONDS_PER_DAY)
  const date = dateOfDay(days)
  const weekday = (((days + 4) % 7) + 7) % 7
  const dayOfYear = days - dayOfDate(date.year, 1, 1) + 1
  return { ...date, secondOfDay: local - days * SECONDS_PER_DAY, weekday, dayOfYear }
}

/** The instant of a date and time of day in a location; months and days beyond their range carry over, as in Go. */
export function instantOf(
  date: { readonly year: number; readonly month: number; readonly day: number },
  secondOfDay: number,
  nanos: number,
  location: Location,
): Instant {
  const years = Math.floor((date.month - 1) / 12)
  const month = date.month - years * 12
  const days = dayOfDate(date.year + years, month, 1) + date.day - 1
  return new Instant(days * SECONDS_PER_DAY + secondOfDay - location.offsetSeconds, nanos, location)
}

export function daysInMonth(year: number, month: number): number {
  return dayOfDate(month === 12 ? year + 1 : year, (month % 12) + 1, 1) - dayOfDate(year, month, 1)
}

export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanos - b.nanos
}

export function addDuration(instant: Instant, durationNanos: Integer): Instant {
  return fromUnixNanos(unixNanos(instant) + BigInt(durationNanos), instant.location)
}

/** Differences that do not fit 64 bits stop at the ends of the range. */
export function between(a: Instant, b: Instant): Int {
  const nanos = unixNanos(a) - unixNanos(b)
  const limit = 2n ** 63n
  return new Int(DURATION, canonical(nanos >= limit ? limit - 1n : nanos < -limit ? -limit : nanos))
}

export function unixNanos(instant: Instant): bigint {
  return BigInt(instant.seconds) * NANOS_PER_SECOND + BigInt(instant.nanos)
}

export function fromUnixNanos(nanos: bigint, location: Location): Instant {
  let seconds = nanos / NANOS_PER_SECOND
  let rest = nanos % NANOS_PER_SECOND
  if (rest < 0n) {
    rest += NANOS_PER_SECOND
    seconds -= 1n
  }
  return new Instant(Number(seconds), Number(rest), location)
}

/** As Time.String() prints it: "2020-01-01 00:00:00.5 +0000 UTC". */
export function formatInstant(instant: Instant): string {
  const { offsetSeconds, name } = instant.location
  const zone = `${offsetSeconds < 0 ? '-' : '+'}${clock(Math.abs(offsetSeconds), '')}`
  const { date, time } = parts(instant)
  return `${date} ${time} ${zone} ${name === '' ? zone : name}`
}

/** RFC 3339 with as many decimals as there are, which is how a time turns into JSON. */
export function formatRfc3339(instant: Instant): string {
  const { offsetSeconds } = instant.location
  const zone = offsetSeconds === 0 ? 'Z' : `${offsetSeconds < 0 ? '-' : '+'}${clock(Math.abs(offsetSeconds), ':')}`
  const { date, time } = parts(instant)
  return `${date}T${time}${zone}`
}

/** Days since 1970-01-01 in the Gregorian calendar, by counting from March so that the leap day comes last. */
export function dayOfDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfMarchYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfMarchYear
  return era * 146_097 + dayOfEra - 719_468
}

export function dateOfDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfMarchYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfMarchYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const day = dayOfMarchYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

function parts(instant: Instant): { date: string; time: string } {
  const { year, month, day, secondOfDay } = civil(instant)
  const decimals = instant.nanos === 0 ? '' : `.${String(instant.nanos).padStart(9, '0').replace(/0+$/, '')}`
  const time = `${clock(secondOfDay, ':')}:${pad(secondOfDay % 60)}${decimals}`
  const years = year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')
  return { date: `${years}-${pad(month)}-${pad(day)}`, time }
}

function clock(seconds: number, separator: string): string {
  return `${pad(Math.floor(seconds / 3600))}${separator}${pad(Math.floor(seconds / 60) % 60)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
