// Go's regular expressions: matchers, label_replace and Argo's `matches` rest on them.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RegexpError } from '../../../src/metrics/regexp/error.js'
import { Regexp, wholeValueTest } from '../../../src/metrics/regexp/regexp.js'

interface Row {
  readonly pattern: string
  readonly matches?: readonly string[]
  readonly error?: string
}

const [head, ...rows] = readFileSync(new URL('../cases/regex.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const values = (head as { values: readonly string[] }).values

describe('A regular expression matches and fails as in Go', () => {
  test.each(rows as Row[])('$pattern', ({ pattern, matches, error }) => {
    if (error !== undefined) {
      expect(() => wholeValueTest(pattern)).toThrow(error)
      return
    }
    expect(values.filter(wholeValueTest(pattern)).toSorted()).toEqual([...(matches ?? [])].toSorted())
  })
})

test('The whole value has to match, alternatives included', () => {
  expect(['a', 'bc', 'ab', 'xbc', 'bcx'].filter(wholeValueTest('a|bc'))).toEqual(['a', 'bc'])
})

describe('Texts with gaps match by their pieces as they would step by step', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'aab', 'aba', 'abab', 'baab', '😀', 'a😀b', 'ab\n']
  test.each([
    'a|ab|',
    '[ab]{0}a[ab]',
    'a.*',
    '.*a',
    '.*b.*',
    '.+',
    '.+a.+',
    'a.*b',
    'ab.*ab',
    '.*a.*b.*',
    '.*.+.+',
    '.*()',
    '(a).+()',
  ])('%s', (pattern) => {
    // A repetition of the whole has no simple form.
    const stepwise = wholeValueTest(`(?:${pattern}){1}`)
    expect(texts.filter(wholeValueTest(pattern))).toEqual(texts.filter(stepwise))
  })
})

describe('A match is the leftmost one, and of those the one preferred first', () => {
  test.each([
    ['a|ab', 'xab', ['a']],
    ['(a+)(b+)?', 'caab', ['aab', 'aa', 'b']],
    ['(a+?)(a*)', 'aaa', ['aaa', 'a', 'aa']],
    ['(?U)(a+)(a*)', 'aaa', ['a', 'a', '']],
    ['(|a)*', 'aa', ['', '']],
    ['(a|ab)(c|bcd)(d*)', 'abcd', ['abcd', 'a', 'bcd', '']],
    ['(?P<x>b)|c', 'c', ['c', undefined]],
    ['$', 'ab', ['']],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['é(.)', 'é😀', ['é😀', '😀']],
  ])('%s in %s', (pattern, text, groups) => {
    expect(new Regexp(pattern).exec(text)).toEqual(groups)
  })

  test('and there may be none', () => {
    expect(new Regexp('a').exec('b')).toBeUndefined()
    expect(new Regexp('^b').test('ab')).toBe(false)
    expect(new Regexp('b$').test('ab')).toBe(true)
  })
})

test('Capture groups keep their names, which several may share', () => {
  expect(new Regexp('(?P<1st>.)(.)(?<same>.)(?<same>.)').groups).toEqual(['', '1st', '', 'same', 'same'])
})

test('No expression takes more steps than text times expression', () => {
  const text = `${'a'.repeat(20_000)}!`
  for (const pattern of ['(a*)*b', '(a|a)*b', '(a?){50}a{50}b', '(.*)(.*)(.*)(.*)b']) {
    expect(wholeValueTest(pattern)(text)).toBe(false)
    expect(new Regexp(`${pattern}$`).test(text.slice(0, 300))).toBe(false)
  }
})

describe('What would grow without limit is refused', () => {
  test.each([
    ['((a{100}){100}){100}', 'invalid repeat count: `{100}`'],
    [`${'('.repeat(1001)}a${')'.repeat(1001)}`, 'expression nests too deeply'],
    [`${'(?:x{1000}){1}'.repeat(4000)}`, 'expression too large'],
  ])('%.30s', (pattern, message) => {
    expect(() => wholeValueTest(pattern)).toThrow(message)
  })
})

test('No text does anything but compile or be refused by name', () => {
  const fragment = fc.constantFrom('a', '(', ')', '[', ']', '{', '}', '2', ',', '*', '+', '?', '|', '\\', '^', '$', '.')
  const more = fc.constantFrom('(?i)', '(?:', '(?P<n>', '[^', '[:alpha:]', '\\d', '\\pL', '-', 'é', '\\Q', '\\E', 'ß')
  fc.assert(
    fc.property(fc.array(fc.oneof(fragment, more), { maxLength: 12 }), (parts) => {
      try {
        wholeValueTest(parts.join(''))('a2é')
      } catch (error) {
        expect(error).toBeInstanceOf(RegexpError)
      }
    }),
    { seed: 20_250_101, numRuns: 3000 },
  )
})

describe('Names of properties are read loosely since Go 1.25, and exactly by matchers', () => {
  test.each([
    ['\\pl', 'a1', 'a'],
    ['[\\ps]', 'a+', '+'],
    ['\\p{lu}', 'aB', 'B'],
    ['\\p{Upper-case_ LETTER}', 'aB', 'B'],
    ['\\P{^digit}', 'a7', '7'],
    ['\\p{greek}', 'aα', 'α'],
    ['\\p{cased letter}', '7ǅ', 'ǅ'],
    ['\\p{ascii}', 'éa', 'a'],
    ['\\P{ASCII}', 'aé', 'é'],
    ['\\p{any}', 'a', 'a'],
    ['\\p{assigned}', '\u0378a', 'a'],
    ['\\p{Unassigned}', 'a\u0378', '\u0378'],
  ])('%s', (pattern, text, found) => {
    expect(new Regexp(pattern).exec(text)).toEqual([found])
    expect(() => wholeValueTest(pattern)).toThrow(`invalid character class range: \`${pattern.replace(/[[\]]/g, '')}\``)
  })

  test('so that those with underscores of their own are found by matchers only', () => {
    expect(wholeValueTest('\\p{Old_Italic}')('\u{10300}')).toBe(true)
    for (const name of ['Old_Italic', 'olditalic', '', '_', 'L&', 'Unknown']) {
      expect(() => new Regexp(`\\p{${name}}`)).toThrow(`invalid character class range: \`\\p{${name}}\``)
    }
  })
})
