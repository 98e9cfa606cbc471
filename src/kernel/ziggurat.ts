// The normal distribution where speed counts: the ziggurat of Marsaglia and Tsang (Journal of Statistical Software 5(8),
// 2000), with layer and value from separate bits (Doornik 2005 has shown that shared ones fail tests).
import { exp, log } from './elementary.js'
import { normalCdf } from './normal.js'
import type { Stream } from './random.js'

/**
 * Standard normal, exact but for the 53 bits of a draw, in half the time that inversion takes. Unlike `normal` it isn't
 * monotone in its uniform, and one draw in eighty takes more words than two.
 */
export function zigguratNormal(stream: Stream): number {
  for (;;) {
    const head = stream.bits()
    const layer = head & (LAYERS - 1)
    const point = (((head >>> 9) * 1073741824 + (stream.bits() >>> 2)) * PER_2_53) as number
    const x = point * RIGHT[layer]!
    const isInside = x < RIGHT[layer + 1]!
    if (isInside || (layer > 0 && isUnderCurve(stream, layer, x))) return (head & LAYERS) === 0 ? x : -x
    if (layer === 0) {
      const far = beyond(stream)
      return (head & LAYERS) === 0 ? far : -far
    }
  }
}

/** Whether a point of a layer beyond the one above it, at a height by chance, is below the density. */
function isUnderCurve(stream: Stream, layer: number, x: number): boolean {
  const low = HEIGHT[layer]!
  const high = HEIGHT[layer + 1]!
  return low + stream.uniform() * (high - low) < density(x)
}

/** From the tail: G. Marsaglia, Generating a variable from the tail of the normal distribution, Technometrics 6 (1964). */
function beyond(stream: Stream): number {
  for (;;) {
    const x = -log(1 - stream.uniform()) / TAIL
    const y = -log(1 - stream.uniform())
    if (y + y > x * x) return TAIL + x
  }
}

/** Without its constant factor. */
function density(x: number): number {
  return exp(-0.5 * x * x)
}

const LAYERS = 256
const PER_2_53 = 1 / 9007199254740992

/** Where the tail begins, such that 256 layers of equal area, the tail's with it, fill the half of the curve. */
const TAIL = 3.6541528853610088
const AREA = TAIL * density(TAIL) + Math.sqrt(2 * Math.PI) * normalCdf(-TAIL)

/** Layer k goes from 0 to RIGHT[k] at heights from HEIGHT[k] to HEIGHT[k + 1]; layer 0 is as wide as its area with the tail. */
const RIGHT = new Float64Array(LAYERS + 1)
const HEIGHT = new Float64Array(LAYERS + 1)
RIGHT[0] = AREA / density(TAIL)
RIGHT[1] = TAIL
HEIGHT[1] = density(TAIL)
for (let layer = 2; layer < LAYERS; layer++) {
  const height = HEIGHT[layer - 1]! + AREA / RIGHT[layer - 1]!
  HEIGHT[layer] = height
  RIGHT[layer] = Math.sqrt(-2 * log(height))
}
HEIGHT[LAYERS] = 1
