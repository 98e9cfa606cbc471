// What templates take out of texts, lists and maps: len, index and slice.
import type { Elements, SliceValue, Value } from '../value/shape.js'
import { STRING, UINT8 } from '../value/type.js'
import { indirect, intOf, isNilPointer, unwrapped, zeroOf } from '../value/value.js'
import { refuse } from './function.js'

export function lengthOf(given: Value | undefined): Value {
  if (given === undefined) return refuse('reflect: call of reflect.Value.Type on zero Value')
  const item = indirect(given)
  if (isNilPointer(item)) return refuse('len of nil pointer')
  if (item.kind === 'string') return intOf(item.value.length)
  if (item.kind === 'slice') return intOf(item.value?.length ?? 0)
  if (item.kind === 'map') return intOf(item.value?.size ?? 0)
  return refuse(`len of type ${item.type.name}`)
}

/** item[key][key]… */
export function indexed(given: Value | undefined, keys: readonly (Value | undefined)[]): Value | undefined {
  const first = unwrapped(given)
  if (first === undefined) return refuse('index of untyped nil')
  return keys.reduce<Value>((item, key) => elementAt(item, unwrapped(key)), first)
}

function elementAt(given: Value, key: Value | undefined): Value {
  const item = indirect(given)
  if (isNilPointer(item)) return refuse('index of nil pointer')
  if (item.kind === 'map') return item.value?.get(keyOf(key)) ?? zeroOf(item.type.element!)
  if (item.kind === 'string') {
    const at = position(key, item.value.length)
    if (at === item.value.length) refuse('reflect: string index out of range')
    return intOf(item.value.charCodeAt(at), UINT8)
  }
  if (item.kind !== 'slice') return refuse(`can't index item of type ${item.type.name}`)
  const { array, from, length } = item.value ?? NONE
  const at = position(key, length)
  return at === length ? refuse('reflect: slice index out of range') : array[from + at]!
}

/** item[from:to:capacity]. */
export function sliced(given: Value | undefined, bounds: readonly (Value | undefined)[]): Value {
  const first = unwrapped(given)
  if (first === undefined) return refuse('slice of untyped nil')
  const item = indirect(first)
  if (isNilPointer(item)) return refuse('slice of nil pointer')
  if (bounds.length > 3) return refuse(`too many slice indexes: ${bounds.length}`)
  if (item.kind === 'string') {
    if (bounds.length === 3) refuse('cannot 3-index slice a string')
    const [from, to] = window(bounds, item.value.length, item.value.length)
    return { ...item, value: item.value.slice(from, to) }
  }
  return item.kind === 'slice' ? windowOf(item, bounds) : refuse(`can't slice item of type ${item.type.name}`)
}

function windowOf(item: SliceValue, bounds: readonly (Value | undefined)[]): Value {
  const { array, from, length, capacity } = item.value ?? NONE
  const [start, end, limit] = window(bounds, length, capacity)
  if (item.value === undefined) return item
  return { ...item, value: { array, from: from + start, length: end - start, capacity: limit - start } }
}

function window(
  bounds: readonly (Value | undefined)[],
  length: number,
  capacity: number,
): readonly [number, number, number] {
  const [start = 0, end = length, limit] = bounds.map((bound) => position(bound, capacity))
  if (start > end) refuse(`invalid slice index: ${start} > ${end}`)
  if (limit !== undefined && end > limit) refuse(`invalid slice index: ${end} > ${limit}`)
  return [start, end, limit ?? capacity]
}

/** Go lets the length itself pass here. */
function position(key: Value | undefined, length: number): number {
  if (key === undefined) return refuse('cannot index slice/array with nil')
  if (key.kind !== 'int' && key.kind !== 'uint') return refuse(`cannot index slice/array with type ${key.type.name}`)
  return key.value < 0n || key.value > BigInt(length) ? refuse(`index out of range: ${key.value}`) : Number(key.value)
}

function keyOf(key: Value | undefined): string {
  if (key === undefined) return refuse('value is nil; should be of type string')
  return key.type === STRING && key.kind === 'string'
    ? key.value
    : refuse(`value has type ${key.type.name}; should be string`)
}

const NONE: Elements = { array: [], from: 0, length: 0, capacity: 0 }
