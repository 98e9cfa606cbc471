// What a latency law is made of: distributions that can be moved, stretched and asked for their parts.
import type { Stream } from '../../kernel/random.js'

export interface Piece {
  plus(ms: number): Piece
  times(factor: number): Piece
  /** P(aboveMs < X <= atMostMs). */
  shareBetween(aboveMs: number, atMostMs: number): number
  /** E[X | aboveMs < X <= atMostMs], or the nearer finite end where there is no mass to speak of. */
  meanBetweenMs(aboveMs: number, atMostMs: number): number
  /** Var[X | aboveMs < X <= atMostMs] in square milliseconds. */
  varianceBetween(aboveMs: number, atMostMs: number): number
  /** Adds `weight` times P(X <= ms), E[X; X <= ms] and E[X²; X <= ms] to three numbers: all at once, as it is quicker. */
  addBelow(ms: number, weight: number, sums: Float64Array, at: number): void
  /** Of which a share p is at most this: exact to the last digits for small p. */
  quantile(p: number): number
  /** Of which a share p is above this: exact to the last digits for small p. */
  upperQuantile(p: number): number
  sample(stream: Stream): number
}

/** Below this share a class is never hit in practice and its moments would be a quotient of rounding errors. */
export const NO_MASS = 1e-14

/** Of a law that is moved by a time, from the sums of the law where it was. */
export function addMoved(
  byMs: number,
  share: number,
  first: number,
  second: number,
  sums: Float64Array,
  at: number,
): void {
  sums[at]! += share
  sums[at + 1]! += first + byMs * share
  sums[at + 2]! += second + byMs * (2 * first + byMs * share)
}
