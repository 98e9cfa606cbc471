// The operators on two values whose types are known only now.

import { addDuration, between, compareInstants } from '../time/instant.js'
import { DURATION, INT, isInteger, UINT8 } from './go-type.js'
import type { Integer } from './integer.js'
import * as integer from './integer.js'
import { Panic } from './panic.js'
import { pow } from './power.js'
import { compareText, concatenate } from './text.js'
import { type GoValue, Instant, Int, int, typeName, typeOf } from './value.js'

export type Order = '<' | '<=' | '>' | '>='

export const COMPARE: Readonly<Record<Order, (a: GoValue, b: GoValue) => boolean>> = {
  '<': (a, b) => (typeof a === 'number' && typeof b === 'number' ? a < b : compare('<', a, b) < 0),
  '<=': (a, b) => (typeof a === 'number' && typeof b === 'number' ? a <= b : compare('<=', a, b) <= 0),
  '>': (a, b) => (typeof a === 'number' && typeof b === 'number' ? a > b : compare('>', a, b) > 0),
  '>=': (a, b) => (typeof a === 'number' && typeof b === 'number' ? a >= b : compare('>=', a, b) >= 0),
}

export function addValues(a: GoValue, b: GoValue): GoValue {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'string' && typeof b === 'string') return concatenate(a, b)
  const pair = numbers(a, b)
  if (pair !== undefined) return pair.floats ? pair.x + pair.y : int(integer.add(pair.a, pair.b))
  if (a instanceof Instant && isDuration(b)) return addDuration(a, b.value)
  if (isDuration(a) && b instanceof Instant) return addDuration(b, a.value)
  if (isDuration(a) && isDuration(b)) return new Int(DURATION, integer.add(a.value, b.value))
  throw undefinedFor('+', a, b)
}

export function subtractValues(a: GoValue, b: GoValue): GoValue {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const pair = numbers(a, b)
  if (pair !== undefined) return pair.floats ? pair.x - pair.y : int(integer.subtract(pair.a, pair.b))
  if (a instanceof Instant && b instanceof Instant) return between(a, b)
  if (a instanceof Instant && isDuration(b)) return addDuration(a, integer.negate(b.value))
  if (isDuration(a) && isDuration(b)) return new Int(DURATION, integer.subtract(a.value, b.value))
  throw undefinedFor('-', a, b)
}

export function multiplyValues(a: GoValue, b: GoValue): GoValue {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  const pair = numbers(a, b)
  if (pair !== undefined) return pair.floats ? pair.x * pair.y : int(integer.multiply(pair.a, pair.b))
  if (isDuration(a) || isDuration(b)) return multiplyDuration(a, b)
  throw undefinedFor('*', a, b)
}

export function divideValues(a: GoValue, b: GoValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b
  const pair = numbers(a, b)
  if (pair !== undefined) return pair.x / pair.y
  throw undefinedFor('/', a, b)
}

export function remainderOfValues(a: GoValue, b: GoValue): Int {
  const pair = numbers(a, b)
  if (pair === undefined || pair.floats) throw undefinedFor('%', a, b)
  if (pair.b === 0) throw new Panic('runtime error: integer divide by zero')
  return int(integer.remainder(pair.a, pair.b))
}

export function powerOfValues(a: GoValue, b: GoValue): number {
  return pow(toFloat(a), toFloat(b))
}

export function negateValue(value: GoValue): GoValue {
  if (typeof value === 'number') return -value
  if (!isBuiltinInt(value)) throw new Panic(`invalid operation: - ${typeName(value)}`)
  if (value.type === UINT8) return new Int(UINT8, -Number(value.value) & 0xff)
  return value.type === INT ? int(integer.negate(value.value)) : new Int(value.type, integer.negate(value.value))
}

/** The conversion of indices and counts: floats lose their fraction. */
export function toInteger(value: GoValue): Integer {
  if (typeof value === 'number') return integer.truncate(value)
  if (isBuiltinInt(value)) return value.value
  throw new Panic(`invalid operation: int(${typeName(value)})`)
}

export function toFloat(value: GoValue): number {
  if (typeof value === 'number') return value
  if (isBuiltinInt(value)) return Number(value.value)
  throw new Panic(`invalid operation: float(${typeName(value)})`)
}

export function isBuiltinInt(value: GoValue): value is Int {
  return value instanceof Int && isInteger(value.type)
}

/** NaN for a comparison with NaN, which every operator above finds false. */
function compare(operator: Order, a: GoValue, b: GoValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const pair = numbers(a, b)
  if (pair !== undefined) return pair.floats ? orderOf(pair.x, pair.y) : orderOf(pair.a, pair.b)
  if (a instanceof Instant && b instanceof Instant) return compareInstants(a, b)
  if (isDuration(a) && isDuration(b)) return orderOf(a.value, b.value)
  throw undefinedFor(operator, a, b)
}

function orderOf(a: Integer, b: Integer): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN
}

type Pair =
  | { readonly floats: true; readonly x: number; readonly y: number; readonly a: number; readonly b: number }
  | { readonly floats: false; readonly x: number; readonly y: number; readonly a: Integer; readonly b: Integer }

/** Two numbers meet as floats when either is one, as integers otherwise. */
function numbers(a: GoValue, b: GoValue): Pair | undefined {
  if (typeof a === 'number') {
    if (typeof b === 'number') return { floats: true, x: a, y: b, a, b }
    return isBuiltinInt(b) ? { floats: true, x: a, y: Number(b.value), a, b: Number(b.value) } : undefined
  }
  if (!isBuiltinInt(a)) return undefined
  const x = Number(a.value)
  if (typeof b === 'number') return { floats: true, x, y: b, a: x, b }
  return isBuiltinInt(b) ? { floats: false, x, y: Number(b.value), a: a.value, b: b.value } : undefined
}

/** A duration times a float is a float, whatever the type checker says. */
function multiplyDuration(a: GoValue, b: GoValue): GoValue {
  const x = magnitude(a)
  const y = magnitude(b)
  if (x === undefined || y === undefined) throw undefinedFor('*', a, b)
  if (typeof a === 'number' || typeof b === 'number') return Number(x) * Number(y)
  return new Int(DURATION, integer.multiply(x, y))
}

function magnitude(value: GoValue): Integer | undefined {
  if (typeof value === 'number') return value
  return isBuiltinInt(value) || isDuration(value) ? value.value : undefined
}

function isDuration(value: GoValue): value is Int {
  return typeOf(value) === DURATION
}

function undefinedFor(operator: string, a: GoValue, b: GoValue): Panic {
  return new Panic(`invalid operation: ${typeName(a)} ${operator} ${typeName(b)}`)
}
