// A latency law as counters see it: its shares on a grid of bounds, in an order that makes drawing from it quick.
import type { Latency } from './latency.js'

/** What a law means on a grid of bounds: class k is (bounds[k-1], bounds[k]], the last one everything above. */
export interface LatencyClasses {
  readonly shares: Float64Array
  readonly meansMs: Float64Array
  readonly variances: Float64Array
  /** The classes from the likeliest to the rarest. */
  readonly order: Int32Array
  /** The share of all classes from a place in this order on. */
  readonly tails: Float64Array
  /** Where to begin the search for the last place whose tail is at least y: at index y * GUIDES, or anywhere before. */
  readonly guide: Uint8Array
}

export const GUIDES = 256

export function latencyClasses(law: Latency, boundsMs: ArrayLike<number>): LatencyClasses {
  const count = boundsMs.length + 1
  const shares = new Float64Array(count)
  const meansMs = new Float64Array(count)
  const variances = new Float64Array(count)
  law.fillClasses(boundsMs, { shares, meansMs, variances })
  const order = Int32Array.from(shares.keys()).sort((one, other) => shares[other]! - shares[one]! || one - other)
  const tails = tailsOf(shares, order, new Float64Array(count))
  return { shares, meansMs, variances, order, tails, guide: guideThrough(tails) }
}

/** Overwrites `tails` with what its name says, given shares and an order. */
export function tailsOf(shares: Float64Array, order: Int32Array, tails: Float64Array): Float64Array {
  let sum = 0
  for (let place = order.length - 1; place >= 0; place--) {
    sum += shares[order[place]!]!
    tails[place] = sum
  }
  return tails
}

function guideThrough(tails: Float64Array): Uint8Array {
  const guide = new Uint8Array(GUIDES + 1)
  const last = Math.min(tails.length - 1, 255)
  let place = 0
  for (let index = GUIDES; index >= 0; index--) {
    while (place < last && tails[place + 1]! >= (index + 1) / GUIDES) place++
    guide[index] = place
  }
  return guide
}
