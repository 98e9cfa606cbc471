// The sets of characters that have names: \d, [:alpha:], \pL, \p{Greek}.

import { ANY, type Characters, complement, union } from './characters.js'

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

/** Finds the characters of a Unicode property by its name; undefined if there is none. */
export type PropertyOf = (name: string) => Characters | undefined

/** By name of a category, of a script, or `Any`, as they are written: Go's before 1.25, and Prometheus' matchers. */
export const exactProperty: PropertyOf = (name) => {
  if (name === 'Any') return ANY
  const property = CATEGORY.test(name) ? name : isScript(name) ? `Script=${name}` : undefined
  if (property === undefined) return undefined
  const characters = known.get(property) ?? scan(new RegExp(`\\p{${property}}+`, 'gu'))
  known.set(property, characters)
  return characters
}

/**
 * Go's since 1.25: case, spaces, underscores and hyphens don't count, and categories have their long names, too. Scripts
 * whose own names have underscores are found no more (regexp/syntax/parse.go, unicodeTable, of Go 1.26).
 */
export const looseProperty: PropertyOf = (name) => {
  const letters = name.replace(/[ _-]/g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const canonical = letters.replace(/^[a-z]/, (letter) => letter.toUpperCase())
  if (canonical === 'Ascii') return POSIX['ascii']
  if (canonical === 'Assigned') return complement(exactProperty('Cn')!)
  return exactProperty(LONG_NAMES[canonical] ?? canonical)
}

/** unicode.CategoryAliases, and the one category of two capitals. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  Lc: 'LC',
  Casedletter: 'LC',
  Closepunctuation: 'Pe',
  Combiningmark: 'M',
  Connectorpunctuation: 'Pc',
  Control: 'Cc',
  Currencysymbol: 'Sc',
  Dashpunctuation: 'Pd',
  Decimalnumber: 'Nd',
  Enclosingmark: 'Me',
  Finalpunctuation: 'Pf',
  Format: 'Cf',
  Initialpunctuation: 'Pi',
  Letter: 'L',
  Letternumber: 'Nl',
  Lineseparator: 'Zl',
  Lowercaseletter: 'Ll',
  Mark: 'M',
  Mathsymbol: 'Sm',
  Modifierletter: 'Lm',
  Modifiersymbol: 'Sk',
  Nonspacingmark: 'Mn',
  Number: 'N',
  Openpunctuation: 'Ps',
  Other: 'C',
  Otherletter: 'Lo',
  Othernumber: 'No',
  Otherpunctuation: 'Po',
  Othersymbol: 'So',
  Paragraphseparator: 'Zp',
  Privateuse: 'Co',
  Punctuation: 'P',
  Separator: 'Z',
  Spaceseparator: 'Zs',
  Spacingmark: 'Mc',
  Surrogate: 'Cs',
  Symbol: 'S',
  Titlecaseletter: 'Lt',
  Unassigned: 'Cn',
  Uppercaseletter: 'Lu',
  Cntrl: 'Cc',
  Digit: 'Nd',
  Punct: 'P',
}

function isScript(name: string): boolean {
  // Characters of an unknown script are a script to the platform only.
  if (!/^[A-Z][A-Za-z_]*$/.test(name) || name === 'Unknown' || (name.length <= 4 && !SHORT_SCRIPTS.has(name)))
    return false
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
