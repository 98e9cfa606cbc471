// Go's quoted texts and characters, written (%q) and read (string literals).
import { encodeRune, type Rune, runeAt, runesOf } from './bytes.js'

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const SHORT: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
}

export function isPrintable(rune: number): boolean {
  return rune < 0x80 ? rune >= 0x20 && rune < 0x7f : rune <= 0x10ffff && PRINTABLE.test(String.fromCodePoint(rune))
}

export function quote(bytes: string, isAscii = false): string {
  let out = '"'
  for (const rune of runesOf(bytes)) out += escaped(rune, bytes, '"', isAscii)
  return `${out}"`
}

export function quoteRune(rune: number, isAscii = false): string {
  const bytes = encodeRune(rune)
  return `'${escaped(runeAt(bytes, 0), bytes, "'", isAscii)}'`
}

/** Whether the text can stand between backquotes: no backquote, no control character but tab, nothing broken. */
export function canBackquote(bytes: string): boolean {
  for (const { rune, isStray } of runesOf(bytes)) {
    if (isStray || rune === 0xfeff || rune === 0x60 || rune === 0x7f || (rune < 0x20 && rune !== 9)) return false
  }
  return true
}

/** The text of a literal with its quotes; undefined where Go says `invalid syntax`. */
export function unquote(literal: string): string | undefined {
  const mark = literal[0]
  if (literal.length < 2 || literal.at(-1) !== mark) return undefined
  const inner = literal.slice(1, -1)
  if (mark === '`') return inner.includes('`') ? undefined : inner.replaceAll('\r', '')
  let out = ''
  for (let at = 0; at < inner.length; ) {
    if (inner[at] === '\n') return undefined
    const read = readCharacter(inner, at, mark!)
    if (read === undefined) return undefined
    out += read.bytes
    at = read.end
  }
  return out
}

interface Character {
  readonly rune: number
  /** `\xff` is a byte, whatever character U+00FF would take. */
  readonly bytes: string
  readonly end: number
}

/** One character of a literal, which may be an escape; undefined where Go says `invalid syntax`. */
export function readCharacter(text: string, at: number, mark: string): Character | undefined {
  if (at >= text.length || text[at] === mark) return undefined
  if (text[at] !== '\\') {
    const { rune, size } = runeAt(text, at)
    return { rune, bytes: encodeRune(rune), end: at + size }
  }
  const letter = text[at + 1] ?? ''
  const simple = SIMPLE[letter]
  if (simple !== undefined) return { rune: simple, bytes: String.fromCharCode(simple), end: at + 2 }
  if (letter === mark && letter !== '') return { rune: letter.charCodeAt(0), bytes: letter, end: at + 2 }
  return numeric(text, at)
}

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }
const NUMERIC = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/y

function numeric(text: string, at: number): Character | undefined {
  NUMERIC.lastIndex = at
  const found = NUMERIC.exec(text)
  if (found === null) return undefined
  const [all, byte, short, long, octal] = found
  const point = octal === undefined ? Number.parseInt(byte ?? short ?? long!, 16) : Number.parseInt(octal, 8)
  const end = at + all.length
  if (byte !== undefined || octal !== undefined) {
    return point > 255 ? undefined : { rune: point, bytes: String.fromCharCode(point), end }
  }
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined
  return { rune: point, bytes: encodeRune(point), end }
}

function escaped({ rune, isStray, at }: Rune, bytes: string, mark: string, isAscii: boolean): string {
  if (isStray) return `\\x${hex(bytes.charCodeAt(at), 2)}`
  if (rune === mark.charCodeAt(0)) return `\\${mark}`
  const short = SHORT[rune]
  if (short !== undefined) return short
  if (isPrintable(rune) && (rune < 0x80 || !isAscii)) return encodeRune(rune)
  if (rune < 0x80) return `\\x${hex(rune, 2)}`
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}
