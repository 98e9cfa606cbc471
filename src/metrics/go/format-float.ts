// Floats as Go's strconv.FormatFloat writes them, for every format and precision.
import { type Decimal, exact, parts, rounded, shortest } from './decimal.js'

export type FloatFormat = 'b' | 'e' | 'E' | 'f' | 'g' | 'G' | 'x' | 'X'

/** A precision of -1 is as many digits as it takes to read the same number back. */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  return sign + formatSize(size, format, precision)
}

function formatSize(size: number, format: FloatFormat, precision: number): string {
  switch (format) {
    case 'b': {
      const { mantissa, exponent } = parts(size)
      return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`
    }
    case 'x':
      return hexadecimal(size, precision)
    case 'X':
      return hexadecimal(size, precision).toUpperCase()
    case 'e':
    case 'E':
      return exponential(
        digitsOf(size, precision, () => precision + 1),
        precision,
        format,
      )
    case 'f': {
      const decimal = digitsOf(size, precision, ({ point }) => point + precision)
      return fixed(decimal, precision < 0 ? Math.max(decimal.digits.length - decimal.point, 0) : precision)
    }
    default:
      return general(size, precision === 0 ? 1 : precision, format === 'g' ? 'e' : 'E')
  }
}

function digitsOf(size: number, precision: number, count: (decimal: Decimal) => number): Decimal {
  if (precision < 0) return shortest(size)
  const decimal = exact(size)
  return rounded(decimal, count(decimal))
}

/** With an exponent below 1e-4, and where the precision doesn't reach the point: %v does so from 1e+06 upwards. */
function general(size: number, precision: number, letter: 'e' | 'E'): string {
  const decimal = digitsOf(size, precision, () => precision)
  const { digits, point } = decimal
  const reach = precision < 0 ? 6 : precision > digits.length && digits.length >= point ? digits.length : precision
  const exponent = point - 1
  if (exponent < -4 || exponent >= reach) return exponential(decimal, Math.max(digits.length - 1, 0), letter)
  return fixed(decimal, Math.max(digits.length - point, 0))
}

function exponential({ digits, point }: Decimal, precision: number, letter: 'e' | 'E'): string {
  const places = precision < 0 ? Math.max(digits.length - 1, 0) : precision
  const exponent = digits === '' ? 0 : point - 1
  const padded = digits.padEnd(places + 1, '0')
  const mantissa = places > 0 ? `${padded[0]}.${padded.slice(1, places + 1)}` : padded[0]
  return `${mantissa}${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (places <= 0) return whole
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`
}

/** 0x1.8p+01: one hexadecimal digit, which is 1 but for zero, and as many after it as asked for. */
function hexadecimal(size: number, precision: number): string {
  let { mantissa, exponent } = parts(size)
  if (mantissa !== 0n) {
    while (mantissa < 1n << 52n) {
      mantissa <<= 1n
      exponent--
    }
  }
  let power = mantissa === 0n ? 0 : exponent + 52
  if (precision >= 0 && precision < 13) {
    mantissa = roundedBits(mantissa, BigInt(52 - precision * 4))
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n
      power++
    }
  }
  const digits = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, '0')
  const fraction = precision < 0 ? digits.replace(/0+$/, '') : digits.padEnd(precision, '0').slice(0, precision)
  const sign = power < 0 ? '-' : '+'
  const first = mantissa >> 52n
  return `0x${first}${fraction === '' ? '' : `.${fraction}`}p${sign}${String(Math.abs(power)).padStart(2, '0')}`
}

/** Without the lowest bits, halves to even. */
function roundedBits(value: bigint, bits: bigint): bigint {
  const half = 1n << (bits - 1n)
  const rest = value & ((1n << bits) - 1n)
  const kept = value >> bits
  const isUp = rest > half || (rest === half && (kept & 1n) === 1n)
  return (isUp ? kept + 1n : kept) << bits
}
