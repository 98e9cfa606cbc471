// Integers and floats under flags, width and precision, as Go's fmt writes them. What is left to pad is the caller's.
import { encodeRune } from '../../go/bytes.js'
import { type FloatFormat, formatFloat } from '../../go/format-float.js'
import { isPrintable } from '../../go/quote.js'
import type { Layout } from './layout.js'

const RADIX = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 } as const
export type IntegerVerb = keyof typeof RADIX

/** Zeros come by precision, or by width under the flag 0: the rest of the width is filled with spaces. */
export function layIntegerOut(value: bigint, verb: IntegerVerb, layout: Layout): string {
  const isNegative = value < 0n
  const sign = isNegative ? '-' : layout.plus ? '+' : layout.space ? ' ' : ''
  if (layout.precision === 0 && value === 0n) return ''
  const isFilled = layout.precision === undefined && layout.zero && !layout.minus && layout.width !== undefined
  const least = layout.precision ?? (isFilled ? layout.width! - sign.length : 0)
  const digits = (isNegative ? -value : value).toString(RADIX[verb]).padStart(least, '0')
  const prefixed = prefix(verb, digits, layout.sharp) + digits
  return sign + (verb === 'X' ? prefixed.toUpperCase() : prefixed)
}

function prefix(verb: IntegerVerb, digits: string, isSharp: boolean): string {
  if (verb === 'O') return isSharp && !digits.startsWith('0') ? '0o0' : '0o'
  if (!isSharp) return ''
  if (verb === 'b') return '0b'
  if (verb === 'o') return digits.startsWith('0') ? '' : '0'
  return verb === 'x' || verb === 'X' ? '0x' : ''
}

/** U+0078, and with the flag # the character. */
export function layUnicodeOut(value: bigint, { precision = 0, sharp }: Layout): string {
  const number = `U+${value.toString(16).toUpperCase().padStart(Math.max(precision, 4), '0')}`
  const rune = Number(value)
  return sharp && rune <= 0x10ffff && isPrintable(rune) ? `${number} '${encodeRune(rune)}'` : number
}

/** The number with the sign that is wanted; `isNumber` is false for infinities, which zeros don't fill. */
export function layFloatOut(
  value: number,
  format: FloatFormat,
  precision: number,
  layout: Layout,
): { readonly text: string; readonly isNumber: boolean } {
  const written = formatFloat(value, format, layout.precision ?? precision)
  const isSigned = /^[+-]/.test(written)
  const size = isSigned ? written.slice(1) : written
  const isPositive = written[0] !== '-'
  const sign = !isPositive ? '-' : layout.plus ? '+' : layout.space ? ' ' : ''
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) || sign !== '' ? sign + size : `+${size}`
    return { text, isNumber: false }
  }
  const pointed = layout.sharp && format !== 'b' ? withPoint(size, format, layout.precision ?? precision) : size
  return { text: sign + pointed, isNumber: true }
}

/** The flag # keeps the point and the zeros after it. */
function withPoint(size: string, format: FloatFormat, precision: number): string {
  const isHex = format === 'x' || format === 'X'
  const [, mantissa = '', tail = ''] = (isHex ? /^([^pP]*)(.*)$/ : /^([^eEpP]*)(.*)$/).exec(size)!
  const counts = format === 'g' || format === 'G' || format === 'x'
  let digits = counts ? (precision < 0 ? 6 : precision) : 0
  digits -= mantissa.replace(/^[0.]*/, '').replace(/\./g, '').length
  let out = mantissa
  if (!mantissa.includes('.')) {
    // A zero alone counts as a digit.
    if (mantissa === '0') digits--
    out += '.'
  }
  return out + '0'.repeat(Math.max(digits, 0)) + tail
}
