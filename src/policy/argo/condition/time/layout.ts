// Reads a time by one of Go's layouts ("2006-01-02 15:04:05"), with Go's messages where the two do not fit.

import { MONTHS, PARTS, WEEKDAYS } from '../../../../metrics/go/time-layout.js'
import { Panic } from '../value/panic.js'
import { quoteBytes } from '../value/quote.js'
import { Instant, Location, UTC } from '../value/value.js'
import { dateOfDay, dayOfDate, daysInMonth, instantOf } from './instant.js'

interface Reading {
  year: number
  month: number
  day: number
  dayOfYear: number
  hour: number
  minute: number
  second: number
  nanos: number
  morning: boolean
  afternoon: boolean
  utc: boolean
  offsetSeconds: number | undefined
  zone: string
  range: string
}

interface Field {
  readonly match: RegExp
  readonly read: (reading: Reading, text: string) => void
}

/** What date() tries, in this order, when it is given no layout. */
const DEFAULT_LAYOUTS = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
]

export function parseDate(text: string, location: Location): Instant {
  for (const layout of DEFAULT_LAYOUTS) {
    const instant = tryLayout(layout, text, location)
    if (instant instanceof Instant) return instant
  }
  throw new Panic(`invalid date ${text}`)
}

export function parseWithLayout(layout: string, text: string, location: Location): Instant {
  const instant = tryLayout(layout, text, location)
  if (instant instanceof Instant) return instant
  throw new Panic(`parsing time ${quoteBytes(text)}${instant}`)
}

/** The instant, or what Go says after "parsing time …". */
function tryLayout(layout: string, text: string, location: Location): Instant | string {
  const reading = emptyReading()
  const mismatch = (rest: string, chunk: string) =>
    ` as ${quoteBytes(layout)}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(chunk)}`
  let rest = text
  let done = 0
  for (const found of layout.matchAll(PARTS)) {
    const literal = layout.slice(done, found.index)
    const after = skipLiteral(rest, literal)
    if (after === undefined) return mismatch(skipped(rest, literal), literal)
    rest = after
    done = found.index + found[0].length
    const field = fieldOf(found[0])
    const value = field.match.exec(rest)
    if (value === null) return mismatch(rest, found[0])
    field.read(reading, value[0])
    rest = rest.slice(value[0].length)
    if (reading.range !== '') return `: ${reading.range} out of range`
    if (found[0] === '05' || found[0] === '5') rest = readUnaskedFraction(reading, rest, layout.slice(done))
  }
  const tail = layout.slice(done)
  const after = skipLiteral(rest, tail)
  if (after === undefined) return mismatch(skipped(rest, tail), tail)
  if (after !== '') return `: extra text: ${quoteBytes(after)}`
  return assemble(reading, location)
}

function emptyReading(): Reading {
  return {
    year: 0,
    month: -1,
    day: -1,
    dayOfYear: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    morning: false,
    afternoon: false,
    utc: false,
    offsetSeconds: undefined,
    zone: '',
    range: '',
  }
}

/** Any run of spaces in the layout fits any run of spaces in the text. */
function skipLiteral(text: string, literal: string): string | undefined {
  let rest = text
  for (let i = 0; i < literal.length; i++) {
    if (literal[i] === ' ') {
      if (rest !== '' && rest[0] !== ' ') return undefined
      while (literal[i + 1] === ' ') i++
      rest = rest.replace(/^ +/, '')
    } else {
      if (rest[0] !== literal[i]) return undefined
      rest = rest.slice(1)
    }
  }
  return rest
}

/** Where the text stops fitting: Go's message starts there. */
function skipped(text: string, literal: string): string {
  let fits = 0
  while (fits < literal.length && skipLiteral(text, literal.slice(0, fits + 1)) !== undefined) fits++
  return skipLiteral(text, literal.slice(0, fits)) ?? text
}

function fieldOf(chunk: string): Field {
  if (/^[.,]/.test(chunk)) return fractionField(chunk)
  if (/^[-Z]07/.test(chunk)) return offsetField(chunk)
  return FIELDS[chunk]!
}

function number(
  match: RegExp,
  low: number,
  high: number,
  what: string,
  set: (r: Reading, value: number) => void,
): Field {
  return {
    match,
    read(reading, text) {
      const value = Number(text)
      if (value < low || value > high) reading.range = what
      set(reading, value)
    },
  }
}

const TWO = /^[0-9]{2}/
const ONE_OR_TWO = /^[0-9]{1,2}/
const setDay = (r: Reading, value: number) => {
  r.day = value
}
const setMonth = (r: Reading, value: number) => {
  r.month = value
}
const hour = (match: RegExp, high: number) =>
  number(match, 0, high, 'hour', (r, value) => {
    r.hour = value
  })
const minute = (match: RegExp) =>
  number(match, 0, 59, 'minute', (r, value) => {
    r.minute = value
  })
const second = (match: RegExp) =>
  number(match, 0, 59, 'second', (r, value) => {
    r.second = value
  })

