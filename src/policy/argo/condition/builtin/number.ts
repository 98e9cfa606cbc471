// Builtins on numbers.

import { parseFloatText } from '../../../../metrics/float-literal.js'
import { COMPARE, isBuiltinInt } from '../value/arithmetic.js'
import { isNumber } from '../value/go-type.js'
import { bitwise, canonical, negate, parseInteger, truncate } from '../value/integer.js'
import { Panic } from '../value/panic.js'
import { type GoValue, Int, int, Slice, typeName, typeOf } from '../value/value.js'

export function absolute(value: GoValue): GoValue {
  if (typeof value === 'number') return value < 0 ? -value : value
  if (!isBuiltinInt(value)) throw new Panic(`invalid argument for abs (type ${typeName(value)})`)
  return value.value < 0 ? new Int(value.type, negate(value.value)) : value
}

export function rounded(name: string, round: (value: number) => number, value: GoValue): number {
  if (typeof value === 'number') return round(value)
  if (isBuiltinInt(value)) return Number(value.value)
  throw new Panic(`invalid argument for ${name} (type ${typeName(value)})`)
}

export function roundHalfAway(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}

export function toInt(value: GoValue): Int {
  if (typeof value === 'number') return int(truncate(value))
  if (value instanceof Int) return int(value.value)
  if (value === null) throw new Panic('reflect: call of reflect.Value.Type on zero Value')
  if (typeof value !== 'string') throw new Panic(`invalid operation: int(${typeName(value)})`)
  const parsed = parseInteger(value)
  if (parsed === undefined || parsed === 'range') throw new Panic(`invalid operation: int(${value})`)
  return int(parsed)
}

export function toFloat(value: GoValue): number {
  if (typeof value === 'number') return value
  if (isBuiltinInt(value)) return Number(value.value)
  const parsed = typeof value === 'string' ? parseFloatText(value) : 'invalid syntax'
  if (typeof parsed === 'number') return parsed
  throw new Panic(`invalid operation: float(${typeof value === 'string' ? value : typeName(value)})`)
}

/** max() replaces what is less than the next one, min() what is more: NaN stays where it comes first, never later. */
export function extreme(name: string, replaced: '<' | '>', args: readonly GoValue[]): GoValue {
  const compare = COMPARE[replaced]
  let best: GoValue = null
  const consider = (value: GoValue) => {
    if (best === null || compare(best, value)) best = value
  }
  for (const argument of args) {
    if (argument instanceof Slice) {
      for (const item of argument.items) {
        const inner = extreme(name, replaced, [item])
        if (!isNumber(typeOf(inner))) throw notFor(name, inner)
        consider(inner)
      }
    } else if (typeof argument === 'number' || argument instanceof Int) consider(argument)
    else if (args.length === 1) return argument
    else throw notFor(name, argument)
  }
  return best
}

export function mean(args: readonly GoValue[]): number {
  const { sum, count } = total(args)
  return count === 0 ? 0 : sum / count
}

/** A list's items are added one by one, but a list inside it for itself: the order that Go's rounding has. */
function total(values: readonly GoValue[]): { sum: number; count: number } {
  let sum = 0
  let count = 0
  for (const value of values) {
    const parts = value instanceof Slice ? value.items.map((item) => total([item])) : [single(value)]
    for (const part of parts) {
      sum += part.sum
      count += part.count
    }
  }
  return { sum, count }
}

function single(value: GoValue): { sum: number; count: number } {
  if (typeof value === 'number') return { sum: value, count: 1 }
  if (value instanceof Int) return { sum: Number(value.value), count: 1 }
  throw notFor('mean', value)
}

/** NaN sorts before everything. */
export function median(args: readonly GoValue[]): number {
  const values = args.flatMap(flatNumbers).sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b))
  const middle = values.length >> 1
  if (values.length === 0) return 0
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
}

function flatNumbers(value: GoValue): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Int) return [Number(value.value)]
  if (value instanceof Slice) return value.items.flatMap(flatNumbers)
  throw notFor('median', value)
}

export function bits(name: string, [a, b]: readonly GoValue[], combine: (x: bigint, y: bigint) => bigint): Int {
  const x = whole(name, a!)
  return int(bitwise(x, whole(name, b!), combine))
}

export function shift(name: string, [a, b]: readonly GoValue[], combine: (x: bigint, y: bigint) => bigint): Int {
  const x = BigInt(whole(name, a!))
  const y = whole(name, b!)
  if (y < 0) throw new Panic(`invalid operation: negative shift count ${y} (type int)`)
  // Beyond 64 nothing more can happen, and a huge shift would exhaust memory here.
  return int(canonical(combine(x, y > 64 ? 64n : BigInt(y))))
}

export function complement(value: GoValue): Int {
  return int(canonical(~BigInt(whole('bitnot', value))))
}

function whole(name: string, value: GoValue): number | bigint {
  if (isBuiltinInt(value)) return value.value
  throw new Panic(`cannot use ${typeName(value)} as argument (type int) to call ${name}`)
}

function notFor(name: string, value: GoValue): Panic {
  return new Panic(`invalid argument for ${name} (type ${typeName(value)})`)
}
