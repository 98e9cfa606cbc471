// How long a version takes to answer: a law given by percentiles, a mean, quantiles or a histogram, changed by faults.
import { logNormalFrom } from '../../kernel/lognormal.js'
import type { Stream } from '../../kernel/random.js'
import type { LatencyShape } from '../../scenario/latency.js'
import type { LatencyChange } from '../../scenario/units.js'
import { Exponential } from './exponential.js'
import { LogNormal } from './log-normal.js'
import { NO_MASS, type Piece } from './piece.js'
import { piecesOfHistogram, piecesOfQuantiles, type Weighted } from './pieces-of.js'
import { Slice } from './slice.js'

/**
 * A mixture: each answer takes its time by one of the pieces, by chance. Adding, multiplying, changing only some of
 * the answers and cutting off the slow ones all give mixtures again, so the shares below are those of the changed law
 * itself, never an approximation of it.
 */
export class Latency {
  private constructor(
    private readonly pieces: readonly Piece[],
    /** Their sum is 1. */
    private readonly weights: readonly number[],
  ) {}

  static of(shape: LatencyShape): Latency {
    if ('p50Ms' in shape) return Latency.fromPercentiles(shape.p50Ms, shape.p99Ms)
    if ('meanMs' in shape) return new Latency([new Exponential(shape.meanMs, 0)], [1])
    if ('quantiles' in shape) return Latency.mixture(piecesOfQuantiles(shape.quantiles))
    return Latency.mixture(piecesOfHistogram(shape.histogram))
  }

  static fromPercentiles(p50Ms: number, p99Ms: number): Latency {
    const { mu, sigma } = logNormalFrom({ p50: p50Ms, p99: p99Ms })
    return new Latency([new LogNormal(mu, sigma, 0)], [1])
  }

  /** Each answer is of one of these kinds, with such a share of all of them. */
  static ofKinds(kinds: readonly { readonly share: number; readonly law: Latency }[]): Latency {
    const [first] = kinds
    if (first !== undefined && kinds.every(({ law }) => law === first.law)) return first.law
    return Latency.mixture(
      kinds.flatMap(({ share, law }) => law.parts().map(({ piece, weight }) => weighted(piece, weight * share))),
    )
  }

  private static mixture(parts: readonly Weighted[]): Latency {
    const present = parts.filter(({ weight }) => weight > 0)
    const sum = present.reduce((total, { weight }) => total + weight, 0)
    if (!(sum > 0)) throw new RangeError('a latency law of no weight at all')
    return new Latency(
      present.map(({ piece }) => piece),
      present.map(({ weight }) => weight / sum),
    )
  }

  /** This law with a part of a change on it: 1 is the whole change, less while a fault is still growing. */
  changed(change: LatencyChange, growth = 1): Latency {
    if (change.kind === 'add') return this.mapped((piece) => piece.plus(change.ms * growth))
    const full = change.kind === 'factor' ? change.factor : 1 + change.percent / 100
    const factor = 1 + (full - 1) * growth
    if (!(factor > 0)) throw new RangeError(`latency cannot be multiplied by ${factor}`)
    return this.mapped((piece) => piece.times(factor))
  }

