// Random regular expressions in RE2's syntax, most of them well formed, and texts that they tend to match.

import type { Chance } from '../../conformance/chance.js'

export const TEXTS: readonly string[] = [
  ...['a', 'b', 'ab', 'ba', 'aa', 'aab', 'abb', 'abc', 'abab', 'aaaa', 'bbb', 'cab', 'a b', 'ab_1', 'A', 'AB', 'aB'],
  ...['0', '7', '12', '5xx', '500', '10.0.0.1:9090', 'foo', 'foo-bar', 'foobar', 'barfoo', 'Foo', 'FOO.BAR', 'x.y'],
  ...['\n', 'a\n', 'a\nb', '\na', '\t', ' ', '\u000b', '_', '-', '^', ']', '\\', '{', '{2}', '$', '|', '.', '*', '('],
  ...[
    'é',
    'É',
    'ä',
    'ß',
    'ſ',
    's',
    'S',
    'k',
    'K',
    '\u212a',
    'α',
    'Α',
    'ς',
    'σ',
    'Σ',
    'İ',
    'ı',
    'i',
    'I',
    'ǆ',
    'ǅ',
    'Ǆ',
  ],
  ...['😀', 'a😀', '漢', '٣', 'e\u0301', 'ﬁ', 'a'.repeat(40), `${'ab'.repeat(20)}!`],
]

const LITERALS = [...'aaaabbbbccxAB12_ -:', 'é', 'É', 'ß', 's', 'k', 'σ', '😀', '漢', 'foo', 'bar', '\\.', '\\n']
const ESCAPES = ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\pL', '\\PL', '\\p{Lu}', '\\p{^Lu}', '\\p{Greek}', '\\x61']
const MORE_ESCAPES = ['\\x{1F600}', '\\101', '\\t', '\\pN', '\\p{Any}', '\\Qa.b\\E', '\\-', '\\_', '\\a', '\\p{Han}']
const PROPERTIES = ['\\pl', '\\p{lu}', '\\P{Letter}', '\\p{^upper-case letter}', '\\p{LC}', '\\p{l_c}', '\\p{ASCII}']
const MORE_PROPERTIES = [
  '\\p{greek}',
  '\\p{ANY}',
  '\\P{assigned}',
  '\\p{Old_Italic}',
  '\\pS',
  '\\ps',
  '\\p{digit}',
  '\\p_',
]
const ASSERTIONS = ['^', '$', '\\b', '\\B', '\\A', '\\z']
const CLASS_PARTS = ['a', 'b', 'a-c', 'A-Z', '0-9', '_', '-', '\\d', '\\W', '[:alpha:]', '[:^lower:]', '\\pL', 'é', '.']
const MORE_CLASS_PARTS = [
  'k',
  's',
  '\\P{Greek}',
  '[:punct:]',
  '\\n',
  '\\]',
  '^',
  'α-ω',
  '[:word:]',
  '\\x00-\\x60',
  '\\pl',
  '\\P{mark}',
]
const GROUPS = ['(', '(', '(?:', '(?i:', '(?P<n>', '(?<n>', '(?s:', '(?-s:', '(?m:', '(?U:', '(?im-s:', '(?i)(']
const REPETITIONS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{0}', '{1,}', '{0,2}', '{2,3}?', '{1,2}', '{,2}']
const BREAKS = ['(', ')', '[', ']', '*', '{', '}', '\\', '(?', '(?P<', '(?z)', '**', '{1001}', '\\8', '\\p{X}', '[b-a]']
const MORE_BREAKS = ['\\C', '[[:x:]]', '\\x{110000}', '\\xg', '(?i', '(?-)', '{2,1}', '|*', '(?P<a-b>x)', '\\pX', '\\Q']

export function randomPattern(chance: Chance): string {
  if (chance.happens(0.15)) return simple(chance)
  const flags = chance.happens(0.2) ? chance.oneOf(['(?i)', '(?m)', '(?-s)', '(?U)', '(?is)']) : ''
  const whole = flags + alternatives(chance, 3)
  return chance.happens(0.15) ? broken(chance, whole) : whole
}

/** What people write in matchers. */
function simple(chance: Chance): string {
  const word = () => chance.oneOf(['foo', 'bar', 'a', 'b', 'ab', '5', '0', ''])
  return chance.oneOf([
    `${word()}|${word()}|${word()}`,
    `${word()}.*`,
    `.*${word()}`,
    `.*${word()}.*`,
    `.+${word()}.*${word()}`,
    `(${word()}|${word()}).+`,
    `${word()}[ab1].*`,
    `(?i)${word()}|${word()}`,
    `(?i)${word()}.*`,
  ])
}

function alternatives(chance: Chance, depth: number): string {
  const count = chance.happens(0.3) ? 1 + chance.below(3) : 1
  return Array.from({ length: count }, () => sequence(chance, depth)).join('|')
}

function sequence(chance: Chance, depth: number): string {
  return Array.from({ length: chance.below(4) }, () => {
    const repetition = chance.happens(0.4) ? chance.oneOf(REPETITIONS) : ''
    return atom(chance, depth) + repetition
  }).join('')
}

function atom(chance: Chance, depth: number): string {
  const kind = chance.below(10)
  if (kind < 3 && depth > 0) return `${chance.oneOf(GROUPS)}${alternatives(chance, depth - 1)})`
  if (kind === 3) return '.'
  if (kind === 4) {
    return chance.oneOf(chance.happens(0.2) ? [...PROPERTIES, ...MORE_PROPERTIES] : [...ESCAPES, ...MORE_ESCAPES])
  }
  if (kind === 5) return chance.oneOf(ASSERTIONS)
  if (kind === 6) return characterClass(chance)
  return chance.oneOf(LITERALS)
}

function characterClass(chance: Chance): string {
  const parts = Array.from({ length: 1 + chance.below(3) }, () => chance.oneOf([...CLASS_PARTS, ...MORE_CLASS_PARTS]))
  return `[${chance.happens(0.3) ? '^' : ''}${parts.join('')}]`
}

function broken(chance: Chance, pattern: string): string {
  const characters = [...pattern]
  const at = chance.below(characters.length + 1)
  const inserted = chance.happens(0.7) ? [chance.oneOf([...BREAKS, ...MORE_BREAKS])] : []
  return [...characters.slice(0, at), ...inserted, ...characters.slice(at + (inserted.length === 0 ? 1 : 0))].join('')
}
