// How templates compare: numbers with numbers of their kind, texts by their bytes, the rest for being the same.

import { sprintf } from '../format/printf.js'
import type { Value } from '../value/shape.js'
import { stringOf, unwrapped } from '../value/value.js'
import { refuse } from './function.js'

type Ordered = Extract<Value, { kind: 'bool' | 'int' | 'uint' | 'float' | 'string' }>

/** Whether the first equals any of the others. */
export function equal(first: Value | undefined, others: readonly (Value | undefined)[]): boolean {
  if (others.length === 0) return refuse('missing argument for comparison')
  const a = unwrapped(first)
  return others.some((other) => same(a, unwrapped(other)))
}

export function less(first: Value | undefined, second: Value | undefined): boolean {
  const a = unwrapped(first)
  const b = unwrapped(second)
  if (!isBasic(a) || !isBasic(b)) return refuse('invalid type for comparison')
  if (a.kind !== b.kind && !(isInteger(a) && isInteger(b))) return incompatible(a, b)
  return a.kind === 'bool' ? refuse('invalid type for comparison') : a.value < b.value
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (isBasic(a) && isBasic(b)) {
    if (a.kind === b.kind || (isInteger(a) && isInteger(b))) return a.value === b.value
    return incompatible(a, b)
  }
  if (a === undefined || b === undefined) return isNil(a) && isNil(b)
  if (isBasic(a) || isBasic(b)) return incompatible(a, b)
  return sameComposed(a, b)
}

function sameComposed(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) {
    const parts = [a, stringOf(a.type.name), stringOf(b.type.name), b]
    return refuse(sprintf('non-comparable types %s: %v, %s: %v', parts))
  }
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (!b.type.isComparable) return refuse(sprintf('non-comparable type %s: %v', [b, stringOf(b.type.name)]))
  return a.type === b.type && isIdentical(a, b)
}

function isIdentical(a: Value, b: Value): boolean {
  if (a.kind === 'struct' && b.kind === 'struct') {
    return a.value.every((member, index) => isIdentical(member, b.value[index]!))
  }
  return a.value === b.value
}

function isNil(value: Value | undefined): boolean {
  return value === undefined || (['map', 'pointer', 'slice'].includes(value.kind) && value.value === undefined)
}

function isBasic(value: Value | undefined): value is Ordered {
  return value !== undefined && ['bool', 'int', 'uint', 'float', 'string'].includes(value.kind)
}

function isInteger(value: Value): boolean {
  return value.kind === 'int' || value.kind === 'uint'
}

function incompatible(a: Value, b: Value): never {
  return refuse(`incompatible types for comparison: ${a.type.name} and ${b.type.name}`)
}
