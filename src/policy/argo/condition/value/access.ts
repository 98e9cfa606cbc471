// Reading parts of a value: members, slices, lengths, `in`, with the messages of Go's reflection where it panics.

import { bind, methodOf } from '../time/method.js'
import { toInteger } from './arithmetic.js'
import { equal } from './equal.js'
import { formatAny } from './format.js'
import { ANY, ANY_SLICE, type GoType, STRING, UINT8 } from './go-type.js'
import { add, type Integer } from './integer.js'
import { badConversion, Panic } from './panic.js'
import { byteAt, byteLength, sliceBytes } from './text.js'
import {
  AnyMap,
  type GoValue,
  Int,
  int,
  kindName,
  mapKey,
  NIL_LIST,
  Slice,
  StringMap,
  Struct,
  typeName,
  typeOf,
} from './value.js'

/** `from[key]` and `from.key`. */
export function fetch(from: GoValue, key: GoValue): GoValue {
  if (from instanceof StringMap && typeof key === 'string') return from.entries.get(key) ?? null
  if (from instanceof Slice) return item(from, toInteger(key))
  if (typeof from === 'string') return byteItem(from, toInteger(key))
  if (from instanceof StringMap || from instanceof AnyMap) return entry(from, key) ?? zeroOf(from.type.element)
  if (from instanceof Struct && typeof key === 'string' && from.fields.has(key)) return from.fields.get(key)!
  const method = typeof key === 'string' ? methodOf(typeOf(from), key) : undefined
  const bound = method && bind(from, method)
  if (bound !== undefined) return bound
  if (kindName(from) === 'struct' && typeof key !== 'string') throw badConversion(typeName(key), 'string')
  throw new Panic(`cannot fetch ${formatAny(key)} from ${typeName(from)}`)
}

/** get(from, key): nil where fetch would panic over something that is not there. */
export function get(from: GoValue, key: GoValue): GoValue {
  if (from === null) return null
  if (from instanceof Slice) return atOrNull(from.items.length, toInteger(key), (at) => from.items[at]!)
  if (typeof from === 'string') {
    return atOrNull(byteLength(from), toInteger(key), (at) => new Int(UINT8, byteAt(from, at)))
  }
  if (from instanceof StringMap || from instanceof AnyMap) return entry(from, key) ?? null
  if (from instanceof Struct && typeof key === 'string') return from.fields.get(key) ?? null
  const method = typeof key === 'string' ? methodOf(typeOf(from), key) : undefined
  return (method && bind(from, method)) ?? null
}

export function slice(from: GoValue, start: GoValue, end: GoValue): GoValue {
  if (typeof from !== 'string' && !(from instanceof Slice)) throw new Panic(`cannot slice ${formatAny(start)}`)
  const length = lengthOf(from)
  const bound = (value: Integer) =>
    Math.min(length, Math.max(0, Number(value) < 0 ? length + Number(value) : Number(value)))
  const first = toInteger(start)
  const last = bound(toInteger(end))
  const begin = Math.min(last, Number(first) < 0 ? bound(first) : Number(first))
  if (typeof from === 'string') return sliceBytes(from, begin, last)
  return new Slice(from.type, from.items.slice(begin, last), from.isNil)
}

export function isIn(needle: GoValue, collection: GoValue): boolean {
  if (collection === null) return false
  if (collection instanceof Slice) return collection.items.some((held) => equal(held, needle))
  if (collection instanceof StringMap || collection instanceof AnyMap) return entry(collection, needle) !== undefined
  if (kindName(collection) === 'struct' && typeof needle !== 'string') {
    throw new Panic(`cannot use ${typeName(needle)} as field name of ${typeName(collection)}`)
  }
  if (kindName(collection) === 'struct' || kindName(collection) === 'ptr') return false
  throw new Panic(`operator "in" not defined on ${typeName(collection)}`)
}

/** The length that slicing uses; len() counts the characters of a string instead of its bytes. */
export function lengthOf(value: GoValue): number {
  if (value instanceof Slice) return value.items.length
  if (typeof value === 'string') return byteLength(value)
  if (value instanceof StringMap || value instanceof AnyMap) return value.entries.size
  throw new Panic(`invalid argument for len (type ${typeName(value)})`)
}

/** What all(), filter() and the others walk over: the length first, then item by item. */
export function loopLength(value: GoValue): number {
  if (value === null) throw new Panic('reflect: call of reflect.Value.Len on zero Value')
  if (value instanceof Slice) return value.items.length
  if (typeof value === 'string' || value instanceof StringMap || value instanceof AnyMap) return lengthOf(value)
  throw new Panic(`reflect: call of reflect.Value.Len on ${kindName(value)} Value`)
}

export function loopItem(value: GoValue, at: number): GoValue {
  if (value instanceof Slice) {
    const held = value.items[at]
    if (held === undefined) throw new Panic('reflect: slice index out of range')
    return held
  }
  if (typeof value !== 'string') throw new Panic(`reflect: call of reflect.Value.Index on ${kindName(value)} Value`)
  if (at >= byteLength(value)) throw new Panic('reflect: string index out of range')
  return new Int(UINT8, byteAt(value, at))
}

export function item(from: Slice, key: Integer): GoValue {
  return from.items[within(from.items.length, key, 'slice')]!
}

function byteItem(from: string, key: Integer): GoValue {
  return new Int(UINT8, byteAt(from, within(byteLength(from), key, 'string')))
}

/** Negative indices count from the end. */
function within(length: number, key: Integer, kind: string): number {
  const at = key < 0 ? add(length, key) : key
  if (at < 0 || at >= length) {
    throw new Panic(`index out of range: ${at} (array length is ${length})`, `reflect: ${kind} index out of range`)
  }
  return Number(at)
}

function atOrNull(length: number, key: Integer, read: (at: number) => GoValue): GoValue {
  const at = Number(key < 0 ? add(length, key) : key)
  return at >= 0 && at < length ? read(at) : null
}

/** The value under a key; undefined where there is none. */
function entry(map: StringMap | AnyMap, key: GoValue): GoValue | undefined {
  const wanted = map.type.key!
  if (wanted === ANY) return (map as AnyMap).entries.get(hashKey(key))?.value
  // reflect.Zero of the key's type stands in for nil.
  const asked = key === null ? (wanted === STRING ? '' : int(0)) : key
  if (typeOf(asked) !== wanted) {
    throw new Panic(`reflect.Value.MapIndex: value of type ${typeName(asked)} is not assignable to type ${wanted.name}`)
  }
  return map instanceof StringMap ? map.entries.get(asked as string) : map.entries.get(mapKey(asked))?.value
}

/** Slices and maps cannot be keys. */
export function hashKey(key: GoValue): unknown {
  const hash = mapKey(key)
  if (hash === undefined || kindName(key) === 'func') {
    throw new Panic(`runtime error: hash of unhashable type ${typeName(key)}`)
  }
  return hash
}

function zeroOf(type: GoType | undefined): GoValue {
  return type === ANY_SLICE ? NIL_LIST : null
}
