// Number literals: what has a point or an exponent is a float, all else an integer, in base 2, 8, 10 or 16.

import { canonical, type Integer } from '../value/integer.js'
import { quote } from '../value/quote.js'

type NumberLiteral =
  | { readonly kind: 'integer'; readonly value: Integer }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'wrong'; readonly message: string }

export function readNumber(text: string): NumberLiteral {
  const digits = text.replaceAll('_', '')
  const lower = digits.toLowerCase()
  if (lower.startsWith('0x')) return readInteger('hex', digits, /^0x[0-9a-f]+$/i)
  if (/[.e]/.test(lower)) return readFloat(digits)
  if (lower.startsWith('0b')) return readInteger('binary', digits, /^0b[01]+$/i)
  if (lower.startsWith('0o')) return readInteger('octal', digits, /^0o[0-7]+$/i)
  // A leading zero does not make it octal.
  return readInteger('integer', digits, /^[0-9]+$/)
}

function readInteger(base: string, digits: string, shape: RegExp): NumberLiteral {
  if (!shape.test(digits)) return wrong(base, 'ParseInt', digits, 'invalid syntax')
  const value = BigInt(digits.toLowerCase())
  return value < 2n ** 63n
    ? { kind: 'integer', value: canonical(value) }
    : wrong(base, 'ParseInt', digits, 'value out of range')
}

function readFloat(digits: string): NumberLiteral {
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(digits)) {
    return wrong('float', 'ParseFloat', digits, 'invalid syntax')
  }
  const value = Number(digits)
  return Number.isFinite(value) ? { kind: 'float', value } : wrong('float', 'ParseFloat', digits, 'value out of range')
}

function wrong(base: string, parser: string, digits: string, reason: string): NumberLiteral {
  return { kind: 'wrong', message: `invalid ${base} literal: strconv.${parser}: parsing ${quote(digits)}: ${reason}` }
}
