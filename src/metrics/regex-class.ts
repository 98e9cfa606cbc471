// The characters of a Go regular expression: escapes, classes in brackets, Unicode properties, upper and lower case.

import { RegexError } from './regex-error.js'

/** RE2's are ASCII, and its white space has no vertical tab; JavaScript's differ in both. */
export const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\0-/:-\\u{10FFFF}',
  s: '\\t\\n\\f\\r ',
  S: '\\0-\\u{8}\\v\\u{E}-\\u{1F}!-\\u{10FFFF}',
  w: '0-9A-Za-z_',
  W: '\\0-/:-@\\[-\\^`\\{-\\u{10FFFF}',
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\0-\\x7F',
  blank: '\\t ',
  cntrl: '\\0-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** ASCII letters with a third character that folds onto them: the Kelvin sign and the long s. */
const THIRD_CASE: Readonly<Record<string, number>> = { k: 0x212a, s: 0x17f }

/** Wider ranges are not searched for letters with two cases. */
const FOLD_LIMIT = 4096

/** Collects code points as the inside of a JavaScript class; with both cases of each if it ignores case. */
export class CharacterClass {
  #inside = ''

  constructor(readonly ignoresCase: boolean) {}

  add(first: number, last = first): this {
    this.#inside += first === last ? escapeCharacter(first) : `${escapeCharacter(first)}-${escapeCharacter(last)}`
    if (this.ignoresCase && last - first < FOLD_LIMIT) {
      for (let codePoint = first; codePoint <= last; codePoint++) this.#inside += otherCases(codePoint)
    }
    return this
  }

  addSource(source: string): void {
    this.#inside += source
  }

  toSource(negated = false): string {
    return `[${negated ? '^' : ''}${this.#inside}]`
  }
}

export function escapeCharacter(codePoint: number): string {
  const character = String.fromCodePoint(codePoint)
  return /[\w ]/.test(character) || codePoint > 0x9f ? character : `\\u{${codePoint.toString(16)}}`
}

/** Reads `[…]` that starts at an index. */
export function readClass(pattern: string, start: number, ignoresCase: boolean): { end: number; source: string } {
  const inside = new CharacterClass(ignoresCase)
  let at = start + 1
  const negated = pattern[at] === '^'
  if (negated) at++
  // A closing bracket that comes first is an ordinary character.
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) throw new RegexError('missing closing ]', pattern.slice(start))
    at = readMultiple(pattern, at, inside) ?? readRange(pattern, start, at, inside)
  }
  return { end: at + 1, source: inside.toSource(negated) }
}

/** Reads `\p{Greek}`, `\pL`, `\P{^Nd}`. */
export function readProperty(pattern: string, start: number): { end: number; source: string } {
  const match = /^\\[pP](?:\{(\^?)(\w+)\}|([A-Za-z]))/.exec(pattern.slice(start))
  const refused = match?.[0] ?? pattern.slice(start, start + 2)
  const name = match?.[2] ?? match?.[3] ?? ''
  const negated = (pattern[start + 1] === 'P') !== (match?.[1] === '^')
  const letter = negated ? 'P' : 'p'
  const property = [`General_Category=${name}`, `Script=${name}`, name].find((candidate) => {
    try {
      // `Any` is the only property that RE2 has and is neither category nor script.
      return new RegExp(`\\p{${candidate}}`, 'u') && (candidate !== name || name === 'Any')
    } catch {
      return false
    }
  })
  if (match === null || property === undefined) throw new RegexError('invalid character class range', refused)
  return { end: start + match[0].length, source: `\\${letter}{${property}}` }
}

/** Reads an escape that stands for one character. */
export function readEscape(pattern: string, start: number): { end: number; codePoint: number } {
  const rest = pattern.slice(start)
  if (rest === '\\') throw new RegexError('trailing backslash at end of expression', '')
  const letter = rest[1]!
  const control = CONTROL_ESCAPES[letter]
  if (control !== undefined) return { end: start + 2, codePoint: control }
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
  if (octal !== null) return { end: start + octal[0].length, codePoint: Number.parseInt(octal[1]!, 8) }
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest)
  const codePoint = hex === null ? Number.NaN : Number.parseInt(hex[1] ?? hex[2]!, 16)
  if (hex !== null && codePoint <= 0x10ffff) return { end: start + hex[0].length, codePoint }
  // Any ASCII punctuation may be escaped; letters and digits have a meaning or none.
  if (/[!-/:-@[-`{-~]/.test(letter)) return { end: start + 2, codePoint: letter.charCodeAt(0) }
  throw new RegexError('invalid escape sequence', /^\\x\{[0-9A-Fa-f]*\}?|^\\x[\s\S]{0,2}|^\\[\s\S]/u.exec(rest)![0])
}

/** Something in a class that stands for several characters; undefined if there is none here. */
function readMultiple(pattern: string, at: number, inside: CharacterClass): number | undefined {
  const rest = pattern.slice(at)
  const posix = /^\[:(\^?)(\w*):\]/.exec(rest)
  if (posix !== null) {
    const source = POSIX_CLASSES[posix[2]!]
    if (source === undefined) throw new RegexError('invalid character class range', posix[0])
    inside.addSource(posix[1] === '^' ? complement(source) : source)
    return at + posix[0].length
  }
  const letter = rest[1] ?? ''
  if (rest[0] !== '\\') return undefined
  if (letter in PERL_CLASSES) {
    inside.addSource(PERL_CLASSES[letter]!)
    return at + 2
  }
  if (letter !== 'p' && letter !== 'P') return undefined
  const { end, source } = readProperty(pattern, at)
  inside.addSource(source)
  return end
}

function readRange(pattern: string, start: number, at: number, inside: CharacterClass): number {
  const first = readCharacter(pattern, start, at)
  if (pattern[first.end] !== '-' || pattern[first.end + 1] === ']' || first.end + 1 >= pattern.length) {
    inside.add(first.codePoint)
    return first.end
  }
  const last = readCharacter(pattern, start, first.end + 1)
  if (last.codePoint < first.codePoint) {
    throw new RegexError('invalid character class range', pattern.slice(at, last.end))
  }
  inside.add(first.codePoint, last.codePoint)
  return last.end
}

function readCharacter(pattern: string, start: number, at: number): { end: number; codePoint: number } {
  if (at >= pattern.length) throw new RegexError('missing closing ]', pattern.slice(start))
  if (pattern[at] === '\\') return readEscape(pattern, at)
  const codePoint = pattern.codePointAt(at)!
  return { end: at + String.fromCodePoint(codePoint).length, codePoint }
}

/** The ASCII characters a class leaves out, and everything beyond ASCII. */
function complement(source: string): string {
  const members = new RegExp(`[${source}]`, 'u')
  let outside = '\\u{80}-\\u{10FFFF}'
  for (let codePoint = 0; codePoint < 0x80; codePoint++) {
    if (!members.test(String.fromCodePoint(codePoint))) outside += escapeCharacter(codePoint)
  }
  return outside
}

function otherCases(codePoint: number): string {
  const variants = new Set([String.fromCodePoint(codePoint)])
  // The set grows while it is walked: ſ leads to S, and S to s.
  for (const character of variants) {
    const lower = character.toLowerCase()
    const third = THIRD_CASE[lower]
    for (const other of [lower, character.toUpperCase(), third === undefined ? lower : String.fromCodePoint(third)]) {
      // Folding is by single characters: a letter whose other case takes two (ß) has none.
      if ([...other].length === 1) variants.add(other)
    }
  }
  return [...variants]
    .slice(1)
    .map((variant) => escapeCharacter(variant.codePointAt(0)!))
    .join('')
}
