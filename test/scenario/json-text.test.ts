// JSON text: what is wrong with it, and where its values stand.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/scenario/json-text.js'
import { formatProblem, Problems } from '../../src/scenario/problem.js'

const hint = 'Print it again.'

function read(text: string) {
  const problems = new Problems()
  const document = parseJson(text, 'x.json', problems, hint)
  return { document, told: problems.sorted().map(formatProblem) }
}

describe('What is no JSON is told with its place', () => {
  const unfinished =
    'Whatever should have written it may have failed or was interrupted, and told why on standard error.'
  it.each([
    ['', '1:1  error  there is nothing in it [json-empty]', unfinished],
    [' \n\t', '1:1  error  there is nothing in it [json-empty]', unfinished],
    ['{"a": [1, 2', '1:12  error  it was cut off: this JSON ends in the middle [json-cut]', unfinished],
    ['{"a":\n "two \\', '2:8  error  it was cut off: this JSON ends in the middle [json-cut]', unfinished],
    ['{"a": tru', '1:10  error  it was cut off: this JSON ends in the middle [json-cut]', unfinished],
    ['[-', '1:3  error  it was cut off: this JSON ends in the middle [json-cut]', unfinished],
    ['[[[', '1:4  error  it was cut off: this JSON ends in the middle [json-cut]', unfinished],
    ['Hello', '1:1  error  this is no JSON: expected a value, found `Hello` [json-syntax]', hint],
    ['{a: 1}', '1:2  error  this is no JSON: expected a name in double quotes or `}`, found `a` [json-syntax]', hint],
    ['{"a" 1}', '1:6  error  this is no JSON: expected `:`, found `1` [json-syntax]', hint],
    ['{"a": 1,}', '1:9  error  this is no JSON: expected a name in double quotes, found `}` [json-syntax]', hint],
    ['[1 2]', '1:4  error  this is no JSON: expected `,` or `]`, found `2` [json-syntax]', hint],
    ['[1, 01]', '1:5  error  this is no JSON: expected a value, found `01` [json-syntax]', hint],
    ['[1}', '1:3  error  this is no JSON: expected `,` or `]`, found `}` [json-syntax]', hint],
    [
      '{}\n{}',
      '2:1  error  this is no JSON: expected nothing more: a file holds one document, found `{` [json-syntax]',
      hint,
    ],
  ])('%j', (text, problem, advice) => {
    expect(read(text).told).toEqual([`x.json:${problem}\n    ${advice}`])
  })

  it('however deep it is', () => {
    expect(read('['.repeat(300_000)).told[0]).toContain('it was cut off')
  })
})

it('a byte order mark is none of it', () => {
  expect(read('\ufeff[1]').document?.value).toEqual([1])
})

it('a value and its key are found by their path', () => {
  const text = '{"a": {"b\\u0021": [10,\n  {"c": true}]},\r\n "a b": "x"}'
  const document = read(text).document!
  const at = ({ line, column }: { line: number; column: number }) => {
    return text.split('\n')[line - 1]!.slice(column - 1)
  }
  expect(at(document.positionOf([]))).toMatch(/^\{"a"/)
  expect(at(document.positionOf(['a', 'b!', 0]))).toMatch(/^10,/)
  expect(at(document.positionOf(['a', 'b!', 1, 'c']))).toMatch(/^true/)
  expect(at(document.keyPositionOf(['a', 'b!', 1, 'c']))).toMatch(/^"c"/)
  expect(at(document.keyPositionOf(['a b']))).toMatch(/^"a b"/)
  expect(document.positionOf(['a', 'b!', 1])).toEqual({ line: 2, column: 3 })
})

it('it is JSON to this reader exactly if it is to JavaScript', () => {
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '"', '}', ']', ':', '0', '-', 'e', ' ', '\\', '\u0001'),
    )
    .map(([text, at, length, mark]) => {
      const offset = at % (text.length + 1)
      return text.slice(0, offset) + mark + text.slice(offset + length)
    })
  fc.assert(
    fc.property(broken, (text) => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect(read(text).told.length).toBe(isJson ? 0 : 1)
    }),
    { seed: 20, numRuns: 5000 },
  )
})
