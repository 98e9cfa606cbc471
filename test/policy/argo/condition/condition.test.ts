// What a compiled condition promises to whoever uses it.

import { describe, expect, it } from 'vitest'
import { assess } from '../../../../src/policy/argo/condition/assess.js'
import { compile } from '../../../../src/policy/argo/condition/condition.js'
import { unmodelledParts } from '../../../../src/policy/argo/condition/unmodelled.js'
import { decodeJson } from '../../../../src/policy/argo/condition/value/json-decode.js'
import { floats } from '../../../../src/policy/argo/condition/value/value.js'

const vector = (...values: number[]) => floats(values)

describe('a condition', () => {
  it('answers one value after another', () => {
    const condition = compile('result[0] >= 0.95')
    expect([0.94, 0.95, Number.NaN].map((value) => condition.evaluate(vector(value)))).toEqual([
      { value: false },
      { value: true },
      { value: false },
    ])
  })

  it('can be right for one type of result and wrong for another', () => {
    const condition = compile('result > 1')
    expect(condition.evaluate(2)).toEqual({ value: true })
    expect(condition.evaluate(vector(2))).toEqual({
      error: 'invalid operation: > (mismatched types []float64 and int)',
    })
    expect(condition.evaluate(0)).toEqual({ value: false })
  })

  it('starts afresh after an error inside a predicate', () => {
    const condition = compile('any(result, {let x = #; x.v > 1})')
    expect(condition.evaluate(decodeJson('[{"v":"a"}]'))).toEqual({ error: 'invalid operation: string > int' })
    expect(condition.evaluate(decodeJson('[{"v":2}]'))).toEqual({ value: true })
  })

  it('tells what is wrong with the text before there is a result, and where', () => {
    const broken = compile('result[0] >= 0.95 and')
    expect(broken.syntaxProblem).toMatchObject({ message: 'unexpected token EOF' })
    expect(broken.tree).toBeUndefined()
    expect(compile('resul[0] > 1').typeError(vector(1))).toBe('unknown name resul')
    expect(compile('result[0] > 1').typeError(vector(1))).toBeUndefined()
  })

  it('takes now() from its caller', () => {
    const condition = compile('now().Year() == 2030 && now() - now() < duration("0s")')
    expect(condition.evaluate(null, Date.UTC(2030, 5, 1))).toEqual({ value: true })
    expect(condition.evaluate(null, Date.UTC(2031, 5, 1))).toEqual({ value: false })
  })

  it('says so where it would need a time-zone database', () => {
    const condition = compile('timezone("Europe/Berlin") == nil')
    expect(condition.evaluate(null)).toEqual({
      error: 'coalmine has no time-zone database and cannot load Europe/Berlin',
    })
  })

  it('stops where an expression produces too much', () => {
    expect(compile('len(1..999999) > 0').evaluate(1)).toEqual({ value: true })
    expect(compile('len(1..1000000) > 0').evaluate(1)).toEqual({ error: 'memory budget exceeded' })
  })
})

describe('the phase of a measurement', () => {
  const rate = vector(0.9)
  const yes = compile('result[0] > 0.5')
  const no = compile('result[0] > 0.95')
  const wrong = compile('result[3] > 0.5')

  it.each([
    ['no conditions', undefined, undefined, 'Successful'],
    ['success met', yes, undefined, 'Successful'],
    ['success not met', no, undefined, 'Failed'],
    ['failure met', undefined, yes, 'Failed'],
    ['failure not met', undefined, no, 'Successful'],
    ['both met', yes, yes, 'Failed'],
    ['success met only', yes, no, 'Successful'],
    ['neither met', no, no, 'Inconclusive'],
    ['an error in success', wrong, yes, 'Error'],
    ['an error in failure', yes, wrong, 'Error'],
  ])('with %s', (_, success, failure, phase) => {
    expect(assess(rate, success, failure).phase).toBe(phase)
  })

  it('blames every error on missing data where there is none', () => {
    const message = (text: string) => assess(vector(), compile(text)).message
    const reason = 'metric result is nil or empty: no data returned from the metric provider'
    expect(message('result[0] > 1')).toBe(`could not evaluate successCondition "result[0] > 1": ${reason}`)
    expect(message('result[0] >')).toBe(`could not evaluate successCondition "result[0] >": ${reason}`)
  })
})

describe('what is not modelled', () => {
  it.each([
    ['timezone("Europe/Berlin") != nil', ['timezone("Europe/Berlin")']],
    ['date("2020-01-01", "2006-01-02", result.zone) < now()', ['date("2020-01-01", "2006-01-02", result.zone)']],
    ['now().Format("15") == "12" && len(keys(result)) > 0', ['now().Format("15")', 'keys(result)']],
    ['date("2020-01-01", "2006-01-02", "UTC") < now().In(timezone("Local"))', []],
    ['result[0] >', []],
  ])('is named with its place in %s', (text, parts) => {
    const found = unmodelledParts(compile(text))
    expect(found.map(({ range }) => text.slice(range.from, range.to))).toEqual(parts)
  })
})
