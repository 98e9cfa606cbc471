// How much more often something happens in one of two ways, where each trial was made both ways.
import { type Interval, shareInterval } from './binomial-intervals.js'

/** In how many of the trials it happened in one way alone; those in which both came to the same say nothing. */
export interface PairedShares {
  readonly first: number
  readonly second: number
  readonly trials: number
}

/**
 * Of the second share less the first. That is D · (2p − 1), of the share D of the trials in which the two differ and the
 * part p of these in which it was the second, as in McNemar's test. Both have intervals of Clopper and Pearson at half
 * the risk, so that it holds the true difference in at least so many of all cases, however few there are.
 */
export function shareDifferenceInterval({ first, second, trials }: PairedShares, confidence: number): Interval {
  if (trials === 0) return { low: -1, high: 1 }
  const eachConfidence = (1 + confidence) / 2
  const differing = first + second
  const differ = shareInterval(differing, trials, eachConfidence)
  const ofSecond = differing === 0 ? { low: 0, high: 1 } : shareInterval(second, differing, eachConfidence)
  const [least, most] = [2 * ofSecond.low - 1, 2 * ofSecond.high - 1]
  return {
    low: least * (least < 0 ? differ.high : differ.low),
    high: most * (most < 0 ? differ.low : differ.high),
  }
}

export function shareDifference({ first, second, trials }: PairedShares): number {
  return (second - first) / trials
}

/**
 * Of the mean of several differences that are independent of each other: distances to the ends of their intervals add up
 * like errors do, each side by itself (Zou and Donner 2008, "method of variance estimates recovery").
 */
export function averageShareInterval(parts: readonly PairedShares[], confidence: number): Interval {
  const single = parts.map((part) => ({ value: shareDifference(part), ...shareDifferenceInterval(part, confidence) }))
  const value = single.reduce((sum, part) => sum + part.value, 0) / parts.length
  const reach = (distance: (part: (typeof single)[number]) => number) =>
    Math.sqrt(single.reduce((sum, part) => sum + distance(part) ** 2, 0)) / parts.length
  return { low: value - reach((part) => part.value - part.low), high: value + reach((part) => part.high - part.value) }
}
