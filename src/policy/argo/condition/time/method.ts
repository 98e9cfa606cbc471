// The methods that times, durations, months and weekdays bring along: `now().Year()`, `duration("1h").Seconds()`.

import { MONTHS, WEEKDAYS } from '../../../../metrics/go/time-layout.js'
import {
  BOOL,
  DURATION,
  FLOAT64,
  functionOf,
  type GoType,
  INT,
  INT64,
  LOCATION_POINTER,
  MONTH,
  STRING,
  TIME,
  WEEKDAY,
} from '../value/go-type.js'
import { canonical, type Integer, negate, subtract } from '../value/integer.js'
import { Func, type GoValue, Instant, Int, int, type Location, UTC } from '../value/value.js'
import { formatDuration } from './duration.js'
import {
  addDuration,
  between,
  type CivilTime,
  civil,
  compareInstants,
  formatInstant,
  fromUnixNanos,
  instantOf,
  unixNanos,
} from './instant.js'

interface Method {
  /** Without the receiver, as the bound method has it. */
  readonly bound: GoType
  /** With the receiver first, as the type checker sees it. */
  readonly unbound: GoType
  /** Not there for a method that Go has and this page leaves out. */
  readonly call: ((receiver: never, args: readonly never[]) => GoValue) | undefined
}

export function methodOf(type: GoType | undefined, name: string): Method | undefined {
  return type === undefined ? undefined : METHODS.get(type)?.get(name)
}

export function bind(receiver: GoValue, method: Method): Func | undefined {
  const { call } = method
  return call && new Func(method.bound, (args) => call(receiver as never, args as readonly never[]))
}

type Row<Receiver> = readonly [
  name: string,
  parameters: readonly GoType[],
  results: readonly GoType[],
  call?: (receiver: Receiver, args: readonly never[]) => GoValue,
]

const YEAR_ONE_SECONDS = -62_135_596_800

const timeRows: Row<Instant>[] = [
  ['Add', [DURATION], [TIME], (t, [d]: readonly Int[]) => addDuration(t, d!.value)],
  ['AddDate', [INT, INT, INT], [TIME], (t, [y, m, d]: readonly Int[]) => addDate(t, y!, m!, d!)],
  ['After', [TIME], [BOOL], (t, [u]: readonly Instant[]) => compareInstants(t, u!) > 0],
  ['Before', [TIME], [BOOL], (t, [u]: readonly Instant[]) => compareInstants(t, u!) < 0],
  ['Clock', [], [INT, INT, INT]],
  ['Compare', [TIME], [INT], (t, [u]: readonly Instant[]) => int(Math.sign(compareInstants(t, u!)))],
  ['Date', [], [INT, MONTH, INT]],
  ['Day', [], [INT], (t) => int(civil(t).day)],
  ['Equal', [TIME], [BOOL], (t, [u]: readonly Instant[]) => compareInstants(t, u!) === 0],
  ['Format', [STRING], [STRING]],
  ['GoString', [], [STRING]],
  ['Hour', [], [INT], (t) => int(Math.floor(civil(t).secondOfDay / 3600))],
  ['ISOWeek', [], [INT, INT], (t) => int(isoYear(civil(t)))],
  ['In', [LOCATION_POINTER], [TIME], (t, [l]: readonly Location[]) => new Instant(t.seconds, t.nanos, l)],
  ['IsDST', [], [BOOL], () => false],
  ['IsZero', [], [BOOL], (t) => t.seconds === YEAR_ONE_SECONDS && t.nanos === 0],
  ['Local', [], [TIME], (t) => new Instant(t.seconds, t.nanos, UTC)],
  ['Location', [], [LOCATION_POINTER], (t) => t.location],
  ['Minute', [], [INT], (t) => int(Math.floor(civil(t).secondOfDay / 60) % 60)],
  ['Month', [], [MONTH], (t) => new Int(MONTH, civil(t).month)],
  ['Nanosecond', [], [INT], (t) => int(t.nanos)],
  ['Round', [DURATION], [TIME], (t, [d]: readonly Int[]) => roundInstant(t, BigInt(d!.value), true)],
  ['Second', [], [INT], (t) => int(civil(t).secondOfDay % 60)],
  ['String', [], [STRING], (t) => formatInstant(t)],
  ['Sub', [TIME], [DURATION], (t, [u]: readonly Instant[]) => between(t, u!)],
  ['Truncate', [DURATION], [TIME], (t, [d]: readonly Int[]) => roundInstant(t, BigInt(d!.value), false)],
  ['UTC', [], [TIME], (t) => new Instant(t.seconds, t.nanos, UTC)],
  ['Unix', [], [INT64], (t) => new Int(INT64, t.seconds)],
  ['UnixMicro', [], [INT64], (t) => new Int(INT64, canonical(floorDivide(unixNanos(t), 1000n)))],
  ['UnixMilli', [], [INT64], (t) => new Int(INT64, canonical(floorDivide(unixNanos(t), 1_000_000n)))],
  ['UnixNano', [], [INT64], (t) => new Int(INT64, canonical(unixNanos(t)))],
  ['Weekday', [], [WEEKDAY], (t) => new Int(WEEKDAY, civil(t).weekday)],
  ['Year', [], [INT], (t) => int(civil(t).year)],
  ['YearDay', [], [INT], (t) => int(civil(t).dayOfYear)],
  ['Zone', [], [STRING, INT], (t) => t.location.name],
]

