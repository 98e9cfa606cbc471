// Go's strings are bytes: lengths of slices, indices and order count UTF-8 bytes, not JavaScript's code units.

const ASCII = /^[\0-\x7f]*$/

/**
 * A byte that is no part of a character (a slice may cut one in two) is held as a lone surrogate U+DC80..U+DCFF; no
 * Go string from JSON or a literal contains surrogates, so the two cannot be confused.
 */
const ESCAPED_BYTE = 0xdc00

/** Without bytes that are no part of a character. */
export function isWellFormed(text: string): boolean {
  return ASCII.test(text) || !/\p{Surrogate}/u.test(text)
}

export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : toBytes(text).length
}

export function runeCount(text: string): number {
  if (ASCII.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

export function sliceBytes(text: string, from: number, to: number): string {
  return ASCII.test(text) ? text.slice(from, to) : fromBytes(toBytes(text).slice(from, to))
}

export function byteAt(text: string, at: number): number {
  return ASCII.test(text) ? text.charCodeAt(at) : toBytes(text)[at]!
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
  return isSurrogate(a.charCodeAt(a.length - 1)) && isSurrogate(b.charCodeAt(0)) ? fromBytes(toBytes(joined)) : joined
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

/** A string in which each character is one byte, for searching in text that need not be well-formed. */
export function byteString(text: string): string {
  return toBytes(text).reduce((out, byte) => out + String.fromCharCode(byte), '')
}

export function toBytes(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0)!
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
    else if (point >= ESCAPED_BYTE + 0x80 && point <= ESCAPED_BYTE + 0xff) bytes.push(point - ESCAPED_BYTE)
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
    else {
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 0x3f),
        0x80 | ((point >> 6) & 0x3f),
        0x80 | (point & 0x3f),
      )
    }
  }
  return bytes
}

export function fromBytes(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    text +=
      length === 0 ? String.fromCharCode(ESCAPED_BYTE + bytes[at]!) : String.fromCodePoint(decode(bytes, at, length))
    at += length === 0 ? 1 : length
  }
  return text
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
  const [left, right] = [toBytes(a), toBytes(b)]
  const at = left.findIndex((byte, index) => byte !== right[index])
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? -1)
}

/** Bytes of the well-formed character that starts here; 0 where none does. */
function sequenceLength(bytes: readonly number[], at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  if (length === 0 || lead >= 0xf5) return 0
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

function decode(bytes: readonly number[], at: number, length: number): number {
  if (length === 1) return bytes[at]!
  let point = bytes[at]! & (0xff >> (length + 1))
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i]! & 0x3f)
  return point
}
