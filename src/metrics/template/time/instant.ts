// Go's time.Time, always in UTC: how it prints and what it can be asked.

import { fromBytes, toBytes } from '../../go/bytes.js'
import { type CivilTime, civil, floorRest, withDate, YEAR_ONE_SECONDS } from '../../go/calendar.js'
import { formatTime, MONTHS, timeText, WEEKDAYS } from '../../go/time-layout.js'
import { refuse } from '../functions/function.js'
import type { IntegerValue, Method, StringValue, StructValue, Type, Value } from '../value/shape.js'
import { INT, INT64, plain, pointerTo, STRING, structOf, UINT64 } from '../value/type.js'
import { boolOf, intOf, textOf, zeroOf } from '../value/value.js'
import { DURATION, durationOf, nanosOf, within } from './duration.js'

const NANOS = 1_000_000_000n
/** JavaScript's calendar ends 100,000,000 days from 1970. */
const FARTHEST = 8_640_000_000_000n * NANOS
const LOCATION = structOf('time.Location', [], false)
const MONTH = named('time.Month', (month) => MONTHS[Number(month) - 1] ?? `%!Month(${month})`)
const WEEKDAY = named('time.Weekday', (day) => WEEKDAYS[Number(day)] ?? `%!Weekday(${day})`)

export const TIME: Type = structOf('time.Time', ['wall', 'ext', 'loc'], true, {
  text: (receiver) => timeText(civil(unixNanosOf(receiver))),
  goText: (receiver) => goText(civil(unixNanosOf(receiver))),
  find: (name) => METHODS.get(name),
})

/** As Go keeps it: nanoseconds of the second, seconds since the year 1, and no location, which is UTC. */
export function timeOf(unixNanos: bigint): StructValue {
  if (unixNanos > FARTHEST || unixNanos < -FARTHEST) refuse('times as far away are not supported')
  const nanos = floorRest(unixNanos, NANOS)
  const seconds = (unixNanos - nanos) / NANOS + YEAR_ONE_SECONDS
  return {
    kind: 'struct',
    type: TIME,
    value: [intOf(nanos, UINT64), intOf(seconds, INT64), zeroOf(pointerTo(LOCATION))],
  }
}

function unixNanosOf(value: Value | undefined): bigint {
  const [nanos, seconds] = (value as StructValue).value as readonly IntegerValue[]
  return (seconds!.value - YEAR_ONE_SECONDS) * NANOS + nanos!.value
}

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['Year', part(({ year }) => intOf(year))],
  ['Month', part(({ month }) => intOf(month, MONTH))],
  ['Day', part(({ day }) => intOf(day))],
  ['Hour', part(({ hour }) => intOf(hour))],
  ['Minute', part(({ minute }) => intOf(minute))],
  ['Second', part(({ second }) => intOf(second))],
  ['Nanosecond', part(({ nanos }) => intOf(nanos))],
  ['Weekday', part(({ weekday }) => intOf(weekday, WEEKDAY))],
  ['YearDay', part(({ yearDay }) => intOf(yearDay))],
  ['IsDST', part(() => boolOf(false))],
  ['String', part((time) => textOf(timeText(time)))],
  ['GoString', part((time) => textOf(goText(time)))],
  ['UTC', asks((nanos) => timeOf(nanos))],
  ['Unix', asks((nanos) => intOf(floored(nanos, NANOS), INT64))],
  ['UnixMilli', asks((nanos) => intOf(floored(nanos, 1_000_000n), INT64))],
  ['UnixMicro', asks((nanos) => intOf(floored(nanos, 1_000n), INT64))],
  ['UnixNano', asks((nanos) => intOf(BigInt.asIntN(64, nanos), INT64))],
  ['IsZero', asks((nanos) => boolOf(nanos === -YEAR_ONE_SECONDS * NANOS))],
  ['Format', takes([STRING], (nanos, [layout]) => formatted(nanos, (layout as StringValue).value))],
  ['Add', takes([DURATION], (nanos, [duration]) => timeOf(nanos + nanosOf(duration)))],
  ['AddDate', takes([INT, INT, INT], addDate)],
  ['Round', takes([DURATION], (nanos, [unit]) => timeOf(toMultiple(nanos, nanosOf(unit), true)))],
  ['Truncate', takes([DURATION], (nanos, [unit]) => timeOf(toMultiple(nanos, nanosOf(unit), false)))],
  ['Sub', compares((difference) => durationOf(within(difference)))],
  ['After', compares((difference) => boolOf(difference > 0n))],
  ['Before', compares((difference) => boolOf(difference < 0n))],
  ['Equal', compares((difference) => boolOf(difference === 0n))],
  ['Compare', compares((difference) => intOf(difference > 0n ? 1 : difference < 0n ? -1 : 0))],
  ['Clock', severalResults('function Clock has 3 return values; should be 1 or 2')],
  ['Date', severalResults('function Date has 3 return values; should be 1 or 2')],
  ['ISOWeek', severalResults(secondIsNoError('ISOWeek', 'int'))],
  ['Zone', severalResults(secondIsNoError('Zone', 'int'))],
  ['ZoneBounds', severalResults(secondIsNoError('ZoneBounds', 'time.Time'))],
  ...[
    'AppendBinary',
    'AppendFormat',
    'AppendText',
    'GobDecode',
    'GobEncode',
    'In',
    'Local',
    'Location',
    'MarshalBinary',
    'MarshalJSON',
    'MarshalText',
    'UnmarshalBinary',
    'UnmarshalJSON',
    'UnmarshalText',
  ].map((name): [string, Method] => [name, { parameters: [], call: () => undefined, isUnsupported: true }]),
])

