// What a point costs, told before it is written.
import { describe, expect, it } from 'vitest'
import { worseTexts } from '../../src/report/tune-worse.js'
import type { PointReport } from '../../src/study/tune/report.js'

const near = (value: number, reach = 0) => ({ value, low: value - reach, high: value + reach })

function point(more: Partial<PointReport>): PointReport {
  return {
    label: 'A',
    changes: [],
    runs: 800,
    harm: near(100, 1),
    durationMs: near(360_000),
    falseAborts: near(0),
    missed: near(0),
    detectionMs: null,
    budgets: [],
    limits: [],
    diff: [],
    ...more,
  }
}

const written = point({ label: 'written' })

describe('What a point is worse in', () => {
  it('is nothing where it is better in everything, or the same', () => {
    expect(worseTexts(point({ harm: near(50, 1) }), written)).toEqual([])
    expect(worseTexts(written, written)).toEqual([])
  })

  it('is told in plain words', () => {
    const worse = point({
      falseAborts: { value: 0.034, low: 0.022, high: 0.049 },
      durationMs: near(780_000),
      harm: near(120, 1),
      missed: near(0.5, 0.1),
    })
    expect(worseTexts(worse, written)).toEqual([
      'A aborts more healthy releases than the policy as it is written: 3.4 % instead of 0 %',
      'A takes longer for a healthy release than the policy as it is written: 13m00.0s instead of 6m00.0s',
      'A harms more users than the policy as it is written: 120 instead of 100',
      'A misses more faulty releases than the policy as it is written: 50 % instead of 0 %',
    ])
  })

  it('may be chance', () => {
    const maybe = point({ falseAborts: { value: 0.0025, low: 0, high: 0.009 }, harm: near(100.5, 1) })
    const sure = point({ falseAborts: { value: 0, low: 0, high: 0.0046 } })
    expect(worseTexts(maybe, sure)).toEqual([
      'A aborts more healthy releases than the policy as it is written: 0.25 % instead of 0 %, which may be chance',
      'A harms more users than the policy as it is written: 101 instead of 100, which may be chance',
    ])
  })

  it('is that it never ends', () => {
    const never = point({ durationMs: { value: 'never', low: null, high: 'never' } })
    expect(worseTexts(never, written)[0]).toContain('written: never instead of 6m00.0s')
    expect(worseTexts(written, never)).toEqual([])
  })
})