const durationRows: Row<Int>[] = [
  ['Abs', [], [DURATION], (d) => duration(d.value < 0 ? absolute(d.value) : d.value)],
  ['Hours', [], [FLOAT64], (d) => inUnits(d, 3_600_000_000_000n)],
  ['Microseconds', [], [INT64], (d) => new Int(INT64, canonical(BigInt(d.value) / 1000n))],
  ['Milliseconds', [], [INT64], (d) => new Int(INT64, canonical(BigInt(d.value) / 1_000_000n))],
  ['Minutes', [], [FLOAT64], (d) => inUnits(d, 60_000_000_000n)],
  ['Nanoseconds', [], [INT64], (d) => new Int(INT64, d.value)],
  ['Round', [DURATION], [DURATION], (d, [unit]: readonly Int[]) => duration(roundDuration(d.value, unit!.value))],
  ['Seconds', [], [FLOAT64], (d) => inUnits(d, 1_000_000_000n)],
  ['String', [], [STRING], (d) => formatDuration(d.value)],
  ['Truncate', [DURATION], [DURATION], (d, [unit]: readonly Int[]) => duration(truncateDuration(d.value, unit!.value))],
]

const METHODS: ReadonlyMap<GoType, ReadonlyMap<string, Method>> = new Map([
  [TIME, table(TIME, timeRows)],
  [DURATION, table(DURATION, durationRows)],
  [MONTH, table<Int>(MONTH, [['String', [], [STRING], (m) => monthName(m.value)]])],
  [WEEKDAY, table<Int>(WEEKDAY, [['String', [], [STRING], (d) => weekdayName(d.value)]])],
  [LOCATION_POINTER, table<Location>(LOCATION_POINTER, [['String', [], [STRING], (l) => l.name]])],
])

export function monthName(month: Integer): string {
  return MONTHS[Number(month) - 1] ?? `%!Month(${month})`
}

export function weekdayName(day: Integer): string {
  return WEEKDAYS[Number(day)] ?? `%!Weekday(${day})`
}

function table<Receiver>(receiver: GoType, rows: readonly Row<Receiver>[]): ReadonlyMap<string, Method> {
  return new Map(
    rows.map(([name, parameters, results, call]) => [
      name,
      { bound: functionOf(parameters, results), unbound: functionOf([receiver, ...parameters], results), call },
    ]),
  )
}

function duration(nanos: Integer): Int {
  return new Int(DURATION, nanos)
}

/** Whole units and the rest are added as floats, so that Go's rounding comes out. */
function inUnits(d: Int, unitNanos: bigint): number {
  const nanos = BigInt(d.value)
  return Number(nanos / unitNanos) + Number(nanos % unitNanos) / Number(unitNanos)
}

function absolute(nanos: Integer): Integer {
  return nanos === -(2n ** 63n) ? 2n ** 63n - 1n : negate(nanos)
}

function truncateDuration(nanos: Integer, unit: Integer): Integer {
  return unit <= 0 ? nanos : subtract(nanos, canonical(BigInt(nanos) % BigInt(unit)))
}

/** Halves go away from zero. */
function roundDuration(nanos: Integer, unit: Integer): Integer {
  if (unit <= 0) return nanos
  const size = BigInt(unit)
  const rest = BigInt(nanos) % size
  const restSize = rest < 0n ? -rest : rest
  const down = BigInt(nanos) - rest
  const rounded = restSize * 2n < size ? down : down + (rest < 0n ? -size : size)
  const limit = 2n ** 63n
  return canonical(rounded >= limit ? limit - 1n : rounded < -limit ? -limit : rounded)
}

/** Counts from the year 1, where Go's absolute zero time is. */
function roundInstant(t: Instant, unit: bigint, nearest: boolean): Instant {
  if (unit <= 0n) return t
  const sinceYearOne = unixNanos(t) - BigInt(YEAR_ONE_SECONDS) * 1_000_000_000n
  const rest = ((sinceYearOne % unit) + unit) % unit
  const up = nearest && rest * 2n >= unit
  return fromUnixNanos(unixNanos(t) - rest + (up ? unit : 0n), t.location)
}

function addDate(t: Instant, years: Int, months: Int, days: Int): Instant {
  const { year, month, day, secondOfDay } = civil(t)
  const date = { year: year + Number(years.value), month: month + Number(months.value), day: day + Number(days.value) }
  return instantOf(date, secondOfDay, t.nanos, t.location)
}

/** The year that owns the Thursday of this week. */
function isoYear({ year, weekday, dayOfYear }: CivilTime): number {
  const thursday = dayOfYear + 4 - (weekday === 0 ? 7 : weekday)
  if (thursday < 1) return year - 1
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return thursday > (leap ? 366 : 365) ? year + 1 : year
}

function floorDivide(value: bigint, unit: bigint): bigint {
  const quotient = value / unit
  return value % unit < 0n ? quotient - 1n : quotient
}