const FIELDS: Readonly<Record<string, Field>> = {
  '2006': number(/^[0-9]{4}/, 0, 9999, 'year', (r, value) => {
    r.year = value
  }),
  '06': number(/^(?:[0-9]{2}|[+-][0-9])/, -9, 99, 'year', (r, value) => {
    r.year = value >= 69 ? 1900 + value : 2000 + value
  }),
  '01': number(TWO, 1, 12, 'month', setMonth),
  '1': number(ONE_OR_TWO, 1, 12, 'month', setMonth),
  January: named(MONTHS, (r, at) => setMonth(r, at + 1)),
  Jan: named(short(MONTHS), (r, at) => setMonth(r, at + 1)),
  Monday: named(WEEKDAYS, () => {}),
  Mon: named(short(WEEKDAYS), () => {}),
  '02': number(TWO, 0, 99, 'day', setDay),
  '2': number(ONE_OR_TWO, 0, 99, 'day', setDay),
  _2: number(/^ ?[0-9]{1,2}/, 0, 99, 'day', setDay),
  __2: number(/^ {0,2}[0-9]{1,3}/, 1, 366, 'day-of-year', (r, value) => {
    r.dayOfYear = value
  }),
  '002': number(/^[0-9]{3}/, 1, 366, 'day-of-year', (r, value) => {
    r.dayOfYear = value
  }),
  '15': hour(ONE_OR_TWO, 23),
  '03': hour(TWO, 12),
  '3': hour(ONE_OR_TWO, 12),
  '04': minute(TWO),
  '4': minute(ONE_OR_TWO),
  '05': second(TWO),
  '5': second(ONE_OR_TWO),
  PM: half('AM', 'PM'),
  pm: half('am', 'pm'),
  MST: {
    match:
      /^(?:UTC|ChST|MeST|GMT(?:[+-]0*(?:1?[0-9]|2[0-3])(?![0-9]))?|[+-]0*(?:1?[0-9]|2[0-3])(?![0-9])|(?:[A-Z]{3,4}T|WITA|[A-Z]{3})(?![A-Z]))/,
    read(reading, text) {
      if (text === 'UTC') reading.utc = true
      else reading.zone = text
    },
  },
}

function half(morning: string, afternoon: string): Field {
  return {
    match: new RegExp(`^(?:${morning}|${afternoon})`),
    read(reading, text) {
      if (text === afternoon) reading.afternoon = true
      else reading.morning = true
    },
  }
}

function named(names: readonly string[], set: (reading: Reading, at: number) => void): Field {
  return {
    match: new RegExp(`^(?:${names.join('|')})`, 'i'),
    read(reading, text) {
      set(
        reading,
        names.findIndex((name) => name.toLowerCase() === text.toLowerCase()),
      )
    },
  }
}

function short(names: readonly string[]): string[] {
  return names.map((name) => name.slice(0, 3))
}

function fractionField(chunk: string): Field {
  const exact = chunk[1] === '0'
  return {
    match: exact ? new RegExp(`^[.,][0-9]{${chunk.length - 1}}`) : /^(?:[.,][0-9]+)?/,
    read: readFraction,
  }
}

function readFraction(reading: Reading, text: string): void {
  if (text !== '') reading.nanos = Number(text.slice(1, 10).padEnd(9, '0'))
}

/** A fraction after the seconds is read even where the layout has none. */
function readUnaskedFraction(reading: Reading, text: string, layoutRest: string): string {
  const value = /^[.,][0-9]+/.exec(text)
  if (value === null || /^[.,](?:0+|9+)(?!\d)/.test(layoutRest)) return text
  readFraction(reading, value[0])
  return text.slice(value[0].length)
}

function offsetField(chunk: string): Field {
  const shape = chunk.slice(3).replace(/00/g, '[0-9]{2}')
  const zulu = chunk.startsWith('Z')
  return {
    match: new RegExp(`^(?:${zulu ? 'Z|' : ''}[+-][0-9]{2}${shape})`),
    read(reading, text) {
      if (text === 'Z') {
        reading.utc = true
        return
      }
      const [hours, minutes = 0, seconds = 0] = text.slice(1).replace(/:/g, '').match(/../g)!.map(Number)
      if (hours! > 24) reading.range = 'time zone offset hour'
      else if (minutes > 60) reading.range = 'time zone offset minute'
      else if (seconds > 60) reading.range = 'time zone offset second'
      const size = hours! * 3600 + minutes * 60 + seconds
      reading.offsetSeconds = text.startsWith('-') ? -size : size
    },
  }
}

function assemble(reading: Reading, location: Location): Instant | string {
  let { hour, month, day } = reading
  if (reading.afternoon && hour < 12) hour += 12
  else if (reading.morning && hour === 12) hour = 0
  if (reading.dayOfYear >= 0) {
    const found = dateOfDay(dayOfDate(reading.year, 1, reading.dayOfYear))
    if (found.year !== reading.year) return ': day-of-year out of range'
    if (month >= 0 && month !== found.month) return ': day-of-year does not match month'
    if (day >= 0 && day !== found.day) return ': day-of-year does not match day'
    month = found.month
    day = found.day
  }
  if (month < 0) month = 1
  if (day < 0) day = 1
  if (day < 1 || day > daysInMonth(reading.year, month)) return ': day out of range'
  const secondOfDay = hour * 3600 + reading.minute * 60 + reading.second
  const date = { year: reading.year, month, day }
  const abbreviated = !reading.utc && reading.offsetSeconds === undefined && reading.zone !== ''
  if (!abbreviated) return instantOf(date, secondOfDay, reading.nanos, zoneOf(reading, location))
  // Go takes a zone it does not know for UTC, and then shows the instant in that zone.
  const { seconds, nanos } = instantOf(date, secondOfDay, reading.nanos, UTC)
  return new Instant(seconds, nanos, abbreviation(reading.zone))
}

/** Z wins over an offset, and an offset over the caller's location. */
function zoneOf({ utc, offsetSeconds, zone }: Reading, location: Location): Location {
  if (utc || offsetSeconds === 0) return UTC
  return offsetSeconds === undefined ? location : new Location(zone, offsetSeconds)
}

/** An abbreviation says nothing without a database: the offset is 0, but for GMT+3 and its like. */
function abbreviation(zone: string): Location {
  const hours = /^GMT([+-][0-9]+)$/.exec(zone)
  return new Location(zone, hours === null ? 0 : Number(hours[1]) * 3600)
}
