// What Prometheus' template functions take for a number.

import { parseFloatText } from '../../float-literal.js'
import { fromBytes } from '../../go/bytes.js'
import { quote } from '../../go/quote.js'
import { refuse } from '../functions/function.js'
import { DURATION, secondsOf } from '../time/duration.js'
import type { Value } from '../value/shape.js'
import { FLOAT64, INT, INT64, STRING, UINT64 } from '../value/type.js'

const INTEGERS: readonly unknown[] = [INT, INT64, UINT64]

export function toFloat(value: Value | undefined): number {
  if (value === undefined) return refuse("can't convert <nil> to float")
  if (value.kind === 'float' && value.type === FLOAT64) return value.value
  if (value.kind === 'string' && value.type === STRING) return parsed(value.value)
  if (value.kind === 'int' || value.kind === 'uint') {
    if (value.type === DURATION) return secondsOf(value.value)
    if (INTEGERS.includes(value.type)) return Number(value.value)
  }
  return refuse(`can't convert ${value.type.name} to float`)
}

/** A float cut to a whole number as amd64 does it: what doesn't fit 64 bits is the least of them. */
export function toInt64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n)
}

function parsed(bytes: string): number {
  const read = parseFloatText(fromBytes(bytes))
  return typeof read === 'number' ? read : refuse(`strconv.ParseFloat: parsing ${quote(bytes)}: ${read}`)
}