function part(answer: (time: CivilTime) => Value): Method {
  return { parameters: [], call: (receiver) => answer(civil(unixNanosOf(receiver))) }
}

function asks(answer: (unixNanos: bigint) => Value): Method {
  return { parameters: [], call: (receiver) => answer(unixNanosOf(receiver)) }
}

type Answer = (unixNanos: bigint, args: readonly (Value | undefined)[]) => Value

function takes(parameters: readonly Type[], answer: Answer): Method {
  return { parameters, call: (receiver, args) => answer(unixNanosOf(receiver), args) }
}

/** With another time, which can only be named once TIME is there. */
function compares(answer: (difference: bigint) => Value): Method {
  return {
    get parameters() {
      return [TIME]
    },
    call: (receiver, [other]) => answer(unixNanosOf(receiver) - unixNanosOf(other)),
  }
}

function severalResults(badResults: string): Method {
  return { parameters: [], call: () => undefined, badResults }
}

function secondIsNoError(name: string, type: string): string {
  return `invalid function signature for ${name}: second return value should be error; is ${type}`
}

function formatted(unixNanos: bigint, layout: string): Value {
  return textOf(formatTime(fromBytes(layout, 'kept'), civil(unixNanos)))
}

function addDate(unixNanos: bigint, args: readonly (Value | undefined)[]): Value {
  const [years, months, days] = args.map((arg) => Number((arg as IntegerValue).value))
  const { year, month, day } = civil(unixNanos)
  const moved = withDate(unixNanos, year + years!, month + months!, day + days!)
  return timeOf(moved ?? refuse('dates as far away are not supported'))
}

/** Multiples count from Go's zero time; halves go up. */
function toMultiple(unixNanos: bigint, unit: bigint, isNearest: boolean): bigint {
  if (unit <= 0n) return unixNanos
  const rest = floorRest(unixNanos + YEAR_ONE_SECONDS * NANOS, unit)
  return unixNanos - rest + (isNearest && rest * 2n >= unit ? unit : 0n)
}

function floored(value: bigint, unit: bigint): bigint {
  return (value - floorRest(value, unit)) / unit
}

function goText({ year, month, day, hour, minute, second, nanos }: CivilTime): string {
  return `time.Date(${year}, time.${MONTHS[month - 1]}, ${day}, ${hour}, ${minute}, ${second}, ${nanos}, time.UTC)`
}

function named(name: string, text: (value: bigint) => string): Type {
  const find: Method = { parameters: [], call: (receiver) => textOf(text((receiver as IntegerValue).value)) }
  return plain(name, 'int', {
    text: (receiver) => toBytes(text((receiver as IntegerValue).value)),
    find: (method) => (method === 'String' ? find : undefined),
  })
}
