// Makes values of Go, and tells what they are: true, nil, what an interface or a pointer leads to.

import { toBytes } from '../../go/bytes.js'
import type {
  BoolValue,
  FloatValue,
  IntegerValue,
  InterfaceValue,
  MapValue,
  PointerValue,
  SliceValue,
  StringValue,
  Type,
  Value,
} from './shape.js'
import { ANY, BOOL, FLOAT64, INT, pointerTo, STRING, STRING_MAP } from './type.js'

export function boolOf(value: boolean): BoolValue {
  return { kind: 'bool', type: BOOL, value }
}

export function intOf(value: bigint | number, type = INT): IntegerValue {
  return { kind: type.kind === 'uint' ? 'uint' : 'int', type, value: BigInt(value) }
}

export function floatOf(value: number): FloatValue {
  return { kind: 'float', type: FLOAT64, value }
}

/** Of bytes. */
export function stringOf(value: string, type = STRING): StringValue {
  return { kind: 'string', type, value }
}

export function textOf(text: string): StringValue {
  return stringOf(toBytes(text))
}

/** In the order in which Go walks through maps: sorted. */
export function mapValue(type: Type, entries: Iterable<readonly [string, Value]>): MapValue {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { kind: 'map', type, value: new Map(sorted) }
}

export function labelsOf(labels: Readonly<Record<string, string>>): MapValue {
  return mapValue(
    STRING_MAP,
    Object.entries(labels).map(([name, value]) => [toBytes(name), textOf(value)]),
  )
}

export function sliceValue(type: Type, array: Value[]): SliceValue {
  return { kind: 'slice', type, value: { array, from: 0, length: array.length, capacity: array.length } }
}

export function pointerOf(value: Value): PointerValue {
  return { kind: 'pointer', type: pointerTo(value.type), value }
}

export function anyOf(value: Value | undefined): InterfaceValue {
  return { kind: 'interface', type: ANY, value }
}

export function elementsOf({ value }: SliceValue): readonly Value[] {
  return value === undefined ? [] : value.array.slice(value.from, value.from + value.length)
}

/** What a map gives for a key that it doesn't hold, and what nil is of a type. */
export function zeroOf(type: Type): Value {
  switch (type.kind) {
    case 'bool':
      return { kind: 'bool', type, value: false }
    case 'int':
    case 'uint':
      return { kind: type.kind, type, value: 0n }
    case 'float':
      return { kind: 'float', type, value: 0 }
    case 'string':
      return { kind: 'string', type, value: '' }
    case 'struct':
      throw new Error(`no zero of ${type.name} is ever asked for`)
    default:
      return { kind: type.kind, type, value: undefined }
  }
}

/** What an interface holds; anything else is itself. */
export function unwrapped(value: Value | undefined): Value | undefined {
  return value?.kind === 'interface' ? value.value : value
}

/** Through pointers and interfaces to what they lead to, or to the nil that ends the way. */
export function indirect(value: Value): Value {
  let at = value
  while ((at.kind === 'pointer' || at.kind === 'interface') && at.value !== undefined) at = at.value
  return at
}

export function isNilPointer(value: Value): boolean {
  return (value.kind === 'pointer' || value.kind === 'interface') && value.value === undefined
}

/** Go's truth: false, 0, nil and what is empty are not. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined) return false
  switch (value.kind) {
    case 'bool':
      return value.value
    case 'int':
    case 'uint':
      return value.value !== 0n
    case 'float':
      return value.value !== 0
    case 'string':
      return value.value.length > 0
    case 'map':
      return value.value !== undefined && value.value.size > 0
    case 'slice':
      return value.value !== undefined && value.value.length > 0
    case 'struct':
      return true
    default:
      return value.value !== undefined
  }
}
