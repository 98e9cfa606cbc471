// Go's strings are bytes: while a template is read and carried out, each character of a text is one byte of its UTF-8.
// So lengths, indices, order and the columns of errors are Go's without further thought.

const ASCII = /^[\0-\x7f]*$/
const REPLACEMENT = 0xfffd

/** Text as bytes. A lone surrogate becomes U+FFFD, unless `fromBytes` made it of a byte that is no part of a character. */
export function toBytes(text: string): string {
  if (ASCII.test(text)) return text
  let bytes = ''
  for (const character of text) {
    const point = character.codePointAt(0)!
    bytes += point >= 0xdc80 && point <= 0xdcff ? String.fromCharCode(point - 0xdc00) : encodeRune(point)
  }
  return bytes
}

/** Bytes as text. Bytes that are no part of a character become U+FFFD each, or are `kept` as lone surrogates. */
export function fromBytes(bytes: string, stray: 'replaced' | 'kept' = 'replaced'): string {
  if (ASCII.test(bytes)) return bytes
  let text = ''
  for (const { rune, isStray, at } of runesOf(bytes)) {
    text += String.fromCodePoint(isStray && stray === 'kept' ? 0xdc00 + bytes.charCodeAt(at) : rune)
  }
  return text
}

export interface Rune {
  readonly rune: number
  /** Where it starts, and how many bytes it takes. */
  readonly at: number
  readonly size: number
  /** A byte that is no part of a character: it reads as U+FFFD. */
  readonly isStray: boolean
}

export function* runesOf(bytes: string): Generator<Rune> {
  for (let at = 0; at < bytes.length; ) {
    const rune = runeAt(bytes, at)
    yield rune
    at += rune.size
  }
}

export function runeCount(bytes: string): number {
  if (ASCII.test(bytes)) return bytes.length
  let count = 0
  for (const _ of runesOf(bytes)) count++
  return count
}

export function runeAt(bytes: string, at: number): Rune {
  const lead = bytes.charCodeAt(at)
  if (lead < 0x80) return { rune: lead, at, size: 1, isStray: false }
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  let rune = lead & (0xff >> (size + 1))
  for (let i = 1; i < size; i++) {
    const next = bytes.charCodeAt(at + i)
    // NaN, past the end, is no continuation either.
    if ((next & 0xc0) !== 0x80) return { rune: REPLACEMENT, at, size: 1, isStray: true }
    rune = (rune << 6) | (next & 0x3f)
  }
  const isShortest = rune >= [0, 0, 0x80, 0x800, 0x10000][size]!
  const isValid = lead >= 0xc2 && lead < 0xf5 && isShortest && isScalar(rune)
  return isValid ? { rune, at, size, isStray: false } : { rune: REPLACEMENT, at, size: 1, isStray: true }
}

export function encodeRune(rune: number): string {
  const point = isScalar(rune) ? rune : REPLACEMENT
  if (point < 0x80) return String.fromCharCode(point)
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), rest(point))
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), rest(point >> 6), rest(point))
  return String.fromCharCode(0xf0 | (point >> 18), rest(point >> 12), rest(point >> 6), rest(point))
}

function rest(bits: number): number {
  return 0x80 | (bits & 0x3f)
}

function isScalar(point: number): boolean {
  return point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000)
}
