// The sets of characters that have names: \d, [:alpha:], \pL, \p{Greek}.

import { ANY, type Characters, union } from './characters.js'

/** RE2's are ASCII, and its white space has no vertical tab. */
export const PERL: Readonly<Record<string, Characters>> = {
  d: ranges('09'),
  s: ranges('\t\n\f\r  '),
  w: ranges('09AZ__az'),
}

export const POSIX: Readonly<Record<string, Characters>> = {
  alnum: ranges('09AZaz'),
  alpha: ranges('AZaz'),
  ascii: ranges('\0\x7f'),
  blank: ranges('\t\t  '),
  cntrl: ranges('\0\x1f\x7f\x7f'),
  digit: ranges('09'),
  graph: ranges('!~'),
  lower: ranges('az'),
  print: ranges(' ~'),
  punct: ranges('!/:@[`{~'),
  space: ranges('\t\r  '),
  upper: ranges('AZ'),
  word: ranges('09AZ__az'),
  xdigit: ranges('09AFaf'),
}

const CATEGORY = /^(C[cfnos]?|L[Clmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/
/** Scripts whose names are as short as the abbreviations of others, which Go doesn't know. */
const SHORT_SCRIPTS = new Set('Ahom Cham Kawi Lisu Miao Modi Newa Thai Toto Han Lao Mro Nko Vai Yi'.split(' '))

const known = new Map<string, Characters>()

/** By name of a category, of a script, or `Any`; undefined if there is none. */
export function unicodeProperty(name: string): Characters | undefined {
  if (name === 'Any') return ANY
  const property = CATEGORY.test(name) ? name : isScript(name) ? `Script=${name}` : undefined
  if (property === undefined) return undefined
  const characters = known.get(property) ?? scan(new RegExp(`\\p{${property}}+`, 'gu'))
  known.set(property, characters)
  return characters
}

function isScript(name: string): boolean {
  if (!/^[A-Z][A-Za-z_]*$/.test(name) || (name.length <= 4 && !SHORT_SCRIPTS.has(name))) return false
  try {
    return new RegExp(`\\p{Script=${name}}`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

let allCharacters: string | undefined

/** The platform knows the properties; a run of matches in the text of all characters is a range. */
function scan(property: RegExp): Characters {
  allCharacters ??= textOfAll()
  const found: number[] = []
  for (const { 0: run, index } of allCharacters.matchAll(property)) {
    const first = allCharacters.codePointAt(index)!
    const last = run.codePointAt(run.length - (first > 0xffff ? 2 : 1))!
    found.push(first, last)
  }
  return union(found)
}

/** All but the surrogates, which are no characters. */
function textOfAll(): string {
  const parts: string[] = []
  for (let start = 0; start < 0x110000; start += 0x800) {
    if (start === 0xd800) continue
    parts.push(String.fromCodePoint(...Array.from({ length: 0x800 }, (_, index) => start + index)))
  }
  return parts.join('')
}

/** Pairs of first and last. */
function ranges(text: string): Characters {
  return [...text].map((character) => character.codePointAt(0)!)
}
