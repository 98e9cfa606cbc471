// What a query answers is known before there is anything to answer.
import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/run/query-answer.js'

describe('A query answers', () => {
  it.each([
    ['sum(up)', true],
    ['up > 0', true],
    ['1 + 1', false],
    ['scalar(sum(up))', false],
    ['vector(1)', true],
  ])('%s with a list: %s', (query, isList) => {
    expect(answerOf(query)).toMatchObject({ isList })
  })

  it.each(['sum(', 'up[5m]', '"text"'])('nothing that could be judged to %s', (query) => {
    expect(answerOf(query)).toBeUndefined()
  })
})

describe('It may be NaN', () => {
  it.each([
    'sum(rate(a[1m])) / sum(rate(b[1m]))',
    '(a / b) * 100',
    'histogram_quantile(0.99, sum(rate(a_bucket[1m])) by (le))',
    'sum(a / b) or vector(0)',
    'a % b',
    'scalar(a)',
    'max(a / 0)',
  ])('%s', (query) => {
    expect(answerOf(query)?.mayBeNaN).toBe(true)
  })

  it.each([
    'sum(rate(a[1m]))',
    'a / 100',
    '(a / b) > 0.5',
    '(a / b) > bool 0.5',
    'a unless (a / b)',
    'count(a / b)',
    'absent(a / b)',
  ])('%s never', (query) => {
    expect(answerOf(query)?.mayBeNaN).toBe(false)
  })
})
