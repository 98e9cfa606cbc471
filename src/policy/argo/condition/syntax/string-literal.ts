// String literals: '…' and "…" with escapes, `…` without.

interface StringLiteral {
  readonly value: string
  /** Where the text goes on after the closing quote. */
  readonly to: number
}

/** The literal that starts at `from`, or what is wrong with it. */
export function readQuoted(text: string, from: number): StringLiteral | string {
  const quote = text[from]!
  let value = ''
  let at = from + 1
  let unknownCharacter = false
  for (;;) {
    const character = text[at]
    if (character === undefined || character === '\n') return 'literal not terminated'
    if (character === quote) return unknownCharacter ? 'unable to unescape string' : { value, to: at + 1 }
    if (character === '\\') {
      const escaped = readEscape(text, at + 1, quote)
      if (escaped === undefined) return 'invalid char escape'
      unknownCharacter ||= escaped.point > 0x10ffff
      if (!unknownCharacter) value += String.fromCodePoint(isSurrogate(escaped.point) ? 0xfffd : escaped.point)
      at = escaped.to
    } else {
      // A carriage return inside the quotes is taken for the end of a line.
      if (character === '\r' && text[at + 1] === '\n') return 'literal not terminated'
      value += character === '\r' ? '\n' : character
      at++
    }
  }
}

/** Two backticks inside stand for one. */
export function readRaw(text: string, from: number): StringLiteral | string {
  const found = /`((?:[^`]|``)*)`(?!`)/y
  found.lastIndex = from
  const match = found.exec(text)
  if (match === null) return 'literal not terminated'
  return { value: match[1]!.replaceAll('``', '`'), to: from + match[0].length }
}

interface Escape {
  readonly point: number
  readonly to: number
}

const SHORT: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 }

/** More than there are: marks what has the shape of an escape but means no character. */
const NO_CHARACTER = 0x110000

/** The escape after a backslash, by its shape; undefined where it has none. */
function readEscape(text: string, at: number, quote: string): Escape | undefined {
  const letter = text[at] ?? ''
  const short = letter === quote ? quote.charCodeAt(0) : SHORT[letter]
  if (short !== undefined) return { point: short, to: at + 1 }
  if (letter === 'u' && text[at + 1] === '{') return digits(/([0-9a-fA-F]{1,6})\}/y, 16, text, at + 2)
  if (letter === 'x') return digits(/([0-9a-fA-F]{2})/y, 16, text, at + 1)
  if (letter === 'u') return digits(/([0-9a-fA-F]{4})/y, 16, text, at + 1)
  if (letter === 'U') return digits(/([0-9a-fA-F]{8})/y, 16, text, at + 1)
  const octal = digits(/([0-7]{3})/y, 8, text, at)
  return octal !== undefined && octal.point > 0xff ? { ...octal, point: NO_CHARACTER } : octal
}

function digits(shape: RegExp, base: number, text: string, at: number): Escape | undefined {
  shape.lastIndex = at
  const found = shape.exec(text)
  return found === null ? undefined : { point: Number.parseInt(found[1]!, base), to: at + found[0].length }
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff
}
