// Go's time.Duration: text to nanoseconds and back.

import { DURATION } from '../value/go-type.js'
import { canonical, type Integer } from '../value/integer.js'
import { Panic } from '../value/panic.js'
import { quoteBytes } from '../value/quote.js'
import { Int } from '../value/value.js'

const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

export function parseDuration(text: string): Int {
  const invalid = () => new Panic(`time: invalid duration ${quoteBytes(text)}`)
  const sign = /^[+-]/.test(text) ? text.charAt(0) : ''
  let rest = text.slice(sign.length)
  if (rest === '0') return new Int(DURATION, 0)
  if (rest === '') throw invalid()
  let total = 0n
  while (rest !== '') {
    const number = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest)!
    const [matched, whole = '', decimals = ''] = number
    if ((whole === '' && decimals === '') || BigInt(whole) > 2n ** 63n) throw invalid()
    rest = rest.slice(matched.length)
    const unit = /^[^.0-9]*/.exec(rest)![0]
    if (unit === '') throw new Panic(`time: missing unit in duration ${quoteBytes(text)}`)
    const unitNanos = Object.hasOwn(UNIT_NANOS, unit) ? UNIT_NANOS[unit] : undefined
    if (unitNanos === undefined)
      throw new Panic(`time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(text)}`)
    rest = rest.slice(unit.length)
    total += BigInt(whole) * unitNanos + fraction(decimals, unitNanos)
    if (total > 2n ** 63n) throw invalid()
  }
  if (total === 2n ** 63n && sign !== '-') throw invalid()
  return new Int(DURATION, canonical(sign === '-' ? -total : total))
}

/** Duration.String(): "1h0m0s", "1.5s", "20ms". */
export function formatDuration(nanos: Integer): string {
  const total = BigInt(nanos)
  const sign = total < 0n ? '-' : ''
  const size = total < 0n ? -total : total
  if (size === 0n) return '0s'
  if (size < 1_000n) return `${sign}${size}ns`
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`
  const minutes = size / 60_000_000_000n
  const seconds = decimal(size % 60_000_000_000n, 1_000_000_000n)
  if (minutes === 0n) return `${sign}${seconds}s`
  const hours = minutes / 60n
  return `${sign}${hours === 0n ? '' : `${hours}h`}${minutes % 60n}m${seconds}s`
}

/** Nine digits are as many as a nanosecond has; Go drops the rest of a longer fraction only once it overflows. */
function fraction(decimals: string, unitNanos: bigint): bigint {
  if (decimals === '') return 0n
  const digits = decimals.slice(0, 18)
  return (BigInt(digits) * unitNanos) / 10n ** BigInt(digits.length)
}

function decimal(value: bigint, unit: bigint): string {
  const width = String(unit).length - 1
  const rest = String(value % unit)
    .padStart(width, '0')
    .replace(/0+$/, '')
  return rest === '' ? String(value / unit) : `${value / unit}.${rest}`
}
