// Escapes in a regular expression: those that stand for one character, and those that stand for a set.

import { type Characters, complement, folded, union } from './characters.js'
import { RegexpError } from './error.js'
import { PERL, type PropertyOf } from './named-characters.js'

interface Read<What> {
  readonly what: What
  readonly end: number
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

export function readEscape(pattern: string, at: number): Read<number> {
  const rest = pattern.slice(at + 1)
  if (rest === '') throw new RegexpError('trailing backslash at end of expression', '')
  const character = String.fromCodePoint(rest.codePointAt(0)!)
  // Letters and digits have a meaning or none; any other of ASCII stands for itself.
  if (character < '\x80' && !/[A-Za-z0-9]/.test(character)) return { what: character.charCodeAt(0), end: at + 2 }
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
  if (octal !== null) return { what: Number.parseInt(octal[0], 8), end: at + 1 + octal[0].length }
  const hex = /^x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest)
  const point = hex === null ? Number.NaN : Number.parseInt(hex[1] ?? hex[2]!, 16)
  if (hex !== null && point <= 0x10ffff) return { what: point, end: at + 1 + hex[0].length }
  const control = CONTROL[character]
  if (control !== undefined) return { what: control, end: at + 2 }
  throw new RegexpError('invalid escape sequence', `\\${character === 'x' ? unreadableHex(rest) : character}`)
}

/** As much of the escape as Go has read when it gives up. */
function unreadableHex(rest: string): string {
  const braced = /^x\{([0-9a-fA-F]*)/.exec(rest)
  if (braced === null) return /^x.?.?/su.exec(rest)![0]
  let point = 0
  for (let i = 0; i < braced[1]!.length; i++) {
    point = point * 16 + Number.parseInt(braced[1]![i]!, 16)
    if (point > 0x10ffff) return rest.slice(0, 3 + i)
  }
  return rest.slice(0, braced[0].length) + (/^./su.exec(rest.slice(braced[0].length))?.[0] ?? '')
}

/** `\d`, `\W`, `\pL`, `\P{^Greek}`; undefined where none stands. */
export function readSetEscape(
  pattern: string,
  at: number,
  foldsCase: boolean,
  propertyOf: PropertyOf,
): Read<Characters> | undefined {
  if (pattern[at] !== '\\') return undefined
  const letter = pattern[at + 1] ?? ''
  const perl = PERL[letter.toLowerCase()]
  if (perl !== undefined) {
    return { what: signed(perl, letter === letter.toLowerCase(), foldsCase), end: at + 2 }
  }
  return letter === 'p' || letter === 'P' ? readProperty(pattern, at, foldsCase, propertyOf) : undefined
}

/** The set, or all other characters; first with all cases of each. */
export function signed(set: Characters, isPositive: boolean, foldsCase: boolean): Characters {
  const members = foldsCase ? folded(set) : union(set)
  return isPositive ? members : complement(members)
}

function readProperty(pattern: string, at: number, foldsCase: boolean, propertyOf: PropertyOf): Read<Characters> {
  const match = /^\\[pP](?:\{(\^?)([^}]*)\}|([^{]))/u.exec(pattern.slice(at))
  if (match === null) throw new RegexpError('invalid character class range', pattern.slice(at))
  const [text, caret = '', braced, single = ''] = match
  const set = propertyOf(braced ?? single)
  if (set === undefined) throw new RegexpError('invalid character class range', text)
  const isPositive = (text[1] === 'p') !== (caret === '^')
  return { what: signed(set, isPositive, foldsCase), end: at + text.length }
}
