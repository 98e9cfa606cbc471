// What == means for two values of any type.

import { compareInstants } from '../time/instant.js'
import { isBuiltinInt } from './arithmetic.js'
import { ANY_SLICE, FLOAT64_SLICE, INT_SLICE, STRING_SLICE } from './go-type.js'
import { AnyMap, type GoValue, Instant, Int, isNil, Location, Slice, StringMap, Struct, typeOf } from './value.js'

export function equal(a: GoValue, b: GoValue): boolean {
  if (typeof a === 'number') return typeof b === 'number' ? a === b : isBuiltinInt(b) && a === Number(b.value)
  if (isBuiltinInt(a)) {
    if (isBuiltinInt(b)) return a.value === b.value
    return typeof b === 'number' && Number(a.value) === b
  }
  if (a instanceof Slice && b instanceof Slice && comparesByItem(a, b)) return sameItems(a, b)
  if (a instanceof Instant && b instanceof Instant) return compareInstants(a, b) === 0
  if (isNil(a) && isNil(b)) return true
  return deepEqual(a, b)
}

/** Slices of any element compare item by item with the basic ones, where 1 and 1.0 are the same. */
function comparesByItem(a: Slice, b: Slice): boolean {
  if (!isBasic(a) || !isBasic(b)) return false
  return a.type === b.type || a.type === ANY_SLICE || b.type === ANY_SLICE
}

function isBasic({ type }: Slice): boolean {
  return type === ANY_SLICE || type === FLOAT64_SLICE || type === INT_SLICE || type === STRING_SLICE
}

function sameItems(a: Slice, b: Slice): boolean {
  return a.items.length === b.items.length && a.items.every((item, at) => equal(item, b.items[at]!))
}

/** reflect.DeepEqual: types must be the same all the way down, so {"a": 1} is not what JSON decodes to. */
function deepEqual(a: GoValue, b: GoValue): boolean {
  if (a === b) return true
  if (typeOf(a) !== typeOf(b)) return false
  if (a instanceof Int) return a.value === (b as Int).value
  if (a instanceof Slice) {
    const other = b as Slice
    if (a.isNil !== other.isNil || a.items.length !== other.items.length) return false
    return a.items.every((item, at) => deepEqual(item, other.items[at]!))
  }
  if (a instanceof StringMap) return sameStringMaps(a, b as StringMap)
  if (a instanceof Struct)
    return [...a.fields].every(([name, held]) => deepEqual(held, (b as Struct).fields.get(name)!))
  if (a instanceof AnyMap) return sameAnyMaps(a, b as AnyMap)
  if (a instanceof Instant || a instanceof Location) return a.identity === (b as Instant | Location).identity
  return false
}

function sameStringMaps(a: StringMap, b: StringMap): boolean {
  if (a.entries.size !== b.entries.size) return false
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key)
    if (other === undefined || !deepEqual(value, other)) return false
  }
  return true
}

function sameAnyMaps(a: AnyMap, b: AnyMap): boolean {
  if (a.entries.size !== b.entries.size) return false
  for (const [key, entry] of a.entries) {
    const other = b.entries.get(key)
    if (other === undefined || !deepEqual(entry.value, other.value)) return false
  }
  return true
}
