// How long those wait who are served in the end.
import { exp, log1p } from '../../kernel/elementary.js'
import { normalQuantile } from '../../kernel/normal.js'
import { type Atoms, atomsFrom, TAILS } from './atoms.js'
import type { Occupancy } from './occupancy.js'

/**
 * The waits of those who wait, as shares of all who are served: in each place of the queue a law of the mean and the
 * variance there, all of them together of the mean that the occupancy has.
 */
export function waitsOf(occupancy: Occupancy): Atoms {
  const { meanWaitMs } = occupancy
  const found: [ms: number, share: number][] = []
  for (const group of groupsOf(occupancy)) spread(group, found)
  const merged = merge(found)
  let meanMs = 0
  for (const [ms, share] of merged) meanMs += ms * share
  const scale = meanMs > 0 ? meanWaitMs / meanMs : 0
  return {
    ms: Float64Array.from(merged, ([ms]) => ms * scale),
    shares: Float64Array.from(merged, ([, share]) => share),
  }
}

/** Neighbouring places in the queue that are found so rarely that they count as one. */
interface Group {
  share: number
  /** Sums of share times mean wait, and of share times its mean square. */
  times: number
  squares: number
}

function groupsOf({ waiting, freeShare, waitsMs, waitVariances }: Occupancy): readonly Group[] {
  const groups: Group[] = []
  const share = 1 - freeShare
  if (!(share > NOTHING)) return groups
  let cut = 0
  let left = share
  let open: Group = { share: 0, times: 0, squares: 0 }
  for (let place = 0; place < waiting.length; place++) {
    const odds = waiting[place]!
    const meanMs = waitsMs[place]!
    open.share += odds
    open.times += odds * meanMs
    open.squares += odds * (meanMs * meanMs + waitVariances[place]!)
    left -= odds
    if (left > CUTS[cut]! * share && place < waiting.length - 1) continue
    if (open.share > NOTHING * share) groups.push(open)
    open = { share: 0, times: 0, squares: 0 }
    while (left <= CUTS[cut]! * share) cut++
  }
  return groups
}

function spread({ share, times, squares }: Group, found: [ms: number, share: number][]): void {
  const meanMs = times / share
  const variance = Math.max(0, squares / share - meanMs * meanMs)
  const squaredVariation = variance / (meanMs * meanMs)
  for (const [index, standard] of STANDARDS.entries()) {
    found.push([meanMs * timesMean(squaredVariation, standard), share * STANDARD_SHARES[index]!])
  }
}

/**
 * Quantiles of a positive law of mean 1: a gamma's, whose cube root is all but normal (E. B. Wilson and M. M. Hilferty,
 * The distribution of chi-square, 1931), or a log-normal's where that fails, since the wait varies more than an
 * exponential.
 */
function timesMean(squaredVariation: number, standard: number): number {
  if (squaredVariation > 1) {
    const square = log1p(squaredVariation)
    return exp(Math.sqrt(square) * standard - square / 2)
  }
  const tilt = Math.sqrt(squaredVariation) / 3
  const root = Math.max(0, 1 - tilt * tilt + tilt * standard)
  return root * root * root
}

/** As few times as tell the law: in each of the cuts its mean. */
function merge(found: [ms: number, share: number][]): readonly (readonly [ms: number, share: number])[] {
  const { ms, shares } = atomsFrom(found.filter(([, share]) => share > 0))
  const sum = found.reduce((total, [, share]) => total + share, 0)
  const merged: [ms: number, share: number][] = []
  let cut = 0
  let left = 1
  let share = 0
  let times = 0
  for (let index = 0; index < ms.length; index++) {
    share += shares[index]!
    times += shares[index]! * ms[index]!
    left -= shares[index]!
    if (left > CUTS[cut]! && index < ms.length - 1) continue
    merged.push([times / share, share * sum])
    share = 0
    times = 0
    while (left <= CUTS[cut]!) cut++
  }
  return merged
}

/** The shares still left at which one group of waits ends and the next begins; the last has no end. */
const CUTS = [...TAILS, Number.NEGATIVE_INFINITY]

const NOTHING = 1e-13

/** The middles of equal shares of a normal law, and finer ones at its slow end. */
const STANDARD_TAILS = [1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 1 / 16, 1 / 64, 1 / 512, 0]
const STANDARD_SHARES = STANDARD_TAILS.slice(1).map((tail, index) => STANDARD_TAILS[index]! - tail)
const STANDARDS = STANDARD_TAILS.slice(1).map((tail, index) => -normalQuantile((STANDARD_TAILS[index]! + tail) / 2))
