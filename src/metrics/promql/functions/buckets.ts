// Quantiles and fractions of one classic histogram, estimated from its cumulative buckets.

import type { Repair } from '../annotations.js'

/** Cumulative counts by rising upper bound. Changed in place: equal bounds merged, decreases levelled. */
export interface Buckets {
  size: number
  readonly bounds: number[]
  readonly counts: number[]
  /** What was levelled. */
  repair: Repair | undefined
}

/** Counts of one histogram that differ relatively by less are equal: rounding, not data. */
const TOLERANCE = 1e-12
const SMALLEST_NORMAL = 2.2250738585072014e-308

export function quantileOfBuckets(q: number, buckets: Buckets): number {
  if (Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const { bounds, counts } = buckets
  if (bounds[buckets.size - 1] !== Number.POSITIVE_INFINITY) return Number.NaN
  mergeEqualBounds(buckets)
  level(buckets)
  const highest = buckets.size - 1
  if (highest < 1 || counts[highest] === 0) return Number.NaN
  const rank = q * counts[highest]!
  const bucket = firstReaching(rank, counts, highest)
  // Nothing is known about how far the last bucket reaches.
  if (bucket === highest) return bounds[highest - 1]!
  const end = bounds[bucket]!
  // Adding to zero makes zero of minus zero.
  if (bucket === 0) return end <= 0 ? end : 0 + end * (rank / counts[0]!)
  const start = bounds[bucket - 1]!
  const below = counts[bucket - 1]!
  return start + (end - start) * ((rank - below) / (counts[bucket]! - below))
}

/** The share of observations between two values. */
export function fractionOfBuckets(lower: number, upper: number, buckets: Buckets): number {
  const { bounds, counts } = buckets
  if (bounds[buckets.size - 1] !== Number.POSITIVE_INFINITY) return Number.NaN
  mergeEqualBounds(buckets)
  const count = counts[buckets.size - 1]!
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN
  if (lower >= upper) return 0
  return (Math.min(rankOf(upper, buckets), count) - Math.min(rankOf(lower, buckets), count)) / count
}

/** How many observations are below a value, spread evenly within each bucket. */
function rankOf(value: number, { size, bounds, counts }: Buckets): number {
  let start = bounds[0]! <= 0 ? Number.NEGATIVE_INFINITY : 0
  let rank = 0
  for (let i = 0; i < size; i++) {
    const end = bounds[i]!
    const count = counts[i]!
    if (start >= value) return rank
    if (end > value) {
      return start === Number.NEGATIVE_INFINITY ? count : rank + ((count - rank) * (value - start)) / (end - start)
    }
    start = end
    rank = count
  }
  return Number.POSITIVE_INFINITY
}

/** The first bucket that holds at least `rank` observations; `highest` if none below does. */
function firstReaching(rank: number, counts: readonly number[], highest: number): number {
  let low = 0
  let high = highest
  while (low < high) {
    const middle = (low + high) >> 1
    if (counts[middle]! >= rank) high = middle
    else low = middle + 1
  }
  return low
}

function mergeEqualBounds(buckets: Buckets): void {
  const { bounds, counts } = buckets
  let kept = 0
  for (let i = 1; i < buckets.size; i++) {
    if (bounds[i] === bounds[kept]) {
      counts[kept]! += counts[i]!
      continue
    }
    kept++
    bounds[kept] = bounds[i]!
    counts[kept] = counts[i]!
  }
  buckets.size = kept + 1
}

/** Rates of different buckets can decrease, by rounding or by scrapes of different moments; a histogram can't. */
function level(buckets: Buckets): void {
  const { size, bounds, counts } = buckets
  let highest = counts[0]!
  for (let i = 1; i < size; i++) {
    const count = counts[i]!
    if (count === highest) continue
    if (almostEqual(highest, count)) counts[i] = highest
    else if (count < highest) {
      const { lowestBound = bounds[i]!, difference = 0 } = buckets.repair ?? {}
      buckets.repair = { lowestBound, highestBound: bounds[i]!, difference: Math.max(difference, highest - count) }
      counts[i] = highest
    } else highest = count
  }
}

function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true
  const sum = Math.abs(a) + Math.abs(b)
  const difference = Math.abs(a - b)
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE
}
