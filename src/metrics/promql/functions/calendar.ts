// Parts of a date in UTC: minute, hour, day_of_week, day_of_month, day_of_year, days_in_month, month, year.

import type { Moment } from '../plan.js'
import { Vector } from '../vector.js'
import type { Family, Implementation } from './implementation.js'

export const CALENDAR: Family = {
  minute: part(({ secondOfDay }) => Math.floor(secondOfDay / 60) % 60),
  hour: part(({ secondOfDay }) => Math.floor(secondOfDay / 3600)),
  // The first of January 1970 was a Thursday.
  day_of_week: part(({ day }) => (((day + 4) % 7) + 7) % 7),
  day_of_month: part(({ day }) => civil(day).dayOfMonth),
  day_of_year: part(({ day }) => day - dayOf(civil(day).year, 1) + 1),
  days_in_month: part(({ day }) => {
    const { year, month } = civil(day)
    return dayOf(year, month + 1) - dayOf(year, month)
  }),
  month: part(({ day }) => civil(day).month),
  year: part(({ day }) => civil(day).year),
}

/** Days since 1970 and seconds since midnight. */
interface Instant {
  readonly day: number
  readonly secondOfDay: number
}

/** Of each sample's value as a Unix time; without an argument, of the instant of the evaluation. */
function part(compute: (instant: Instant) => number): Implementation {
  return (site) => {
    const inner = site.call.args.length === 0 ? undefined : site.vector(0)
    const out = new Vector()
    return {
      type: 'vector',
      vector(moment: Moment) {
        out.size = 0
        if (inner === undefined) {
          out.push(site.store.labels.empty, compute(instantOf(moment.timeMs / 1000)))
          return out
        }
        const input = inner.vector(moment)
        for (let i = 0; i < input.size; i++) {
          out.push(input.labels[i]!.withoutName, compute(instantOf(input.values[i]!)))
        }
        out.refuseDuplicates(site.call)
        return out
      },
    }
  }
}

const DAY_SECONDS = 86_400
const ERA_DAYS = 146_097
const ERA_YEARS = 400

/** Days from the zero of Go's clock, the first of March of the year -292277022400, to 1970. */
const DAYS_BEFORE_1970 = (292_277_022_400 / ERA_YEARS) * ERA_DAYS + 306 + 719_162

/** Go counts in whole seconds of 64 bits: what fits in none becomes the least, and what overflows goes round. */
function instantOf(unixSeconds: number): Instant {
  const seconds = Math.trunc(unixSeconds)
  if (Math.abs(seconds) < Number.MAX_SAFE_INTEGER) {
    const day = Math.floor(seconds / DAY_SECONDS)
    return { day, secondOfDay: seconds - day * DAY_SECONDS }
  }
  const isInRange = Math.abs(seconds) < 2 ** 63
  const exact = isInRange ? BigInt(seconds) : -(2n ** 63n)
  const counted = BigInt.asUintN(64, exact + BigInt(DAYS_BEFORE_1970) * BigInt(DAY_SECONDS))
  return {
    day: Number(counted / BigInt(DAY_SECONDS)) - DAYS_BEFORE_1970,
    secondOfDay: Number(counted % BigInt(DAY_SECONDS)),
  }
}

/** The day a month begins with; years begin with March while counting, so that a leap day comes last. */
function dayOf(year: number, month: number): number {
  const months = year * 12 + month - 3
  const countedYear = Math.floor(months / 12)
  const era = Math.floor(countedYear / ERA_YEARS)
  const yearOfEra = countedYear - era * ERA_YEARS
  const dayOfYear = Math.floor((153 * (months - countedYear * 12) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * ERA_DAYS + dayOfEra - DAYS_FROM_MARCH_0
}

/** From the first of March of the year 0 to 1970. */
const DAYS_FROM_MARCH_0 = 719_468

/** https://howardhinnant.github.io/date_algorithms.html#civil_from_days */
function civil(day: number): { readonly year: number; readonly month: number; readonly dayOfMonth: number } {
  const counted = day + DAYS_FROM_MARCH_0
  const era = Math.floor(counted / ERA_DAYS)
  const dayOfEra = counted - era * ERA_DAYS
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / (ERA_DAYS - 1))
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  return {
    year: era * ERA_YEARS + yearOfEra + (monthFromMarch >= 10 ? 1 : 0),
    month: ((monthFromMarch + 2) % 12) + 1,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  }
}
