// Sets of characters in a regular expression: [a-z], \d, \pL, [:alpha:].

import { RegexpError, readEscape } from './escape.js'

interface ClassPart {
  /** What goes between the brackets of a JavaScript class. */
  readonly text: string
  readonly to: number
}

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

/** Go's \s leaves out \v, and none of the three knows more than ASCII. */
const PERL: Readonly<Record<string, string>> = {
  d: '0-9',
  D: '\\x00-\\/:-\\u{10ffff}',
  s: '\\t\\n\\f\\r ',
  S: '\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}',
  w: '0-9A-Za-z_',
  W: '\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}',
}

export function anyOf(text: string): string {
  return `[${text}]`
}

/** One character as itself, or in both its cases. */
export function literal(point: number, foldCase: boolean): string {
  const cases = foldCase ? casesOf(point) : [point]
  return cases.length === 1 ? escaped(point) : anyOf(cases.map(escaped).join(''))
}

/** The class that opens at `at`. */
export function readClass(pattern: string, at: number, foldCase: boolean): ClassPart {
  const negated = pattern[at + 1] === '^'
  const start = at + (negated ? 2 : 1)
  let to = start
  let text = ''
  while (to >= pattern.length || pattern[to] !== ']' || to === start) {
    const group = readPosix(pattern, to) ?? readClassEscape(pattern, to, foldCase)
    if (group !== undefined) {
      text += foldCase ? group.text + foldedAscii(group.text) : group.text
      to = group.to
    } else {
      const range = readRange(pattern, to, at)
      text += foldCase ? foldedRange(range.low, range.high) : `${escaped(range.low)}-${escaped(range.high)}`
      to = range.to
    }
  }
  return { text: `[${negated ? '^' : ''}${text}]`, to: to + 1 }
}

/** \d and its like, \pL and \p{Greek}; undefined where none stands. */
export function readClassEscape(pattern: string, at: number, foldCase: boolean): ClassPart | undefined {
  if (pattern[at] !== '\\') return undefined
  const perl = PERL[pattern[at + 1] ?? '']
  if (perl !== undefined) return { text: perl, to: at + 2 }
  const shape = /\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))/uy
  shape.lastIndex = at
  const found = shape.exec(pattern)
  if (found === null) {
    if (/^\\[pP]/.test(pattern.slice(at))) throw new RegexpError('invalid character class range', pattern.slice(at))
    return undefined
  }
  const [text, letter, caret, long, short] = found
  const negated = (letter === 'P') !== (caret === '^')
  const property = unicodeProperty(long ?? short!)
  if (property === undefined) throw new RegexpError('invalid character class range', text)
  // Letters of one case are letters of every case where case does not count.
  if (foldCase && /^L[ult]$/.test(property) && !negated) return { text: '\\p{Lu}\\p{Ll}\\p{Lt}', to: at + text.length }
  return { text: `\\${negated ? 'P' : 'p'}{${property}}`, to: at + text.length }
}

/** Short names are categories, longer ones scripts. */
function unicodeProperty(name: string): string | undefined {
  if (name === 'Any') return 'Any'
  const property = /^[A-Z][a-z]?$/.test(name) ? name : `Script=${name}`
  try {
    new RegExp(`\\p{${property}}`, 'u')
    return property
  } catch {
    return undefined
  }
}

function readPosix(pattern: string, at: number): ClassPart | undefined {
  if (!pattern.startsWith('[:', at)) return undefined
  const end = pattern.indexOf(':]', at + 2)
  if (end < 0) return undefined
  const negated = pattern[at + 2] === '^'
  const name = pattern.slice(at + (negated ? 3 : 2), end)
  const members = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined
  if (members === undefined) throw new RegexpError('invalid character class range', pattern.slice(at, end + 2))
  return { text: negated ? complement(members) : members, to: end + 2 }
}

/** The ASCII characters that are not members, and everything beyond ASCII. */
function complement(members: string): string {
  const member = new RegExp(`[${members}]`, 'u')
  let text = '\\x80-\\u{10ffff}'
  for (let point = 0; point < 0x80; point++) if (!member.test(String.fromCodePoint(point))) text += escaped(point)
  return text
}

function readRange(pattern: string, at: number, classStart: number): { low: number; high: number; to: number } {
  const low = readMember(pattern, at, classStart)
  const isRange = pattern[low.to] === '-' && low.to + 1 < pattern.length && pattern[low.to + 1] !== ']'
  if (!isRange) return { low: low.point, high: low.point, to: low.to }
  const high = readMember(pattern, low.to + 1, classStart)
  if (high.point < low.point) throw new RegexpError('invalid character class range', pattern.slice(at, high.to))
  return { low: low.point, high: high.point, to: high.to }
}

function readMember(pattern: string, at: number, classStart: number): { point: number; to: number } {
  if (at >= pattern.length) throw new RegexpError('missing closing ]', pattern.slice(classStart))
  if (pattern[at] === '\\') return readEscape(pattern, at)
  const point = pattern.codePointAt(at)!
  return { point, to: at + (point > 0xffff ? 2 : 1) }
}

const FOLDED_RANGE = 0x300

/** A long range is taken to hold the other cases of what it holds but for the ASCII letters. */
function foldedRange(low: number, high: number): string {
  let text = `${escaped(low)}-${escaped(high)}`
  for (let point = low; point <= Math.min(high, low + FOLDED_RANGE); point++) {
    const cases = casesOf(point)
    if (cases.length > 1) text += cases.map(escaped).join('')
  }
  return text
}

function foldedAscii(members: string): string {
  const member = new RegExp(`[${members}]`, 'u')
  let text = ''
  for (let point = 0x41; point <= 0x7a; point++) {
    if (member.test(String.fromCodePoint(point))) for (const other of casesOf(point)) text += escaped(other)
  }
  return text
}

function casesOf(point: number): number[] {
  const character = String.fromCodePoint(point)
  const cases = new Set([point])
  for (const other of [character.toLowerCase(), character.toUpperCase()]) {
    const otherPoint = other.codePointAt(0)!
    if (String.fromCodePoint(otherPoint) === other) cases.add(otherPoint)
  }
  return [...cases]
}

function escaped(point: number): string {
  return `\\u{${point.toString(16)}}`
}
