// Go's regular expressions in JavaScript: matchers and label_replace rest on them.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anchoredRegex } from '../../src/metrics/regex.js'
import { RegexError } from '../../src/metrics/regex-error.js'

interface Row {
  readonly pattern: string
  readonly matches?: readonly string[]
  readonly error?: string
}

const [head, ...rows] = readFileSync(new URL('cases/regex.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const values = (head as { values: readonly string[] }).values

describe('A regular expression matches and fails as in Go', () => {
  test.each(rows as Row[])('$pattern', ({ pattern, matches, error }) => {
    if (error !== undefined) {
      expect(() => anchoredRegex(pattern)).toThrow(error)
      return
    }
    const { regex } = anchoredRegex(pattern)
    expect(values.filter((value) => regex.test(value)).toSorted()).toEqual([...(matches ?? [])].toSorted())
  })
})

test('The whole value has to match, alternatives included', () => {
  const { regex } = anchoredRegex('a|bc')
  expect(['a', 'bc', 'ab', 'xbc', 'bcx'].filter((value) => regex.test(value))).toEqual(['a', 'bc'])
})

test('Capture groups keep their names, which JavaScript need not allow', () => {
  expect(anchoredRegex('(?P<1st>.)(.)(?<same>.)(?<same>.)').groups).toEqual(['', '1st', '', 'same', 'same'])
})

test('No text does anything but compile or be refused by name', () => {
  const fragment = fc.constantFrom('a', '(', ')', '[', ']', '{', '}', '2', ',', '*', '+', '?', '|', '\\', '^', '$', '.')
  const more = fc.constantFrom('(?i)', '(?:', '(?P<n>', '[^', '[:alpha:]', '\\d', '\\pL', '-', 'é', '\\Q', '\\E', 'ß')
  fc.assert(
    fc.property(fc.array(fc.oneof(fragment, more), { maxLength: 12 }), (parts) => {
      try {
        anchoredRegex(parts.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(RegexError)
      }
    }),
    { seed: 20_250_101, numRuns: 3000 },
  )
})
