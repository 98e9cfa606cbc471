// Go's time.Duration: how it prints and what it can be asked.

import { toBytes } from '../../go/bytes.js'
import type { IntegerValue, Method, Type, Value } from '../value/shape.js'
import { INT64, plain } from '../value/type.js'
import { floatOf, intOf, textOf } from '../value/value.js'

export const DURATION: Type = plain('time.Duration', 'int', {
  text: (receiver) => toBytes(durationText(nanosOf(receiver))),
  find: (name) => METHODS[name],
})

export function durationOf(nanos: bigint): IntegerValue {
  return intOf(nanos, DURATION)
}

export function nanosOf(value: Value | undefined): bigint {
  return (value as IntegerValue).value
}

const METHODS: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  Abs: asks((nanos) => durationOf(within(nanos < 0n ? -nanos : nanos))),
  Hours: asks((nanos) => floatOf(inUnits(nanos, 3_600_000_000_000n))),
  Microseconds: asks((nanos) => intOf(nanos / 1_000n, INT64)),
  Milliseconds: asks((nanos) => intOf(nanos / 1_000_000n, INT64)),
  Minutes: asks((nanos) => floatOf(inUnits(nanos, 60_000_000_000n))),
  Nanoseconds: asks((nanos) => intOf(nanos, INT64)),
  Round: takesUnit(rounded),
  Seconds: asks((nanos) => floatOf(secondsOf(nanos))),
  String: asks((nanos) => textOf(durationText(nanos))),
  Truncate: takesUnit((nanos, unit) => (unit <= 0n ? nanos : nanos - (nanos % unit))),
})

export function secondsOf(nanos: bigint): number {
  return inUnits(nanos, 1_000_000_000n)
}

/** Whole units and the rest are added as floats, so that Go's rounding comes out. */
function inUnits(nanos: bigint, unit: bigint): number {
  return Number(nanos / unit) + Number(nanos % unit) / Number(unit)
}

function asks(answer: (nanos: bigint) => Value): Method {
  return { parameters: [], call: (receiver) => answer(nanosOf(receiver)) }
}

function takesUnit(change: (nanos: bigint, unit: bigint) => bigint): Method {
  return {
    get parameters() {
      return [DURATION]
    },
    call: (receiver, [unit]) => durationOf(change(nanosOf(receiver), nanosOf(unit))),
  }
}

/** Halves go away from zero. */
function rounded(nanos: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanos
  const rest = nanos % unit
  const size = rest < 0n ? -rest : rest
  const down = nanos - rest
  return size * 2n < unit ? down : within(nanos < 0n ? down - unit : down + unit)
}

/** What doesn't fit into 64 bits becomes the longest. */
export function within(nanos: bigint): bigint {
  const limit = 2n ** 63n
  return nanos >= limit ? limit - 1n : nanos < -limit ? -limit : nanos
}

/** "1h0m0s", "1.5s", "20ms". */
function durationText(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  if (size === 0n) return '0s'
  if (size < 1_000n) return `${sign}${size}ns`
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`
  const minutes = size / 60_000_000_000n
  const hours = minutes / 60n
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`
  return `${sign}${hours > 0n ? `${hours}h` : ''}${minutes > 0n ? `${minutes % 60n}m` : ''}${seconds}`
}

function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}
