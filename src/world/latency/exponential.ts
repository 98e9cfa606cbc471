// The exponential law, moved: what doesn't age, as queueing theory likes its services.
import { exp, expm1, log, log1p } from '../../kernel/elementary.js'
import { exponential } from '../../kernel/exponential.js'
import type { Stream } from '../../kernel/random.js'
import { addMoved, NO_MASS, type Piece } from './piece.js'

/** `fromMs` and an exponential time of this mean after it. */
export class Exponential implements Piece {
  constructor(
    private readonly meanMs: number,
    private readonly fromMs: number,
  ) {}

  plus(ms: number): Exponential {
    return new Exponential(this.meanMs, this.fromMs + ms)
  }

  times(factor: number): Exponential {
    return new Exponential(this.meanMs * factor, this.fromMs * factor)
  }

  shareBetween(aboveMs: number, atMostMs: number): number {
    const from = this.standard(aboveMs)
    const until = this.standard(atMostMs)
    return until > from ? exp(-from) * -expm1(from - until) : 0
  }

  /** What is left after `from` is exponential again, so only the width of an interval matters. */
  meanBetweenMs(aboveMs: number, atMostMs: number): number {
    const from = this.standard(aboveMs)
    if (this.shareBetween(aboveMs, atMostMs) < NO_MASS) return from > 0 ? aboveMs : atMostMs
    return this.fromMs + this.meanMs * (from + meanWithin(this.standard(atMostMs) - from))
  }

  varianceBetween(aboveMs: number, atMostMs: number): number {
    if (this.shareBetween(aboveMs, atMostMs) < NO_MASS) return 0
    const width = this.standard(atMostMs) - this.standard(aboveMs)
    return this.meanMs * this.meanMs * varianceWithin(width)
  }

  /** E[Y; Y <= y] = 1 - (1 + y) e^-y and E[Y²; Y <= y] = 2 - (2 + 2y + y²) e^-y, for a mean of 1. */
  addBelow(ms: number, weight: number, sums: Float64Array, at: number): void {
    const { meanMs, fromMs } = this
    const y = this.standard(ms)
    const beyond = exp(-y)
    const share = weight * -expm1(-y)
    const first = weight * meanMs * (1 - (y < FAR ? (1 + y) * beyond : 0))
    const second = weight * meanMs * meanMs * (2 - (y < FAR ? (2 + 2 * y + y * y) * beyond : 0))
    addMoved(fromMs, share, first, second, sums, at)
  }

  quantile(p: number): number {
    return this.fromMs - this.meanMs * log1p(-p)
  }

  upperQuantile(p: number): number {
    return this.fromMs - this.meanMs * log(p)
  }

  sample(stream: Stream): number {
    return this.fromMs + exponential(stream, this.meanMs)
  }

  private standard(ms: number): number {
    return Math.max(0, ms - this.fromMs) / this.meanMs
  }
}

/** Of an exponential time of mean 1 that is at most `width`: 1 - w / (e^w - 1). */
function meanWithin(width: number): number {
  if (width < 1e-3) return width * (1 / 2 - width / 12)
  return width > FOREVER ? 1 : 1 - width / expm1(width)
}

/** 1 - w² e^w / (e^w - 1)², and its series where that cancels. */
function varianceWithin(width: number): number {
  const square = width * width
  if (width < 0.03) return square * (1 / 12 - square * (1 / 240 - square / 6048))
  if (width > FOREVER) return 1
  const within = expm1(-width)
  return 1 - (square * exp(-width)) / (within * within)
}

/** Where e^-w is nothing to 1. */
const FOREVER = 50
const FAR = 700
