// How long answers take, as a scenario says it: in one of four forms.
import { shifted } from './decimal.js'
import {
  DEFAULT_LATENCY,
  type Percentiles,
  percentilesFrom,
  percentilesLike,
  type WrittenPercentiles,
} from './percentiles.js'
import { parseDuration } from './units.js'

export type LatencyShape =
  /** Log-normal; where both are the same, always that. */
  | Percentiles
  /** Exponential. */
  | { readonly meanMs: number }
  /** At least two, from the lowest up. */
  | { readonly quantiles: readonly QuantilePoint[] }
  /** From the lowest up; their ratios add up to 1. */
  | { readonly histogram: readonly Bar[] }

/** A share of the answers that takes at most so long. */
export interface QuantilePoint {
  readonly ratio: number
  readonly ms: number
}

/** A share of the answers that takes longer than the bar before, and at most so long. */
export interface Bar {
  readonly atMostMs: number
  readonly ratio: number
}

/** Of the written forms there is one; the schema has seen to it. */
export type WrittenLatency =
  | number
  | {
      readonly p50?: number | undefined
      readonly p99?: number | undefined
      readonly mean?: number | undefined
      readonly quantiles?: Readonly<Record<string, number>> | undefined
      readonly histogram?: Readonly<Record<string, number>> | undefined
    }
  | undefined

/** Stable: one percentile takes the other with it. */
export function latencyFrom(written: WrittenLatency, base: Percentiles): LatencyShape {
  return formOf(written) ?? percentilesFrom(percentilesIn(written), base)
}

/** The canary: what is not said is as stable. A percentile alone joins that of stable, where stable is said so, too. */
export function latencyLike(base: LatencyShape, written: WrittenLatency): LatencyShape {
  const form = formOf(written)
  const percentiles = percentilesIn(written)
  if (form !== undefined || percentiles === undefined) return form ?? base
  return percentilesLike('p50Ms' in base ? base : DEFAULT_LATENCY, percentiles)
}

/** Of `p99.9`, 0.999; undefined if it names no quantile. */
export function quantileRatio(name: string): number | undefined {
  const digits = /^p(\d{1,2}(?:\.\d+)?)$/.exec(name)?.[1]
  const ratio = digits === undefined ? 0 : shifted(digits, -2)
  return ratio > 0 && ratio < 1 ? ratio : undefined
}

function formOf(written: WrittenLatency): LatencyShape | undefined {
  if (typeof written !== 'object') return undefined
  const { mean, quantiles, histogram } = written
  if (mean !== undefined) return { meanMs: mean }
  if (quantiles !== undefined) return { quantiles: pointsOf(quantiles) }
  return histogram && { histogram: barsOf(histogram) }
}

function percentilesIn(written: WrittenLatency): Exclude<WrittenPercentiles, undefined> | undefined {
  if (typeof written !== 'object') return written
  const { p50, p99 } = written
  return p50 === undefined && p99 === undefined ? undefined : { p50, p99 }
}

function pointsOf(quantiles: Readonly<Record<string, number>>): readonly QuantilePoint[] {
  const points = Object.entries(quantiles).map(([name, ms]) => ({ ratio: quantileRatio(name) ?? Number.NaN, ms }))
  return points.sort((one, other) => one.ratio - other.ratio)
}

function barsOf(histogram: Readonly<Record<string, number>>): readonly Bar[] {
  const bars = Object.entries(histogram).map(([bound, ratio]) => ({ atMostMs: durationOf(bound), ratio }))
  return bars.sort((one, other) => one.atMostMs - other.atMostMs)
}

function durationOf(text: string): number {
  const parsed = parseDuration(text)
  return parsed.ok ? parsed.value : Number.NaN
}
