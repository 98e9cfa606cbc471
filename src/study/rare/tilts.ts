// Under which luck of the canary a miss that hardly ever happens does happen.
import { exp, log } from '../../kernel/elementary.js'
import { sides, type Tilt } from '../../run/lucky-flights.js'

/** What was drawn in a flight, and the means of that by the true law: by stage, side and kind. */
export interface Draws {
  readonly counts: Float64Array
  readonly means: Float64Array
}

/** Bad answers of the canary come so much more seldom, the rarer the more: by this power of how rare they are. */
export function luckier(shares: readonly number[], power: number, size: number): Tilt {
  const kinds = shares.length
  const factors = shares.map((_, kind) => exp(power * log(shareAsBad(shares, kind))))
  return Float64Array.from({ length: size }, (_, at) => (isOfCanary(at, kinds) ? factors[at % kinds]! : 1))
}

/** Of the canary's answers so many are of each kind. */
export function sharesOf(flights: readonly Draws[], kinds: number): readonly number[] {
  const shares = Array.from({ length: kinds }, () => 0)
  let sum = 0
  for (const { means } of flights) {
    for (let at = 0; at < means.length; at++) {
      if (!isOfCanary(at, kinds)) continue
      shares[at % kinds]! += means[at]!
      sum += means[at]!
    }
  }
  return shares.map((share) => share / Math.max(sum, Number.MIN_VALUE))
}

/**
 * The same tilt, but only where it matters: where flights under it that miss have drawn clearly otherwise than those that
 * don't. Elsewhere it would only make weights differ.
 */
export function whereItMatters(tilt: Tilt, flights: readonly (Draws & { readonly isMissed: boolean })[]): Tilt {
  const missed = flights.filter(({ isMissed }) => isMissed)
  const others = flights.filter(({ isMissed }) => !isMissed)
  return tilt.map((factor, at) => {
    if (factor === 1) return 1
    const [one, other] = [missed, others].map((some) => meanRatio(some, at, factor))
    const distance = Math.abs(one!.ratio - other!.ratio)
    return distance > clearly * Math.sqrt(one!.variance + other!.variance) ? factor : 1
  })
}

/** In standard errors: of a hundred stages that don't matter none is taken for one that does, mostly. */
const clearly = 3.5

/** What was drawn, by what was to be expected. */
function meanRatio(flights: readonly Draws[], at: number, factor: number): { ratio: number; variance: number } {
  let count = 0
  let mean = 0
  for (const { counts, means } of flights) {
    if (means[at] === 0) continue
    count += counts[at]!
    mean += factor * means[at]!
  }
  return { ratio: count / mean, variance: 1 / mean }
}

function isOfCanary(at: number, kinds: number): boolean {
  return Math.floor(at / kinds) % sides === 1
}

/** That kind or worse: from the fastest success to the slowest, and then errors. */
function shareAsBad(shares: readonly number[], kind: number): number {
  if (kind === 1) return 1
  let share = shares[0]!
  if (kind > 0) for (let worse = kind; worse < shares.length; worse++) share += shares[worse]!
  return Math.min(1, Math.max(rarest, share))
}

const rarest = 0.01