  /** The same for a share of the answers only, whichever these are. */
  partly(share: number, change: LatencyChange, growth = 1): Latency {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is no share of the answers`)
    if (share === 0) return this
    return share === 1 ? this.changed(change, growth) : this.and(share, this.changed(change, growth))
  }

  /** Answers that first wait, so long with these shares of 1. */
  delayed(waits: readonly { readonly share: number; readonly ms: number }[]): Latency {
    return Latency.mixture(
      waits.flatMap(({ share, ms }) =>
        this.parts().map(({ piece, weight }) => weighted(piece.plus(ms), weight * share)),
      ),
    )
  }

  /** What somebody sees who doesn't wait longer than this: how many answers come too late, and the law of the others. */
  cappedAt(timeoutMs: number): { readonly lateShare: number; readonly rest: Latency | undefined } {
    const lateShare = this.shareBetween(timeoutMs, Number.POSITIVE_INFINITY)
    if (lateShare === 0) return { lateShare, rest: this }
    const kept = this.parts().map(({ piece, weight }) => {
      return weighted(piece, weight * piece.shareBetween(Number.NEGATIVE_INFINITY, timeoutMs))
    })
    const inTime = kept.filter(({ weight }) => weight > NO_MASS)
    if (inTime.length === 0) return { lateShare: 1, rest: undefined }
    const cut = (piece: Piece) => new Slice(piece, Number.NEGATIVE_INFINITY, timeoutMs)
    return { lateShare, rest: Latency.mixture(inTime.map(({ piece, weight }) => weighted(cut(piece), weight))) }
  }

  get meanMs(): number {
    return this.meanBetweenMs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  }

  /** E[X²], in square milliseconds. */
  get secondMoment(): number {
    const { meanMs } = this
    return meanMs * meanMs + this.varianceBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  }

  /** P(aboveMs < X <= atMostMs). */
  shareBetween(aboveMs: number, atMostMs: number): number {
    if (this.pieces.length === 1) return this.pieces[0]!.shareBetween(aboveMs, atMostMs)
    let share = 0
    for (const [index, piece] of this.pieces.entries()) {
      share += this.weights[index]! * piece.shareBetween(aboveMs, atMostMs)
    }
    return share
  }

  /** E[X | aboveMs < X <= atMostMs], or the nearer finite end where the law has no mass to speak of. */
  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    if (this.pieces.length === 1) return this.pieces[0]!.meanBetweenMs(aboveMs, atMostMs)
    return this.between(aboveMs, atMostMs).mean
  }

  /** Var[X | aboveMs < X <= atMostMs] in square milliseconds. */
  varianceBetween(aboveMs: number, atMostMs: number): number {
    if (this.pieces.length === 1) return this.pieces[0]!.varianceBetween(aboveMs, atMostMs)
    return this.between(aboveMs, atMostMs).variance
  }

  /** The least time that a share p of the answers doesn't exceed. */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile at probability ${p}`)
    const ofPieces = this.pieces.map((piece) => (p > 0.5 ? piece.upperQuantile(1 - p) : piece.quantile(p)))
    let low = Math.min(...ofPieces)
    let high = Math.max(...ofPieces)
    // Halves the way until its ends are neighbours: a mixture has no formula for this.
    while (low < high && high < Number.POSITIVE_INFINITY) {
      const middle = low + (high - low) / 2
      if (middle <= low || middle >= high) break
      if (this.isWithin(middle, p)) high = middle
      else low = middle
    }
    return high
  }

  sample(stream: Stream): number {
    const { pieces, weights } = this
    const last = pieces.length - 1
    if (last === 0) return pieces[0]!.sample(stream)
    let point = stream.uniform()
    let index = 0
    while (index < last && point >= weights[index]!) point -= weights[index++]!
    return pieces[index]!.sample(stream)
  }

  private isWithin(ms: number, p: number): boolean {
    return p > 0.5
      ? this.shareBetween(ms, Number.POSITIVE_INFINITY) <= 1 - p
      : this.shareBetween(Number.NEGATIVE_INFINITY, ms) >= p
  }

  /**
   * Shares, means and variances of the classes between bounds, the last being everything above. Each piece of a mixture
   * is asked once a bound; what little is left where two sums are all but equal is worked out by itself.
   */
  fillClasses(boundsMs: ArrayLike<number>, { shares, meansMs, variances }: Classes): void {
    const last = boundsMs.length
    const sums = new Float64Array(3 * (last + 1))
    for (let index = 0; this.pieces.length > 1 && index <= last; index++) {
      const ms = index < last ? boundsMs[index]! : Number.POSITIVE_INFINITY
      for (const [place, piece] of this.pieces.entries()) piece.addBelow(ms, this.weights[place]!, sums, 3 * index)
    }
    for (let index = 0; index <= last; index++) {
      const aboveMs = index === 0 ? 0 : boundsMs[index - 1]!
      const atMostMs = index === last ? Number.POSITIVE_INFINITY : boundsMs[index]!
      const of = (sum: number) => sums[3 * index + sum]! - (index === 0 ? 0 : sums[3 * index - 3 + sum]!)
      const share = of(0)
      if (share > CANCELLED) {
        shares[index] = share
        const meanMs = Math.min(atMostMs, Math.max(aboveMs, of(1) / share))
        meansMs[index] = meanMs
        const width = atMostMs - aboveMs
        variances[index] = Math.min((width * width) / 4, Math.max(0, of(2) / share - meanMs * meanMs))
      } else {
        const part = this.between(aboveMs, atMostMs)
        shares[index] = part.share
        meansMs[index] = part.mean
        variances[index] = part.variance
      }
    }
  }

  private between(aboveMs: number, atMostMs: number): Part {
    if (this.pieces.length === 1) {
      const piece = this.pieces[0]!
      return {
        share: piece.shareBetween(aboveMs, atMostMs),
        mean: piece.meanBetweenMs(aboveMs, atMostMs),
        variance: piece.varianceBetween(aboveMs, atMostMs),
      }
    }
    const shares = this.pieces.map((piece, index) => this.weights[index]! * piece.shareBetween(aboveMs, atMostMs))
    const share = shares.reduce((sum, each) => sum + each, 0)
    if (share < NO_MASS) {
      const heaviest = this.pieces[shares.indexOf(Math.max(...shares))]!
      return { share, mean: heaviest.meanBetweenMs(aboveMs, atMostMs), variance: 0 }
    }
    const means = this.pieces.map((piece) => piece.meanBetweenMs(aboveMs, atMostMs))
    let mean = 0
    for (const [index, each] of shares.entries()) if (each > 0) mean += (each / share) * means[index]!
    let variance = 0
    for (const [index, each] of shares.entries()) {
      if (!(each > 0)) continue
      const within = this.pieces[index]!.varianceBetween(aboveMs, atMostMs)
      const off = means[index]! - mean
      variance += (each / share) * (within + off * off)
    }
    return { share, mean, variance }
  }

  private and(share: number, other: Latency): Latency {
    const scaled = (law: Latency, by: number) => law.parts().map(({ piece, weight }) => weighted(piece, weight * by))
    return Latency.mixture([...scaled(this, 1 - share), ...scaled(other, share)])
  }

  private mapped(change: (piece: Piece) => Piece): Latency {
    return new Latency(this.pieces.map(change), this.weights)
  }

  private parts(): readonly Weighted[] {
    return this.pieces.map((piece, index) => weighted(piece, this.weights[index]!))
  }
}

interface Part {
  readonly share: number
  readonly mean: number
  readonly variance: number
}

interface Classes {
  readonly shares: Float64Array
  readonly meansMs: Float64Array
  readonly variances: Float64Array
}

/** Smaller differences of sums near 1 have too few digits left for moments. */
const CANCELLED = 1e-7

function weighted(piece: Piece, weight: number): Weighted {
  return { piece, weight }
}
