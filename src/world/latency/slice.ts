// The part of a law between two times: a stretch between two quantiles, or what a timeout leaves.
import type { Stream } from '../../kernel/random.js'
import type { Piece } from './piece.js'

/** `whole`, given that it is above `aboveMs` and at most `atMostMs`. */
export class Slice implements Piece {
  private readonly below: number
  private readonly share: number
  private readonly beyond: number

  constructor(
    private readonly whole: Piece,
    private readonly aboveMs: number,
    private readonly atMostMs: number,
  ) {
    this.below = whole.shareBetween(Number.NEGATIVE_INFINITY, aboveMs)
    this.share = whole.shareBetween(aboveMs, atMostMs)
    this.beyond = whole.shareBetween(atMostMs, Number.POSITIVE_INFINITY)
    if (!(this.share > 0)) throw new RangeError(`no share of a law is above ${aboveMs} ms and at most ${atMostMs} ms`)
  }

  plus(ms: number): Slice {
    return new Slice(this.whole.plus(ms), this.aboveMs + ms, this.atMostMs + ms)
  }

  times(factor: number): Slice {
    return new Slice(this.whole.times(factor), this.aboveMs * factor, this.atMostMs * factor)
  }

  shareBetween(aboveMs: number, atMostMs: number): number {
    const from = this.within(aboveMs)
    const until = this.within(atMostMs)
    return until > from ? this.whole.shareBetween(from, until) / this.share : 0
  }

  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    if (aboveMs >= this.atMostMs) return aboveMs
    if (atMostMs <= this.aboveMs) return atMostMs
    return this.whole.meanBetweenMs(this.within(aboveMs), this.within(atMostMs))
  }

  varianceBetween(aboveMs: number, atMostMs: number): number {
    const from = this.within(aboveMs)
    const until = this.within(atMostMs)
    return until > from ? this.whole.varianceBetween(from, until) : 0
  }

  addBelow(ms: number, weight: number, sums: Float64Array, at: number): void {
    if (ms <= this.aboveMs) return
    const scale = weight / this.share
    this.whole.addBelow(this.within(ms), scale, sums, at)
    if (this.below > 0) this.whole.addBelow(this.aboveMs, -scale, sums, at)
  }

  /** From the end of the whole law that is nearer, where its quantiles have more digits. */
  quantile(p: number): number {
    if (this.below > this.beyond) return this.upperQuantile(1 - p)
    return this.within(this.whole.quantile(this.below + p * this.share))
  }

  upperQuantile(p: number): number {
    if (this.below > this.beyond) return this.within(this.whole.upperQuantile(this.beyond + p * this.share))
    return this.quantile(1 - p)
  }

  /** Of a law cut but little the next draw will do; of a thin slice few would. */
  sample(stream: Stream): number {
    if (this.share < 0.5) return this.quantile(1 - stream.uniform())
    for (;;) {
      const ms = this.whole.sample(stream)
      if (ms > this.aboveMs && ms <= this.atMostMs) return ms
    }
  }

  private within(ms: number): number {
    return Math.min(this.atMostMs, Math.max(this.aboveMs, ms))
  }
}
