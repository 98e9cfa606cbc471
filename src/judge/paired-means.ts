// How much larger the mean of one figure is than that of another that was measured under the same circumstances.
import type { Interval } from './binomial-intervals.js'
import { studentReach } from './student.js'

/** Two means, and how far from the true ones chance takes them, alone and together. */
export interface PairedMeans {
  readonly first: number
  readonly second: number
  /** Of the means, not of the values: NaN where there is only one value. */
  readonly firstVariance: number
  readonly secondVariance: number
  readonly covariance: number
  /** Of freedom, in the variances. */
  readonly degrees: number
}

/** Of independent measurements, each of which weighs the same. */
export function averageMeans(parts: readonly PairedMeans[]): PairedMeans {
  const sum = (of: (part: PairedMeans) => number) => parts.reduce((total, part) => total + of(part), 0)
  const count = parts.length
  return {
    first: sum(({ first }) => first) / count,
    second: sum(({ second }) => second) / count,
    firstVariance: sum(({ firstVariance }) => firstVariance) / count ** 2,
    secondVariance: sum(({ secondVariance }) => secondVariance) / count ** 2,
    covariance: sum(({ covariance }) => covariance) / count ** 2,
    // Fewer than there are: the interval is wider rather than narrower for it.
    degrees: Math.min(...parts.map(({ degrees }) => degrees)),
  }
}

/** Of the second less so many times the first, by Student's t; undefined for a single value. */
export function contrastInterval(means: PairedMeans, times: number, confidence: number): Interval | undefined {
  const { first, second, firstVariance, secondVariance, covariance, degrees } = means
  const variance = secondVariance - 2 * times * covariance + times ** 2 * firstVariance
  if (Number.isNaN(variance)) return undefined
  const value = second - times * first
  // Where nothing varies, rounding may leave a bit less than nothing.
  const reach = variance > 0 ? studentReach(confidence, degrees) * Math.sqrt(variance) : 0
  return { low: value - reach, high: value + reach }
}

/**
 * Of second / first, by Fieller's theorem: all ratios r for which the interval of second − r · first holds 0. Undefined
 * where the first can't be told from 0, as every ratio is possible then.
 */
export function ratioInterval(means: PairedMeans, confidence: number): Interval | undefined {
  const { first, second, firstVariance, secondVariance, covariance, degrees } = means
  if (first === 0 || Number.isNaN(firstVariance + secondVariance + covariance)) return undefined
  const reach = studentReach(confidence, degrees) ** 2
  const square = first ** 2 - reach * firstVariance
  if (!(square > 0)) return undefined
  const middle = first * second - reach * covariance
  const rest = second ** 2 - reach * secondVariance
  const root = Math.sqrt(Math.max(0, middle ** 2 - square * rest))
  const [one, other] = [(middle - root) / square, (middle + root) / square]
  return { low: one, high: other }
}
