// Laws that are measured rather than named, as pieces: quantiles and histograms.
import { log } from '../../kernel/elementary.js'
import { normalQuantile } from '../../kernel/normal.js'
import type { Bar, QuantilePoint } from '../../scenario/latency.js'
import { LogNormal } from './log-normal.js'
import type { Piece } from './piece.js'
import { Slice } from './slice.js'
import { Uniform } from './uniform.js'

export interface Weighted {
  readonly piece: Piece
  readonly weight: number
}

/**
 * Between two quantiles the logarithm of the time is a straight line over the normal's quantiles: there the law is
 * log-normal, and one with two quantiles is so as a whole. Beyond the outer ones it goes on as the log-normal through
 * the first and the last of all: the line through the last two alone would make of a p99.9 far above the p99 a tail
 * that nobody measured and that weighs more than everything else.
 */
export function piecesOfQuantiles(points: readonly QuantilePoint[]): readonly Weighted[] {
  const first = points[0]!
  const last = points.at(-1)!
  if (!(points.length > 1 && last.ratio > first.ratio)) throw new RangeError('one quantile makes no law')
  const overall = slopeBetween(first, last)
  if (points.length === 2) return [{ piece: lineThrough(first, overall), weight: 1 }]
  const ends = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  return [
    { piece: sliceOf(first, overall, ends.least, first.ms), weight: first.ratio },
    ...points.slice(1).map((point, index) => {
      const before = points[index]!
      const piece = sliceOf(before, slopeBetween(before, point), before.ms, point.ms)
      return { piece, weight: point.ratio - before.ratio }
    }),
    { piece: sliceOf(last, overall, last.ms, ends.most), weight: 1 - last.ratio },
  ]
}

/** Anything inside a bar is as likely as anything else there, and nothing takes longer than the last. */
export function piecesOfHistogram(bars: readonly Bar[]): readonly Weighted[] {
  return bars.map(({ atMostMs, ratio }, index) => ({
    piece: new Uniform(bars[index - 1]?.atMostMs ?? 0, atMostMs),
    weight: ratio,
  }))
}

function slopeBetween(one: QuantilePoint, other: QuantilePoint): number {
  return (log(other.ms) - log(one.ms)) / (normalQuantile(other.ratio) - normalQuantile(one.ratio))
}

function lineThrough({ ratio, ms }: QuantilePoint, slope: number): LogNormal {
  return new LogNormal(log(ms) - slope * normalQuantile(ratio), slope, 0)
}

/** Where the line is flat, all take the same time. */
function sliceOf(through: QuantilePoint, slope: number, aboveMs: number, atMostMs: number): Piece {
  if (!(slope > 0)) return new Uniform(through.ms, through.ms)
  return new Slice(lineThrough(through, slope), aboveMs, atMostMs)
}
