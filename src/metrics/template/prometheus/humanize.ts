// Numbers as people read them: the family of humanize, as Prometheus 3.15 writes them.

import { civil } from '../../go/calendar.js'
import { formatFloat } from '../../go/format-float.js'
import { timeText } from '../../go/time-layout.js'
import { refuse } from '../functions/function.js'
import { toInt64 } from './convert.js'

const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const LARGE_BINARY = ['', 'ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']
const SMALL = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y']

export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value)
  return Math.abs(value) >= 1 ? scaledDown(value, 1000, LARGE) : scaledUp(value)
}

export function humanize1024(value: number): string {
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? fourDigits(value) : scaledDown(value, 1024, LARGE_BINARY)
}

export function humanizePercentage(value: number): string {
  return `${fourDigits(value * 100)}%`
}

/** From a minute on in whole seconds, below with four digits. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return fourDigits(value)
  if (value === 0) return `${fourDigits(value)}s`
  if (Math.abs(value) < 1) return `${scaledUp(value)}s`
  const sign = value < 0 ? '-' : ''
  const total = toInt64(Math.abs(value))
  const seconds = total % 60n
  const minutes = (total / 60n) % 60n
  const hours = (total / 3600n) % 24n
  const days = total / 86_400n
  if (days !== 0n) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`
  if (hours !== 0n) return `${sign}${hours}h ${minutes}m ${seconds}s`
  if (minutes !== 0n) return `${sign}${minutes}m ${seconds}s`
  return `${sign}${fourDigits(Math.abs(value))}s`
}

export function humanizeTimestamp(value: number): string {
  return Number.isFinite(value) ? timeText(civil(unixNanos(value))) : fourDigits(value)
}

/** Prometheus' times are whole milliseconds, cut towards 1970. */
export function unixNanos(seconds: number): bigint {
  const nanos = seconds * 1e9
  if (nanos > 2 ** 63 || nanos < -(2 ** 63)) {
    const given = formatFloat(seconds, 'g', -1)
    refuse(`${given} cannot be represented as a nanoseconds timestamp since it overflows int64`)
  }
  return (toInt64(nanos) / 1_000_000n) * 1_000_000n
}

function scaledDown(value: number, base: number, prefixes: readonly string[]): string {
  let rest = value
  let step = 0
  while (step < prefixes.length - 1 && Math.abs(rest) >= base) {
    rest /= base
    step++
  }
  return fourDigits(rest) + prefixes[step]
}

function scaledUp(value: number): string {
  let rest = value
  let step = 0
  while (step < SMALL.length - 1 && Math.abs(rest) < 1) {
    rest *= 1000
    step++
  }
  return fourDigits(rest) + SMALL[step]
}

function fourDigits(value: number): string {
  return formatFloat(value, 'g', 4)
}
