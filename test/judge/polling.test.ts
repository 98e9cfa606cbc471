// What checks that look now and then can see, against sums that are written out and values that are known.
import { describe, expect, it } from 'vitest'
import {
  chanceInARow,
  chanceOfFailure,
  chanceOfMoreFailures,
  meanChecksUntil,
  meanChecksUntilInARow,
  requestsToSee,
} from '../../src/judge/polling.js'

describe('one check', () => {
  it.each([
    { mean: 4, ratio: 0.3, threshold: { ratio: 0.25, isIncluded: false } },
    { mean: 4, ratio: 0.3, threshold: { ratio: 0.25, isIncluded: true } },
    { mean: 25, ratio: 0.02, threshold: { ratio: 0.05, isIncluded: false } },
    { mean: 60, ratio: 0.001, threshold: { ratio: 0, isIncluded: false } },
    { mean: 60, ratio: 0.5, threshold: { ratio: 1, isIncluded: true } },
  ])('fails as often as all outcomes of $mean requests at $ratio say', ({ mean, ratio, threshold }) => {
    let expected = 0
    let ofErrors = Math.exp(-mean * ratio)
    for (let errors = 0; errors < 200; errors++) {
      if (errors > 0) ofErrors *= (mean * ratio) / errors
      let ofOthers = Math.exp(-mean * (1 - ratio))
      for (let others = 0; others < 300; others++) {
        if (others > 0) ofOthers *= (mean * (1 - ratio)) / others
        const share = errors / (errors + others)
        const fails = share > threshold.ratio || (threshold.isIncluded && share === threshold.ratio)
        if (fails) expected += ofErrors * ofOthers
      }
    }
    expect(chanceOfFailure(mean, ratio, threshold)).toBeCloseTo(expected, 12)
  })

  it('of no request fails only where that is said', () => {
    const threshold = { ratio: 0.5, isIncluded: false }
    expect(chanceOfFailure(2, 0, threshold)).toBe(0)
    expect(chanceOfFailure(2, 0, threshold, true)).toBeCloseTo(Math.exp(-2), 12)
    const always = { ratio: 0, isIncluded: true }
    expect(chanceOfFailure(2, 0, always)).toBeCloseTo(1 - Math.exp(-2), 12)
    expect(chanceOfFailure(2, 0, always, true)).toBeCloseTo(1, 12)
  })

  it('of a million requests is sure on either side of the threshold', () => {
    const threshold = { ratio: 0.05, isIncluded: false }
    expect(chanceOfFailure(1e6, 0.049, threshold)).toBeLessThan(1e-4)
    expect(chanceOfFailure(1e6, 0.051, threshold)).toBeGreaterThan(1 - 1e-4)
  })
})

it('a check of more requests than can be added up is refused', () => {
  expect(() => chanceOfFailure(1e12, 0.1, { ratio: 0.5, isIncluded: false })).toThrow('a check of')
})

describe('checks one after the other', () => {
  it('fail more often than a limit as a binomial law says', () => {
    const [q, m] = [0.2, 5]
    const chances = [0, 1, 2, 3, 4, 5].map((k) => [1, 5, 10, 10, 5, 1][k]! * q ** k * (1 - q) ** (m - k))
    for (const limit of [0, 1, 2, 3, 4, 5]) {
      const expected = chances.slice(limit + 1).reduce((sum, each) => sum + each, 0)
      expect(chanceOfMoreFailures(limit, Array(m).fill(q))).toBeCloseTo(expected, 12)
    }
    expect(chanceOfMoreFailures(-1, [1, 1])).toBe(0)
    expect(chanceOfMoreFailures(2 ** 31, [1, 1])).toBe(0)
    expect(chanceInARow(2 ** 31, [1, 1])).toBe(0)
  })

  it('may each have a chance of their own', () => {
    expect(chanceOfMoreFailures(0, [0.1, 0.5])).toBeCloseTo(0.55, 12)
    expect(chanceOfMoreFailures(1, [0.1, 0.5, 0.2])).toBeCloseTo(0.1 * 0.5 + 0.1 * 0.2 + 0.5 * 0.2 - 2 * 0.01, 12)
  })

  it('happen in a row as counting all courses says', () => {
    const q = 0.3
    for (const length of [1, 2, 3]) {
      let expected = 0
      for (let course = 0; course < 64; course++) {
        const text = course.toString(2).padStart(6, '0')
        const happened = [...text].filter((each) => each === '1').length
        if (text.includes('1'.repeat(length))) expected += q ** happened * (1 - q) ** (6 - happened)
      }
      expect(chanceInARow(length, Array(6).fill(q))).toBeCloseTo(expected, 12)
    }
  })

  it('take as long on average as the sum over all that are still without an end', () => {
    const [q, most] = [0.6, 300]
    const sum = (isOver: (checks: readonly number[]) => number) =>
      Array.from({ length: most }, (_, n) => 1 - isOver(Array(n).fill(q))).reduce((total, each) => total + each, 0)
    expect(meanChecksUntil(3, q)).toBeCloseTo(
      sum((checks) => chanceOfMoreFailures(2, checks)),
      9,
    )
    expect(meanChecksUntilInARow(3, q)).toBeCloseTo(
      sum((checks) => chanceInARow(3, checks)),
      9,
    )
    expect(meanChecksUntilInARow(3, 1)).toBe(3)
  })
})

it.each([
  [0.2, 14],
  [0.05, 59],
  [0.01, 299],
  [0.001, 2995],
  [1, 1],
])('one error of a canary that fails %f is seen with 95 %% among %i requests', (ratio, requests) => {
  expect(requestsToSee(ratio, 0.95)).toBe(requests)
})
