// What the runs of two policies say of one figure: as much as every statement on their difference needs, for one world or
// for several together.
import type { Interval } from '../../judge/binomial-intervals.js'
import { averageMeans, contrastInterval, type PairedMeans, ratioInterval } from '../../judge/paired-means.js'
import { averageShareInterval, type PairedShares, shareDifference } from '../../judge/paired-shares.js'
import type { Result } from '../conduct.js'
import { recorded } from '../judgement.js'
import { isPartial, type PairTally } from '../pair-tally.js'
import type { Spread } from '../spread.js'
import { type Estimate, quantileEstimate, shareEstimate } from '../study.js'
import type { Tally } from '../tally.js'
import { type ComparedMetric, comparedMetrics, isShare, type NumberMetric, shares } from './metrics.js'

/** The worlds in a basis are independent of each other, as no seed is flown in two of them, and weigh the same. */
export type Basis = NumberBasis | ShareBasis

export interface NumberBasis {
  readonly kind: 'number'
  readonly parts: readonly NumberPart[]
}

export interface ShareBasis {
  readonly kind: 'share'
  readonly parts: readonly SharePart[]
}

interface NumberPart {
  /** Of all runs in which an arm has the figure; null if it has it in none. */
  readonly first: number | null
  readonly second: number | null
  /** The runs in which both have it. */
  readonly runs: number
  readonly means: PairedMeans
  readonly median: Estimate | null
  /** Whether no run differed. */
  readonly isSame: boolean
}

interface SharePart {
  readonly first: Estimate
  readonly second: Estimate
  readonly runs: number
  readonly differing: PairedShares
}

export type Bases = ReadonlyMap<ComparedMetric, Basis>

export function basesOf(result: Result, confidence: number): Bases {
  return new Map(comparedMetrics.map((metric) => [metric, basisOf(metric, result, confidence)]))
}

/** Of worlds whose runs tell something; each metric of which any does. */
export function together(worlds: readonly Bases[]): Bases {
  return new Map(
    comparedMetrics.flatMap((metric) => {
      const told = worlds.map((bases) => bases.get(metric)!).filter((basis) => runsOf(basis) > 0)
      const basis = joined(told)
      return basis ? [[metric, basis] as const] : []
    }),
  )
}

function basisOf(metric: ComparedMetric, result: Result, confidence: number): Basis {
  return isShare(metric)
    ? { kind: 'share', parts: [sharePart(metric, result, confidence)] }
    : { kind: 'number', parts: [numberPart(metric, result, confidence)] }
}

function joined(bases: readonly Basis[]): Basis | undefined {
  const ofShares = bases.flatMap((basis) => (basis.kind === 'share' ? basis.parts : []))
  if (ofShares.length > 0) return { kind: 'share', parts: ofShares }
  const numbers = bases.flatMap((basis) => (basis.kind === 'number' ? basis.parts : []))
  return numbers.length > 0 ? { kind: 'number', parts: numbers } : undefined
}

/** The second less the first; null where no run tells. */
export function differenceOf(basis: Basis, confidence: number): Estimate | null {
  return beyond(basis, 0, confidence)
}

/** By how much the second is above a margin over the first: a part of it for a number, so many runs for a share. */
export function beyond(basis: Basis, margin: number, confidence: number): Estimate | null {
  if (basis.kind === 'share') {
    const differing = basis.parts.map((part) => part.differing).filter(({ trials }) => trials > 0)
    if (differing.length === 0) return null
    const value = mean(differing.map(shareDifference))
    const { low, high } = averageShareInterval(differing, confidence)
    return { value: value - margin, low: low - margin, high: high - margin }
  }
  const means = meansOf(basis)
  if (means === undefined) return null
  const value = means.second - (1 + margin) * means.first
  return { value, ...(contrastInterval(means, 1 + margin, confidence) ?? unknown) }
}

/** How many times as much the second is; null where there is nothing to divide by, or only one run. */
export function ratioOf(basis: Basis, confidence: number): Estimate | null {
  const means = meansOf(basis)
  if (means === undefined) return null
  const interval: Interval | undefined = ratioInterval(means, confidence)
  return interval ? { value: means.second / means.first, ...interval } : null
}

/** So many pairs of runs tell. */
export function runsOf({ parts }: Basis): number {
  return (parts as readonly { runs: number }[]).reduce((sum, { runs }) => sum + runs, 0)
}

/** Undefined of shares, and where no run tells. */
export function meansOf(basis: Basis): PairedMeans | undefined {
  if (basis.kind === 'share') return undefined
  const told = basis.parts.filter(({ runs }) => runs > 0)
  return told.length === 0 ? undefined : averageMeans(told.map(({ means }) => means))
}

const unknown = { low: null, high: null }

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function sharePart(metric: keyof typeof shares, { arms, pairs }: Result, confidence: number): SharePart {
  const { fact, countIn } = shares[metric]
  const [first, second] = arms as readonly [Tally, Tally]
  const [pair] = pairs as readonly [PairTally]
  return {
    first: shareEstimate(countIn(first), first.runs, confidence),
    second: shareEstimate(countIn(second), second.runs, confidence),
    runs: pair.runs,
    differing: { ...pair.facts[fact], trials: pair.runs },
  }
}

function numberPart(metric: NumberMetric, { arms, pairs }: Result, confidence: number): NumberPart {
  const [figure, factor] = recorded[metric]
  const [first, second] = (arms as readonly [Tally, Tally]).map((tally) => tally.spread(figure))
  const [pair] = pairs as readonly [PairTally]
  const differences = pair.differences[figure]
  const ofBoth = isPartial(figure) ? pair.both[figure] : { first: first!, second: second! }
  const meanOf = (spread: Spread) => (spread.size === 0 ? null : spread.mean / factor)
  return {
    first: meanOf(first!),
    second: meanOf(second!),
    runs: differences.size,
    means: pairedMeans(ofBoth.first, ofBoth.second, differences, factor),
    median: differences.size === 0 ? null : scaled(quantileEstimate(differences, 0.5, confidence), factor),
    isSame: differences.min === 0 && differences.max === 0,
  }
}

/** Var(b − a) = Var(a) + Var(b) − 2 Cov(a, b): three spreads know what pairs of values would tell. */
function pairedMeans(first: Spread, second: Spread, differences: Spread, factor: number): PairedMeans {
  const variance = (spread: Spread) => (spread.standardError / factor) ** 2
  const [firstVariance, secondVariance] = [variance(first), variance(second)]
  return {
    first: first.mean / factor,
    second: (first.mean + differences.mean) / factor,
    firstVariance,
    secondVariance,
    covariance: (firstVariance + secondVariance - variance(differences)) / 2,
    degrees: differences.size - 1,
  }
}

function scaled({ value, low, high }: Estimate, factor: number): Estimate {
  return { value: value / factor, low: low === null ? null : low / factor, high: high === null ? null : high / factor }
}
