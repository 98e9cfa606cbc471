// Classes in brackets: [a-z], [^\d_], [[:alpha:]].

import { type Characters, complement, folded, union } from './characters.js'
import { RegexpError } from './error.js'
import { readEscape, readSetEscape, signed } from './escape.js'
import { POSIX, type PropertyOf } from './named-characters.js'

/** Reads the class that opens at an index. */
export function readClass(
  pattern: string,
  start: number,
  foldsCase: boolean,
  propertyOf: PropertyOf,
): { set: Characters; end: number } {
  const isNegated = pattern[start + 1] === '^'
  const ranges: number[] = []
  let at = start + (isNegated ? 2 : 1)
  // A closing bracket that comes first is an ordinary character.
  for (let isFirst = true; isFirst || pattern[at] !== ']'; isFirst = false) {
    const named = readPosix(pattern, at, foldsCase) ?? readSetEscape(pattern, at, foldsCase, propertyOf)
    if (named !== undefined) {
      for (const bound of named.what) ranges.push(bound)
      at = named.end
      continue
    }
    const { first, last, end } = readRange(pattern, at, start)
    ranges.push(...(foldsCase ? folded([first, last]) : [first, last]))
    at = end
  }
  const set = union(ranges)
  return { set: isNegated ? complement(set) : set, end: at + 1 }
}

function readPosix(pattern: string, at: number, foldsCase: boolean): { what: Characters; end: number } | undefined {
  if (!pattern.startsWith('[:', at)) return undefined
  const close = pattern.indexOf(':]', at + 2)
  if (close < 0) return undefined
  const isPositive = pattern[at + 2] !== '^'
  const name = pattern.slice(at + (isPositive ? 2 : 3), close)
  const set = Object.hasOwn(POSIX, name) ? POSIX[name]! : undefined
  if (set === undefined) throw new RegexpError('invalid character class range', pattern.slice(at, close + 2))
  return { what: signed(set, isPositive, foldsCase), end: close + 2 }
}

function readRange(pattern: string, at: number, start: number): { first: number; last: number; end: number } {
  const first = readMember(pattern, at, start)
  // A minus before the closing bracket is an ordinary character, too.
  const isSingle = pattern[first.end] !== '-' || first.end + 1 >= pattern.length || pattern[first.end + 1] === ']'
  if (isSingle) return { first: first.what, last: first.what, end: first.end }
  const last = readMember(pattern, first.end + 1, start)
  if (last.what < first.what) throw new RegexpError('invalid character class range', pattern.slice(at, last.end))
  return { first: first.what, last: last.what, end: last.end }
}

function readMember(pattern: string, at: number, start: number): { what: number; end: number } {
  if (at >= pattern.length) throw new RegexpError('missing closing ]', pattern.slice(start))
  if (pattern[at] === '\\') return readEscape(pattern, at)
  const point = pattern.codePointAt(at)!
  return { what: point, end: at + (point > 0xffff ? 2 : 1) }
}
