// What of a scenario is clearly not as it was when its baseline was written.
import { type Interval, shareInterval } from '../../judge/binomial-intervals.js'
import { contrastInterval, ratioInterval } from '../../judge/paired-means.js'
import { type BudgetUnit, budgetMetrics } from '../../scenario/budget.js'
import type { Estimate } from '../study.js'
import {
  type Baseline,
  type BaselineDistribution,
  baselineFigures,
  baselineShares,
  comparedConfidence,
} from './baseline.js'

export interface Moved {
  /** Such as `users.harmed.mean` or `missed`. */
  readonly figure: string
  readonly unit: BudgetUnit
  readonly before: number
  readonly after: number
  /** Between which two the true change lies; null where the runs don't bound it. */
  readonly low: number | null
  readonly high: number | null
  /** Whether it is told as a part of what it was. */
  readonly isRelative: boolean
}

type Change = Pick<Moved, 'low' | 'high' | 'isRelative'>

/** How many figures have a counterpart, and those whose interval of the change holds no zero. */
export function movedSince(
  before: Baseline,
  after: Baseline,
): { readonly compared: number; readonly moved: readonly Moved[] } {
  const all = [...figuresOf(before, after), ...sharesOf(before, after)]
  return { compared: all.length, moved: all.filter((each) => !mayBeZero(each)) }
}

function mayBeZero({ low, high }: Moved): boolean {
  return (low ?? Number.NEGATIVE_INFINITY) <= 0 && (high ?? Number.POSITIVE_INFINITY) >= 0
}

function figuresOf(before: Baseline, after: Baseline): readonly Moved[] {
  return baselineFigures.flatMap((figure) => {
    const [first, second] = [before.figures[figure], after.figures[figure]]
    if (first === null || second === null) return []
    const { unit } = budgetMetrics[figure]
    const quantile = (name: 'p50' | 'p90') => {
      const change = changeBetween(first[name], second[name])
      return { figure: `${figure}.${name}`, unit, before: first[name].value, after: second[name].value, ...change }
    }
    const change = changeOfMean(first, second)
    const mean = { figure: `${figure}.mean`, unit, before: first.mean, after: second.mean, ...change }
    return [mean, quantile('p50'), quantile('p90')]
  })
}

function sharesOf(before: Baseline, after: Baseline): readonly Moved[] {
  return baselineShares.map((figure) => {
    const [first, second] = [before, after].map(({ counts, runs }) => shareOf(counts[figure], runs)) as [Share, Share]
    const change = { low: second.low - first.high, high: second.high - first.low, isRelative: false }
    return { figure, unit: 'ratio', before: first.value, after: second.value, ...change }
  })
}

type Share = Interval & { readonly value: number }

/** Two intervals are compared, and either may be wrong. */
function shareOf(count: number, runs: number): Share {
  return { value: count / runs, ...shareInterval(count, runs, (1 + comparedConfidence) / 2) }
}

/** Of Welch: the two may scatter differently. */
function changeOfMean(first: BaselineDistribution, second: BaselineDistribution): Change {
  const firstVariance = (first.standardError ?? Number.NaN) ** 2
  const secondVariance = (second.standardError ?? Number.NaN) ** 2
  const spread = firstVariance ** 2 / (first.runs - 1) + secondVariance ** 2 / (second.runs - 1)
  const degrees = spread > 0 ? (firstVariance + secondVariance) ** 2 / spread : first.runs + second.runs - 2
  const means = { first: first.mean, second: second.mean, firstVariance, secondVariance, covariance: 0, degrees }
  const change = contrastInterval(means, 1, comparedConfidence)
  if (change === undefined) return { low: null, high: null, isRelative: false }
  const ratio = first.mean > 0 ? ratioInterval(means, comparedConfidence) : undefined
  return ratio ? { low: ratio.low - 1, high: ratio.high - 1, isRelative: true } : { ...change, isRelative: false }
}

/** Of quantiles, whatever the distribution: between the ends that are nearest, and those that are furthest. */
function changeBetween(first: Estimate, second: Estimate): Change {
  const between = (one: number | null, other: number | null, of: (one: number, other: number) => number) =>
    one === null || other === null ? null : of(one, other)
  const isRelative = first.low !== null && first.low > 0
  const change = isRelative ? (to: number, from: number) => to / from - 1 : (to: number, from: number) => to - from
  return {
    low: between(second.low, first.high, change),
    high: between(second.high, first.low, change),
    isRelative,
  }
}
