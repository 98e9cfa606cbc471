// How sure one can be of a share or a quantile that was seen in so many independent runs, whatever their distribution.
import { betaCdf, betaQuantile } from './incomplete-beta.js'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** The chance of at most so many successes. */
export function binomialCdf(successes: number, trials: number, p: number): number {
  if (successes < 0) return 0
  if (successes >= trials) return 1
  return betaCdf(1 - p, trials - successes, successes + 1)
}

/**
 * Of Clopper and Pearson: it holds the true share in at least so many of all cases. Without one success among n its upper
 * end at 95 % is some 3.7 / n: the rule of three, for both sides.
 */
export function shareInterval(successes: number, trials: number, confidence: number): Interval {
  return once(`share ${successes} ${trials} ${confidence}`, () => {
    const tail = (1 - confidence) / 2
    const low = successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1)
    const high = successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes)
    return { low, high }
  })
}

/**
 * Between which of the values in their order the quantile p lies in at least so many of all cases: ranks from 1, or 0 and
 * one more than there are where so few values don't bound it on that side.
 */
export function quantileRanks(p: number, size: number, confidence: number): Interval {
  return once(`ranks ${p} ${size} ${confidence}`, () => {
    const tail = (1 - confidence) / 2
    // The quantile is below the r-th value when fewer than r values are below the quantile.
    const low = search(size, (rank) => binomialCdf(rank - 1, size, p) <= tail)
    const high = search(size, (rank) => binomialCdf(rank - 1, size, p) < 1 - tail) + 1
    return { low, high }
  })
}

/** A report asks for the same few of each of its figures. */
const asked = new Map<string, Interval>()
const mostKept = 1024

function once(question: string, answer: () => Interval): Interval {
  const known = asked.get(question)
  if (known) return known
  const interval = Object.freeze(answer())
  if (asked.size === mostKept) asked.clear()
  asked.set(question, interval)
  return interval
}

/** The greatest rank up to the size of which it is true; 0 if it is of none. */
function search(size: number, isTrue: (rank: number) => boolean): number {
  let low = 0
  let high = size + 1
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isTrue(middle)) low = middle
    else high = middle
  }
  return low
}
