// Rules that pick metrics by name, as the controller applies them.
import { describe, expect, it } from 'vitest'
import { isDryRun, keptOf, noRules, ruleGivenTwice, ruleWithoutMetric } from '../../../src/policy/argo/metric-rules.js'

const dry = (...names: string[]) => ({ ...noRules, dryRun: names.map((metricName) => ({ metricName })) })
const kept = (...rules: [string, number][]) => ({
  ...noRules,
  retention: rules.map(([metricName, limit]) => ({ metricName, limit })),
})

describe('a dry-run rule', () => {
  it.each([
    ['errors', true],
    ['err', true],
    ['.*', true],
    ['', true],
    ['^rate', false],
    // The documentation's own example; it is no regular expression.
    ['*', false],
  ])('%j picks the metric error-errors: %s', (pattern, picks) => {
    expect(isDryRun('error-errors', dry(pattern))).toBe(picks)
  })

  it('that picks nothing ends a run', () => {
    expect(ruleWithoutMetric(dry('a', '*'), ['a'])).toBe("dryRun[1]: Rule didn't match any metric name(s)")
    expect(ruleWithoutMetric(dry('a'), ['a'])).toBeUndefined()
  })

  it('may be given once', () => {
    expect(ruleGivenTwice(dry('a', 'b', 'a'))).toBe("two Dry-Run metric rules have the same name 'a'")
  })
})

describe('a retention rule', () => {
  it('keeps so many measurements, and ten without a limit above zero', () => {
    expect(keptOf('a', kept(['a', 3]))).toBe(3)
    expect(keptOf('a', kept(['a', 0]))).toBe(10)
    expect(keptOf('b', kept(['a', 3]))).toBe(10)
  })

  it('overrides the ones before it', () => {
    expect(keptOf('a', kept(['.*', 3], ['a', 5]))).toBe(5)
  })

  it('that picks nothing ends a run', () => {
    expect(ruleWithoutMetric(kept(['b', 1]), ['a'])).toBe(
      "measurementRetention[0]: Rule didn't match any metric name(s)",
    )
  })
})
