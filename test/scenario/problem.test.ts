// Problems: one shape, collected, sorted and told all at once.
import { expect, test } from 'vitest'
import { limits } from '../../src/scenario/limits.js'
import { formatProblem, type Place, ProblemError, Problems, wholeFile } from '../../src/scenario/problem.js'

const at = (file: string, line: number, column: number): Place => ({ file, line, column })

test('a problem says where, what and how to mend it', () => {
  const problems = new Problems()
  problems.error('scenario-unknown-field', at('shop.yaml', 7, 5), 'unknown field `onsett`', { hint: 'Say `onset`.' })
  const [problem] = problems.sorted()
  expect(problem).toEqual({
    code: 'scenario-unknown-field',
    severity: 'error',
    file: 'shop.yaml',
    line: 7,
    column: 5,
    message: 'unknown field `onsett`',
    hint: 'Say `onset`.',
  })
  expect(formatProblem(problem!)).toBe(
    'shop.yaml:7:5  error  unknown field `onsett` [scenario-unknown-field]\n    Say `onset`.',
  )
})

test('a problem keeps the words of the system that would refuse it, and the order of all tells which it says first', () => {
  const problems = new Problems()
  const words = `spec.replicas: ${'x'.repeat(limits.messageCharacters)}`
  problems.error('late', at('shop.yaml', 9, 1), 'found first', { verbatim: words })
  problems.error('early', at('shop.yaml', 1, 1), 'found second')
  expect(problems.inOrder.map(({ code, verbatim }) => [code, verbatim])).toEqual([
    ['late', words],
    ['early', undefined],
  ])
})

test('a problem of a whole file has no line', () => {
  const problems = new Problems()
  problems.warning('file-empty', wholeFile('shop.yaml'), 'this file holds no manifest')
  expect(problems.sorted().map(formatProblem)).toEqual(['shop.yaml  warning  this file holds no manifest [file-empty]'])
})

test('problems come by file, line and column, and at one place in the order they were found', () => {
  const problems = new Problems()
  problems.error('c', at('b.yaml', 1, 1), 'third')
  problems.error('b', at('a.yaml', 10, 2), 'second, found first')
  problems.error('a', at('a.yaml', 10, 2), 'second, found next')
  problems.error('z', at('a.yaml', 9, 80), 'first')
  problems.error('y', at('Z.yaml', 9, 80), 'capitals come before small letters')
  expect(problems.sorted().map(({ message }) => message)).toEqual([
    'capitals come before small letters',
    'first',
    'second, found first',
    'second, found next',
    'third',
  ])
})

test('errors throw together with the warnings', () => {
  const problems = new Problems()
  problems.warning('w', at('a.yaml', 1, 1), 'look here')
  problems.error('e', at('a.yaml', 2, 1), 'this is wrong')
  const thrown = catchError(() => problems.throwIfAny())
  expect(thrown).toBeInstanceOf(ProblemError)
  expect((thrown as ProblemError).problems.map(({ code }) => code)).toEqual(['w', 'e'])
  expect((thrown as Error).message).toContain('a.yaml:2:1  error  this is wrong [e]')
})

test('warnings alone throw nothing', () => {
  const problems = new Problems()
  problems.warning('w', at('a.yaml', 1, 1), 'look here')
  expect(() => problems.throwIfAny()).not.toThrow()
  expect(problems.hasErrors).toBe(false)
})

test('only so many problems are kept, and the rest is counted', () => {
  const problems = new Problems()
  for (let line = 1; line <= limits.problems + 5; line++) problems.error('e', at('a.yaml', line, 1), 'wrong')
  const sorted = problems.sorted()
  expect(sorted).toHaveLength(limits.problems + 1)
  expect(sorted.at(-1)).toMatchObject({ code: 'limit-problems', message: expect.stringContaining('5 more problems') })
})

test('a message or hint that quotes a long text is cut', () => {
  const problems = new Problems()
  problems.error('e', at('a.yaml', 1, 1), 'x'.repeat(1_000_000), { hint: 'y'.repeat(1_000_000) })
  const [problem] = problems.sorted()
  expect(problem!.message).toHaveLength(limits.messageCharacters + 1)
  expect(problem!.hint).toHaveLength(limits.messageCharacters + 1)
})

function catchError(action: () => void): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
