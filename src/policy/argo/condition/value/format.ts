// Go's %v: what string(x) gives, and what messages print of a value.

import { formatGoFloat } from '../../../../metrics/float.js'
import { formatDuration } from '../time/duration.js'
import { formatInstant } from '../time/instant.js'
import { monthName, weekdayName } from '../time/method.js'
import { DURATION, MONTH, WEEKDAY } from './go-type.js'
import { compareText } from './text.js'
import { AnyMap, type GoValue, Instant, Int, Location, Slice, StringMap, Struct } from './value.js'

export function formatAny(value: GoValue): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return formatGoFloat(value)
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Int) return formatInt(value)
  if (value instanceof Slice) return `[${value.items.map(formatAny).join(' ')}]`
  if (value instanceof StringMap) return `map[${sortedEntries(value).map(pair).join(' ')}]`
  if (value instanceof AnyMap) return `map[${[...value.entries.values()].map(anyPair).sort(compareText).join(' ')}]`
  if (value instanceof Struct) return `{${[...value.fields.values()].map(formatAny).join(' ')}}`
  if (value instanceof Instant) return formatInstant(value)
  if (value instanceof Location) return value.name
  return FUNCTION_ADDRESS
}

export function sortedEntries(map: StringMap): [string, GoValue][] {
  return [...map.entries].sort(([a], [b]) => compareText(a, b))
}

/** Go prints where the code is, which differs from build to build. */
const FUNCTION_ADDRESS = '0x0'

function formatInt(value: Int): string {
  if (value.type === DURATION) return formatDuration(value.value)
  if (value.type === MONTH) return monthName(value.value)
  if (value.type === WEEKDAY) return weekdayName(value.value)
  return String(value.value)
}

function pair([key, value]: readonly [string, GoValue]): string {
  return `${key}:${formatAny(value)}`
}

function anyPair({ key, value }: { key: GoValue; value: GoValue }): string {
  return `${formatAny(key)}:${formatAny(value)}`
}
