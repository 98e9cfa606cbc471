// Go's strings are bytes: lengths of slices, indices and order count UTF-8 bytes, not JavaScript's code units. A byte that
// is no part of a character (a slice may cut one in two) is held as a lone surrogate U+DC80..U+DCFF; no Go string from JSON
// or a literal contains surrogates, so the two cannot be confused.

import { toBytes as byteString, fromBytes as textOf } from '../../../../metrics/go/bytes.js'

const ASCII = /^[\0-\x7f]*$/

/** Without bytes that are no part of a character. */
export function isWellFormed(text: string): boolean {
  return ASCII.test(text) || !/\p{Surrogate}/u.test(text)
}

export function byteLength(text: string): number {
  return byteString(text).length
}

export function runeCount(text: string): number {
  if (ASCII.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

export function sliceBytes(text: string, from: number, to: number): string {
  return textOf(byteString(text).slice(from, to), 'kept')
}

export function byteAt(text: string, at: number): number {
  return byteString(text).charCodeAt(at)
}

/** Order of the UTF-8 bytes: that of the code units but for surrogates. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    return isSurrogate(left) || isSurrogate(right) ? compareBytes(a, b) : left - right
  }
  return a.length - b.length
}

/** `a + b`, where two halves may become one character again. */
export function concatenate(a: string, b: string): string {
  const joined = a + b
  return isSurrogate(a.charCodeAt(a.length - 1)) && isSurrogate(b.charCodeAt(0))
    ? textOf(byteString(joined), 'kept')
    : joined
}

export function contains(text: string, part: string): boolean {
  return isWellFormed(part) ? text.includes(part) : byteString(text).includes(byteString(part))
}

export function startsWith(text: string, part: string): boolean {
  return isWellFormed(part) ? text.startsWith(part) : byteString(text).startsWith(byteString(part))
}

export function endsWith(text: string, part: string): boolean {
  return isWellFormed(part) ? text.endsWith(part) : byteString(text).endsWith(byteString(part))
}

export function toBytes(text: string): number[] {
  return Array.from(byteString(text), (byte) => byte.charCodeAt(0))
}

export function fromBytes(bytes: readonly number[]): string {
  return textOf(
    bytes.reduce((out, byte) => out + String.fromCharCode(byte), ''),
    'kept',
  )
}

/** Go maps letters one to one where JavaScript would write "SS" for "ß". */
export function mapLetters(text: string, convert: (letter: string) => string): string {
  if (ASCII.test(text)) return convert(text)
  let out = ''
  for (const letter of text) {
    const converted = convert(letter)
    out += runeCount(converted) === 1 ? converted : letter
  }
  return out
}

const SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g')
const ONE_SPACE = new RegExp(`^[${SPACE}]$`)

export function trimSpace(text: string): string {
  return text.replace(OUTER_SPACE, '')
}

export function isSpace(character: string): boolean {
  return ONE_SPACE.test(character)
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000
}

function compareBytes(a: string, b: string): number {
  const [left, right] = [byteString(a), byteString(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
