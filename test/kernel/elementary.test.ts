import { describe, expect, it } from 'vitest'
import { exp, expm1, log, log1p } from '../../src/kernel/elementary.js'
import { casesOf } from './cases.js'

const FUNCTIONS: Record<string, (x: number) => number> = { exp, expm1, log, log1p }

const EPSILON = 2 ** -52
const SMALLEST = 5e-324

describe('the elementary functions', () => {
  it.each(casesOf('elementary'))('%s(%s) is %s to the last bits', (name, x, value) => {
    const truth = Number(value)
    const error = Math.abs(FUNCTIONS[name!]!(Number(x)) - truth)
    const ulps = name === 'expm1' ? 4 : 1
    expect(error).toBeLessThanOrEqual(ulps * (Math.abs(truth) * EPSILON + SMALLEST))
  })

  it('end where doubles end', () => {
    expect([exp(Number.POSITIVE_INFINITY), exp(710), exp(-746), exp(Number.NEGATIVE_INFINITY)]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
      0,
    ])
    expect([log(0), log1p(-1), log(Number.POSITIVE_INFINITY), log1p(Number.POSITIVE_INFINITY)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
    for (const value of [exp(Number.NaN), expm1(Number.NaN), log(Number.NaN), log(-1), log1p(Number.NaN), log1p(-2)]) {
      expect(value).toBeNaN()
    }
  })

  it('undo each other', () => {
    for (let x = -700; x < 700; x += 0.37)
      expect(Math.abs(log(exp(x)) - x)).toBeLessThan(2 * EPSILON * Math.max(1, Math.abs(x)))
    for (let x = -0.99; x < 2; x += 0.0137) expect(Math.abs(expm1(log1p(x)) - x)).toBeLessThan(8 * EPSILON)
  })

  it('agree with this engine, whose last bits they do not share', () => {
    for (let x = -745; x < 709; x += 0.173) {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(x > -708 ? 4 * EPSILON : 1.1)
      expect(Math.abs(log(x + 746) - Math.log(x + 746))).toBeLessThan(4 * EPSILON * Math.max(1, Math.log(x + 746)))
    }
  })
})
