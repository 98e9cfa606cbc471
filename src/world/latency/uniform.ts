// The uniform law, and the time that is always the same as its narrowest: the bars of histograms.
import type { Stream } from '../../kernel/random.js'
import { addMoved, type Piece } from './piece.js'

/** Anything from `fromMs` to `untilMs`, evenly; where these are one, just that. */
export class Uniform implements Piece {
  private readonly widthMs: number

  constructor(
    private readonly fromMs: number,
    private readonly untilMs: number,
  ) {
    this.widthMs = untilMs - fromMs
  }

  plus(ms: number): Uniform {
    return new Uniform(this.fromMs + ms, this.untilMs + ms)
  }

  times(factor: number): Uniform {
    return new Uniform(this.fromMs * factor, this.untilMs * factor)
  }

  shareBetween(aboveMs: number, atMostMs: number): number {
    if (this.widthMs === 0) return aboveMs < this.fromMs && this.fromMs <= atMostMs ? 1 : 0
    return Math.max(0, Math.min(atMostMs, this.untilMs) - Math.max(aboveMs, this.fromMs)) / this.widthMs
  }

  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    if (aboveMs >= this.untilMs) return aboveMs
    if (atMostMs <= this.fromMs) return atMostMs
    return (Math.max(aboveMs, this.fromMs) + Math.min(atMostMs, this.untilMs)) / 2
  }

  varianceBetween(aboveMs: number, atMostMs: number): number {
    const width = Math.max(0, Math.min(atMostMs, this.untilMs) - Math.max(aboveMs, this.fromMs))
    return (width * width) / 12
  }

  addBelow(ms: number, weight: number, sums: Float64Array, at: number): void {
    const share = weight * this.shareBetween(Number.NEGATIVE_INFINITY, ms)
    const widthMs = Math.max(0, Math.min(ms, this.untilMs) - this.fromMs)
    addMoved(this.fromMs, share, (share * widthMs) / 2, (share * widthMs * widthMs) / 3, sums, at)
  }

  quantile(p: number): number {
    return this.fromMs + p * this.widthMs
  }

  upperQuantile(p: number): number {
    return this.untilMs - p * this.widthMs
  }

  sample(stream: Stream): number {
    return this.widthMs === 0 ? this.fromMs : this.fromMs + stream.uniform() * this.widthMs
  }
}
