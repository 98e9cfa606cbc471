// The values a condition computes with. Go's float64, string, bool and nil are plain JavaScript values, because those
// are what metrics hold; everything that Go keeps apart from them is a small class.

import {
  ANY_SLICE,
  BOOL,
  FLOAT64,
  FLOAT64_SLICE,
  type GoType,
  INT,
  INT_SLICE,
  LOCATION_POINTER,
  STRING,
  STRING_MAP,
  STRING_SLICE,
  TIME,
} from './go-type.js'
import type { Integer } from './integer.js'
import { badConversion } from './panic.js'

export type GoValue =
  | null
  | boolean
  | number
  | string
  | Int
  | Slice
  | StringMap
  | AnyMap
  | Struct
  | Func
  | Instant
  | Location

/** Every integer type, durations, months and weekdays too. */
export class Int {
  readonly type: GoType
  readonly value: Integer

  constructor(type: GoType, value: Integer) {
    this.type = type
    this.value = value
  }
}

/** Slices, and the fixed pairs of toPairs(). */
export class Slice {
  readonly type: GoType
  readonly items: readonly GoValue[]
  /** Go tells an empty slice from a nil one, and so do `== nil`, `??` and `?.`. */
  readonly isNil: boolean

  constructor(type: GoType, items: readonly GoValue[], isNil = false) {
    this.type = type
    this.items = items
    this.isNil = isNil
  }
}

/** map[string]interface {}: decoded JSON and map literals. */
export class StringMap {
  readonly type: GoType = STRING_MAP
  readonly entries: ReadonlyMap<string, GoValue>

  constructor(entries: ReadonlyMap<string, GoValue>) {
    this.entries = entries
  }
}

/** A map with keys of any type: groupBy() and fromPairs(). */
export class AnyMap {
  readonly type: GoType
  readonly entries: ReadonlyMap<unknown, AnyEntry>

  constructor(type: GoType, entries: ReadonlyMap<unknown, AnyEntry>) {
    this.type = type
    this.entries = entries
  }
}

export interface AnyEntry {
  readonly key: GoValue
  readonly value: GoValue
}

/** A struct that a client library gives, with those of its fields that are simulated. */
export class Struct {
  readonly type: GoType
  readonly fields: ReadonlyMap<string, GoValue>

  constructor(type: GoType, fields: ReadonlyMap<string, GoValue>) {
    this.type = type
    this.fields = fields
  }
}

export class Func {
  readonly type: GoType
  readonly call: (args: readonly GoValue[]) => GoValue

  constructor(type: GoType, call: (args: readonly GoValue[]) => GoValue) {
    this.type = type
    this.call = call
  }
}

/** A time zone that needs no database: a fixed offset under a name. */
export class Location {
  readonly type = LOCATION_POINTER
  readonly name: string
  readonly offsetSeconds: number

  constructor(name: string, offsetSeconds: number) {
    this.name = name
    this.offsetSeconds = offsetSeconds
  }

  get identity(): string {
    return `location ${this.name} ${this.offsetSeconds}`
  }
}

/** The controller's image has no local time zone, so Local is UTC too. */
export const UTC = new Location('UTC', 0)

/** time.Time without its monotonic reading. */
export class Instant {
  readonly type = TIME
  /** Since 1970 in UTC. */
  readonly seconds: number
  readonly nanos: number
  readonly location: Location

  constructor(seconds: number, nanos: number, location: Location = UTC) {
    this.seconds = seconds
    this.nanos = nanos
    this.location = location
  }

  get identity(): string {
    return `time ${this.seconds} ${this.nanos} ${this.location.identity}`
  }
}

const SMALL = Array.from({ length: 1025 }, (_, value) => new Int(INT, value))

/** Lengths and indices are small, and evaluating the usual condition must not allocate. */
export function int(value: Integer): Int {
  return (typeof value === 'number' && SMALL[value]) || new Int(INT, value)
}

export function list(items: readonly GoValue[]): Slice {
  return new Slice(ANY_SLICE, items)
}

export function floats(items: readonly number[]): Slice {
  return new Slice(FLOAT64_SLICE, items)
}

export function strings(items: readonly string[]): Slice {
  return new Slice(STRING_SLICE, items)
}

export function ints(items: readonly Int[]): Slice {
  return new Slice(INT_SLICE, items)
}

export const NIL_LIST = new Slice(ANY_SLICE, [], true)

/** The type of a value; undefined for nil, which has none. */
export function typeOf(value: GoValue): GoType | undefined {
  switch (typeof value) {
    case 'number':
      return FLOAT64
    case 'string':
      return STRING
    case 'boolean':
      return BOOL
    default:
      return value === null ? undefined : value.type
  }
}

/** As %T prints it. */
export function typeName(value: GoValue): string {
  return typeOf(value)?.name ?? '<nil>'
}

/** Go's reflect.Kind, as its messages print it. */
export function kindName(value: GoValue): string {
  return typeOf(value)?.kind ?? 'invalid'
}

export function isNil(value: GoValue): boolean {
  return value === null || (value instanceof Slice && value.isNil)
}

export function asBool(value: GoValue): boolean {
  if (typeof value === 'boolean') return value
  throw badConversion(typeName(value), 'bool')
}

export function asString(value: GoValue): string {
  if (typeof value === 'string') return value
  throw badConversion(typeName(value), 'string')
}

/**
 * The key of an AnyMap's entry: equal for what Go's == calls equal. NaN equals nothing, itself included, hence the
 * fresh object.
 */
export function mapKey(key: GoValue): unknown {
  if (typeof key === 'number') return Number.isNaN(key) ? {} : key
  if (typeof key === 'string') return `string ${key}`
  if (key === null || typeof key === 'boolean' || key instanceof Func) return key
  if (key instanceof Int) return `${key.type.name} ${key.value}`
  if (key instanceof Slice || key instanceof StringMap || key instanceof AnyMap || key instanceof Struct) {
    return undefined
  }
  return key.identity
}
