// Numbers and characters as literals of a template, by Go's rules for constants without a type.
import { parseFloatText } from '../../float-literal.js'
import { quote, readCharacter } from '../../go/quote.js'
import type { NumberLiteral } from './node.js'

/** What the literal can be, or what Go says is wrong with it. */
export function readNumber(text: string): NumberLiteral | { readonly error: string } {
  if (text.startsWith("'")) return readRune(text)
  const integer = readInteger(text)
  const unsigned = readUnsigned(text) ?? (integer === 0n ? 0n : undefined)
  const whole = integer ?? unsigned
  if (whole !== undefined)
    return Object.freeze({ integer, unsigned, float: Number(whole), isFloat: looksLikeFloat(text) })
  const float = parseFloatText(text)
  if (typeof float === 'string') return { error: `illegal number syntax: ${quote(text)}` }
  // Without point or exponent it is an integer that is too large.
  if (!/[.eEpP]/.test(text)) return { error: `integer overflow: ${quote(text)}` }
  return Object.freeze({
    integer: inRange(float, -(2 ** 63), 2 ** 63),
    unsigned: inRange(float, 0, 2 ** 64),
    float,
    isFloat: looksLikeFloat(text),
  })
}

/** Go converts a float to an integer only where nothing is lost. */
function inRange(float: number, least: number, end: number): bigint | undefined {
  return Number.isInteger(float) && float >= least && float < end ? BigInt(float) : undefined
}

function readRune(text: string): NumberLiteral | { readonly error: string } {
  const read = readCharacter(text, 1, "'")
  if (read === undefined) return { error: 'invalid syntax' }
  if (text.slice(read.end) !== "'") return { error: `malformed character constant: ${text}` }
  const value = BigInt(read.rune)
  return Object.freeze({ integer: value, unsigned: value, float: read.rune, isFloat: false })
}

/** The digits E of 0xE are no exponent. */
function looksLikeFloat(text: string): boolean {
  const isHexInteger = /^0[xX]./.test(text) && !/[pP]/.test(text)
  return /[.eEpP]/.test(text) && !isHexInteger
}

function readInteger(text: string): bigint | undefined {
  const size = readUnsigned(text.replace(/^[+-]/, ''))
  if (size === undefined) return undefined
  const value = text.startsWith('-') ? -size : size
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** A leading zero alone means octal; an underscore stands between digits, or after a prefix. */
function readUnsigned(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined
  const plain = text.replaceAll('_', '')
  const value = BigInt(/^0[0-7]/.test(plain) ? `0o${plain}` : plain)
  return value < 2n ** 64n ? value : undefined
}

const INTEGER = /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/
