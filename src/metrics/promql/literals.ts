// Numbers, durations and strings as PromQL writes them.

import { parseDuration } from '../duration.js'
import { fromBytes } from '../go/bytes.js'
import { parseError, type TextRange } from './error.js'

/** A number, or a duration as its seconds (Prometheus 3 takes either in place of the other). */
export function readNumber(text: string, range: TextRange): number {
  if (/^\d+(ms|[ywdhms])/.test(text)) return readDurationMs(text, range) / 1000
  const lower = text.toLowerCase()
  if (lower === 'inf') return Number.POSITIVE_INFINITY
  if (lower === 'nan') return Number.NaN
  const digits = lower.replaceAll('_', '')
  // Go reads an integer with a leading zero as octal, and falls back to decimal if it has a digit 8 or 9.
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  if (Number.isNaN(value))
    throw parseError(`error parsing number: strconv.ParseFloat: parsing "${text}": invalid syntax`, range)
  if (!Number.isFinite(value))
    throw parseError(`error parsing number: strconv.ParseFloat: parsing "${text}": value out of range`, range)
  return value
}

export function readString(text: string, range: TextRange): string {
  const quote = text[0]
  if (text.length < 2 || text.at(-1) !== quote) throw parseError('unterminated quoted string', range)
  const inside = text.slice(1, -1)
  if (quote === '`' || !inside.includes('\\')) return inside
  return inside.replace(
    /(?:\\(?:x[0-9a-fA-F]{2}|[0-7]{3}))+|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S]|$)/g,
    (sequence) => unescaped(sequence, quote, range),
  )
}

/** Prometheus 3 takes any text as a label name but none at all and broken UTF-8, whose bytes are read as U+FFFD. */
export function isLabelName(text: string): boolean {
  return text !== '' && !text.includes('\ufffd')
}

export function readDurationMs(text: string, range: TextRange): number {
  const duration = parseDuration(text)
  if (typeof duration === 'object') throw parseError(duration.error, range)
  return duration
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

function unescaped(sequence: string, quote: string | undefined, range: TextRange): string {
  const letter = sequence[1] ?? ''
  if (sequence.length > 2 && (letter === 'u' || letter === 'U')) {
    const codePoint = Number.parseInt(sequence.slice(2), 16)
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff))
      throw parseError('escape sequence is an invalid Unicode code point', range)
    return String.fromCodePoint(codePoint)
  }
  if (sequence.length > 2) return decodeBytes(sequence, range)
  if (letter === quote) return letter
  const simple = SIMPLE_ESCAPES[letter]
  if (simple === undefined) throw parseError(unknownEscape(letter), range)
  return simple
}

/** A run of \x41 and \101 escapes: bytes, which should be UTF-8; one that isn't is U+FFFD. */
function decodeBytes(escapes: string, range: TextRange): string {
  const bytes = escapes.split('\\').slice(1)
  const codes = bytes.map((byte) => {
    const value = byte.startsWith('x') ? Number.parseInt(byte.slice(1), 16) : Number.parseInt(byte, 8)
    if (value > 255) throw parseError('escape sequence is an invalid Unicode code point', range)
    return value
  })
  return fromBytes(String.fromCharCode(...codes))
}

function unknownEscape(letter: string): string {
  if (letter === '') return 'escape sequence not terminated'
  const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return `unknown escape sequence U+${code} '${letter}'`
}
