// The time until an event that doesn't age: the exponential distribution.
import { exp, log } from './elementary.js'
import type { Stream } from './random.js'

export function exponential(stream: Stream, mean: number): number {
  if (!(mean >= 0)) throw new RangeError(`an exponential time of mean ${mean}`)
  return mean * standardExponential(stream)
}

/**
 * Of mean 1, by a ziggurat: 256 layers of one area cover the density, and 99 draws in 100 lie in the part of a layer that
 * is under it throughout, for the price of one word and one comparison. A layer and a place in it come from bits of
 * their own (a word for both correlates them: J. A. Doornik, An improved ziggurat method to generate normal random
 * samples, 2005), so a place is one of 2^24 in its layer. G. Marsaglia and W. W. Tsang, The ziggurat method for
 * generating random variables, Journal of Statistical Software 5 (2000).
 */
export function standardExponential(stream: Stream): number {
  const word = stream.bits()
  const layer = word & 255
  const place = word >>> 8
  const x = place * WIDTHS[layer]!
  // The sign tells V8 that it is a number either way: otherwise each x would get an object of its own.
  return place < INNER[layer]! ? x : +atTheEdge(stream, layer, x)
}

function atTheEdge(stream: Stream, layer: number, x: number): number {
  // What is beyond the base begins anew there: it doesn't age.
  if (layer === 0) return TAIL + Math.abs(log(1 - stream.uniform()))
  const low = DENSITIES[layer]!
  const high = DENSITIES[layer + 1]!
  return low + stream.uniform() * (high - low) < exp(-x) ? x : standardExponential(stream)
}

/** Where the base ends and the tail begins, and the area of each layer, from the paper. */
const TAIL = 7.69711747013105
const AREA = 0.003949659822581572
const LAYERS = 256
const PLACES = 2 ** 24

/** Per layer, the density at its lower edge; the last is that at 0. */
const DENSITIES = new Float64Array(LAYERS + 1)
/** Per layer, what one place is worth. */
const WIDTHS = new Float64Array(LAYERS)
/** Per layer, below which place it is under the density throughout. */
const INNER = new Int32Array(LAYERS)

// Layer 0 is the base with the tail, as wide as if it were a rectangle of the same area. Each layer above ends where
// the density has the height at which it begins.
for (let layer = 0, right = AREA / exp(-TAIL), next = TAIL; layer < LAYERS; layer++) {
  WIDTHS[layer] = right / PLACES
  INNER[layer] = Math.floor((next / right) * PLACES)
  DENSITIES[layer + 1] = exp(-next)
  right = next
  next = layer < LAYERS - 2 ? -log(AREA / right + exp(-right)) : 0
}
