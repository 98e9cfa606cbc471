// Builtins on lists and maps. Go walks a map in random order; here keys(), values() and toPairs() keep the order in
// which the keys came.

import type { Frame } from '../program/frame.js'
import { fetch, get, hashKey, lengthOf } from '../value/access.js'
import { COMPARE } from '../value/arithmetic.js'
import { equal } from '../value/equal.js'
import { formatAny } from '../value/format.js'
import { ANY_MAP, isInteger, PAIR, PAIR_SLICE, UINT8 } from '../value/go-type.js'
import { badConversion, Panic } from '../value/panic.js'
import { runeCount } from '../value/text.js'
import {
  type AnyEntry,
  AnyMap,
  asString,
  type GoValue,
  Instant,
  Int,
  int,
  kindName,
  list,
  NIL_LIST,
  Slice,
  StringMap,
  typeName,
} from '../value/value.js'
import { insertionOrStableSort } from './order.js'

export function length(value: GoValue): Int {
  return int(typeof value === 'string' ? runeCount(value) : lengthOf(value))
}

/** first() and last() give nil for whatever has no such item. */
export function end(value: GoValue, at: number): GoValue {
  try {
    return fetch(value, int(at))
  } catch (error) {
    if (error instanceof Panic) return null
    throw error
  }
}

export function getFrom(from: GoValue, key: GoValue): GoValue {
  if (from instanceof Instant && typeof key !== 'string') throw badConversion(typeName(key), 'string')
  return get(from, key)
}

export function take(from: GoValue, count: GoValue): GoValue {
  if (!(from instanceof Slice)) throw new Panic(`cannot take from ${kindName(from)}`)
  if (!(count instanceof Int) || count.type === UINT8) throw new Panic(`cannot take ${kindName(count)} elements`)
  if (from.type.kind === 'array') throw new Panic('reflect.Value.Slice: slice of unaddressable array')
  if (count.value < 0) throw new Panic('reflect.Value.Slice: slice index out of bounds')
  return new Slice(from.type, from.items.slice(0, Number(count.value)), from.isNil)
}

export function keys(map: GoValue): Slice {
  return list(entriesOf(map, 'cannot get keys from').map(({ key }) => key))
}

export function values(map: GoValue): Slice {
  return list(entriesOf(map, 'cannot get values from').map(({ value }) => value))
}

export function toPairs(map: GoValue): Slice {
  const entries = entriesOf(map, 'cannot transform', ' to pairs')
  return new Slice(
    PAIR_SLICE,
    entries.map(({ key, value }) => new Slice(PAIR, [key, value])),
  )
}

export function fromPairs(pairs: GoValue): AnyMap {
  if (!(pairs instanceof Slice)) throw new Panic(`cannot transform ${asText(pairs)} from pairs`)
  const entries = new Map<unknown, AnyEntry>()
  for (const pair of pairs.items) {
    if (!(pair instanceof Slice)) throw new Panic(`invalid pair ${formatAny(pair)}`)
    const [key, value] = pair.items
    if (pair.items.length !== 2) throw new Panic(`invalid pair length ${formatAny(pair)}`)
    entries.set(hashKey(key!), { key: key!, value: value! })
  }
  return new AnyMap(ANY_MAP, entries)
}

export function reverse(items: GoValue, frame: Frame): Slice {
  const reversed = [...listed(items, 'reverse')].reverse()
  frame.grow(reversed.length)
  return list(reversed)
}

export function unique(items: GoValue): Slice {
  const kept: GoValue[] = []
  for (const item of listed(items, 'uniq')) if (!kept.some((other) => equal(item, other))) kept.push(item)
  return list(kept)
}

export function concat(args: readonly GoValue[], frame: Frame): Slice {
  const items = args.flatMap((argument) => listed(argument, 'concat'))
  frame.grow(items.length)
  return items.length === 0 ? NIL_LIST : list(items)
}

export function flatten(items: GoValue, frame: Frame): Slice {
  const flat = listed(items, 'flatten').flatMap(flattened)
  frame.grow(flat.length)
  return list(flat)
}

export function sort([items, order]: readonly GoValue[], frame: Frame): Slice {
  const descending = order !== undefined && isDescending(asString(order))
  if (!(items instanceof Slice) || items.type.kind === 'array' || items.type === PAIR_SLICE) return NIL_LIST
  const sorted = insertionOrStableSort(items.items, descending ? (a, b) => COMPARE['<'](b, a) : COMPARE['<'])
  frame.grow(sorted.length)
  return list(sorted)
}

function isDescending(order: string): boolean {
  if (order !== 'asc' && order !== 'desc') throw new Panic(`invalid order ${order}, expected asc or desc`)
  return order === 'desc'
}

function entriesOf(map: GoValue, before: string, after = ''): AnyEntry[] {
  if (map instanceof StringMap) return [...map.entries].map(([key, value]) => ({ key, value }))
  if (map instanceof AnyMap) return [...map.entries.values()]
  throw new Panic(`${before} ${kindName(map)}${after}`)
}

function listed(value: GoValue, action: string): readonly GoValue[] {
  if (value instanceof Slice) return value.items
  throw new Panic(`cannot ${action} ${kindName(value)}`)
}

function flattened(value: GoValue): GoValue[] {
  return value instanceof Slice ? value.items.flatMap(flattened) : [value]
}

/** Go's %s of a value that need not be a string. */
function asText(value: GoValue): string {
  if (typeof value === 'string') return value
  if (value === null) return '<invalid reflect.Value>'
  const isNumberLike =
    typeof value === 'number' || typeof value === 'boolean' || (value instanceof Int && isInteger(value.type))
  return isNumberLike ? `%!s(${typeName(value)}=${formatAny(value)})` : formatAny(value)
}
