// Times as logs write them, in whole seconds since 1970.
import { isCalendarDay } from '../instant.js'

/** NaN if it is none: as RFC 3339 has it (in UTC if it names no zone), as access logs do, or a unix time. */
export function secondOf(text: string): number {
  const [, date, clock, zone = ''] = RFC_3339.exec(text) ?? []
  if (date !== undefined) return secondAt(date, clock!, zone)
  const [, day, month = '', year, time, offset] = COMMON.exec(text) ?? []
  if (day !== undefined) {
    const number = `${1 + MONTHS.indexOf(month)}`.padStart(2, '0')
    return secondAt(`${year}-${number}-${day}`, time!, offset!)
  }
  const [, whole = ''] = UNIX.exec(text) ?? []
  // By its digits: nanoseconds are more than a number keeps.
  const finer = whole.length < 12 ? 0 : whole.length < 15 ? 3 : whole.length < 18 ? 6 : 9
  return whole === '' || whole.length > 20 ? Number.NaN : Number(whole.slice(0, whole.length - finer))
}

/** In seconds, or finer: nobody logs the year 5000, so the size tells. */
export function unixSecondOf(time: number): number {
  if (!(time >= 0 && time < 1e20)) return Number.NaN
  if (time < 1e11) return Math.floor(time)
  return Math.floor(time / (time < 1e14 ? 1e3 : time < 1e17 ? 1e6 : 1e9))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** As its seconds are counted, a leap second is the one after it. */
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)'
const RFC_3339 = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)[Tt ](${CLOCK})(?:[.,]\\d+)? ?([Zz]|[+-]\\d\\d:\\d\\d)?$`)
const COMMON = new RegExp(`^(\\d\\d)/(${MONTHS.join('|')})/(\\d{4}):(${CLOCK}) ([+-]\\d{4})$`)
const UNIX = /^(\d+)(?:\.\d+)?$/

/** The zone is nothing, Z, or a sign and two times two digits. */
function secondAt(date: string, clock: string, zone: string): number {
  const since = Number(clock.slice(0, 2)) * 3600 + Number(clock.slice(3, 5)) * 60 + Number(clock.slice(6))
  if (zone.length < 2) return midnightOf(date) + since
  const ahead = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60
  return midnightOf(date) + since - (zone.startsWith('-') ? -ahead : ahead)
}

/** Nearly every line is of the day of the line before. */
let known = { date: '', second: 0 }

function midnightOf(date: string): number {
  if (date !== known.date)
    known = { date, second: isCalendarDay(date) ? Date.parse(`${date}T00:00:00Z`) / 1000 : Number.NaN }
  return known.second
}
