// What many runs of one scenario have in common, as it is printed: shares of the verdicts, distributions of the numbers.

import { quantileRanks, shareInterval } from '../judge/binomial-intervals.js'
import { normalQuantile } from '../kernel/normal.js'
import { type Verdict, verdicts } from '../scenario/budget.js'
import type { Fidelity } from '../scenario/fidelity.js'
import { byName } from './by-name.js'
import { type Figure, figures } from './figures.js'
import type { Spread } from './spread.js'
import type { Tally } from './tally.js'

export const studySchema = 'coalmine.study/v2'

/** How sure the intervals are that a study tells of. */
export const confidence = 0.95

/** A figure of the runs, and between which two the true one lies. */
export interface Estimate {
  readonly value: number
  /** Null where the runs don't bound it on that side. */
  readonly low: number | null
  readonly high: number | null
}

/** Of the runs in which the number exists: a release that is never detected has no detection time. */
export interface Distribution {
  readonly runs: number
  readonly mean: Estimate | null
  readonly p5: Estimate | null
  readonly p50: Estimate | null
  readonly p90: Estimate | null
  readonly p95: Estimate | null
  readonly p99: Estimate | null
}

export interface Study {
  readonly schema: typeof studySchema
  /** Of coalmine: another one may fly another way. */
  readonly version: string
  readonly scenario: string
  readonly teaches: string
  /** Of the first run; the others have the next ones. */
  readonly seed: number
  readonly runs: number
  /** Whether requests were counted as a flow or flown one by one. */
  readonly fidelity: Fidelity
  readonly verdicts: Readonly<Record<Verdict, Estimate>>
  /** The share of the runs that were promoted with the fault in them, and that were stopped for nothing. */
  readonly missed: Estimate
  readonly falseAborts: Estimate
  readonly numbers: Readonly<Record<Figure, Distribution>>
}

/** Which runs they are. */
export interface StudyHead {
  readonly version: string
  readonly name: string
  readonly teaches: string
  readonly seed: number
  readonly fidelity: Fidelity
}

export function studyOf({ version, name, teaches, fidelity, seed }: StudyHead, tally: Tally): Study {
  const { runs } = tally
  const share = (count: number) => shareEstimate(count, runs)
  return {
    schema: studySchema,
    version,
    scenario: name,
    teaches,
    seed,
    runs,
    fidelity,
    verdicts: byName(verdicts, (verdict) => share(tally.verdicts[verdict])),
    missed: share(tally.missed),
    falseAborts: share(tally.falseAborts),
    numbers: byName(figures, (figure) => distributionOf(tally.spread(figure))),
  }
}

export function distributionOf(spread: Spread): Distribution {
  const quantile = (p: number) => (spread.size === 0 ? null : quantileEstimate(spread, p))
  return {
    runs: spread.size,
    mean: spread.size === 0 ? null : meanEstimate(spread),
    p5: quantile(0.05),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
  }
}

export function shareEstimate(count: number, runs: number, level = confidence): Estimate {
  if (runs === 0) return { value: 0, low: null, high: null }
  return { value: count / runs, ...shareInterval(count, runs, level) }
}

/** Whatever the distribution: between two of the values in their order. */
export function quantileEstimate(spread: Spread, p: number, level = confidence): Estimate {
  const { low, high } = quantileRanks(p, spread.size, level)
  return {
    value: spread.quantile(p),
    low: low === 0 ? null : spread.ranked(low),
    high: high > spread.size ? null : spread.ranked(high),
  }
}

/** By the central limit theorem. */
export function meanEstimate(spread: Spread, level = confidence): Estimate {
  const value = spread.mean
  const { standardError } = spread
  if (Number.isNaN(standardError)) return { value, low: null, high: null }
  const reach = normalQuantile((1 + level) / 2) * standardError
  return { value, low: value - reach, high: value + reach }
}
