// A law as a handful of times with shares, for sums over it: same mean, same variance, and a tail told apart.
import type { Latency } from '../latency/latency.js'

export interface Atoms {
  readonly ms: Float64Array
  /** Their sum is 1. */
  readonly shares: Float64Array
}

/**
 * The law is cut at quantiles that get closer towards its slow end; each piece becomes two times, which keep its mean
 * and its variance. So the first two moments are those of the law itself, however heavy its tail.
 */
export function atomsOf(law: Latency): Atoms {
  const atoms: [ms: number, share: number][] = []
  let aboveMs = Number.NEGATIVE_INFINITY
  for (const tail of [...TAILS, 0]) {
    const atMostMs = tail === 0 ? Number.POSITIVE_INFINITY : law.quantile(1 - tail)
    const share = law.shareBetween(aboveMs, atMostMs)
    if (share > NOTHING) {
      const meanMs = law.meanBetweenMs(aboveMs, atMostMs)
      const variance = law.varianceBetween(aboveMs, atMostMs)
      atoms.push(...pairOf(share, meanMs, variance, Math.max(0, aboveMs)))
    }
    aboveMs = atMostMs
  }
  return atomsFrom(atoms)
}

/** The shares still beyond each cut: sixteenths, and from the last one on halves. */
export const TAILS: readonly number[] = [
  ...Array.from({ length: 15 }, (_, index) => (15 - index) / 16),
  ...Array.from({ length: 12 }, (_, index) => 2 ** -(index + 5)),
]

/** Sorted, and of shares that add up to 1. */
export function atomsFrom(atoms: readonly (readonly [ms: number, share: number])[]): Atoms {
  // By index and in loops: callbacks that take pairs apart made the waits of a pod take 60 µs instead of 40.
  const sorted = [...atoms].sort((one, other) => one[0] - other[0])
  const ms = new Float64Array(sorted.length)
  const shares = new Float64Array(sorted.length)
  let sum = 0
  for (const [, share] of sorted) sum += share
  for (let index = 0; index < sorted.length; index++) {
    ms[index] = sorted[index]![0]
    shares[index] = sorted[index]![1] / sum
  }
  return { ms, shares }
}

/** The one law or, for a share of all, the other. */
export function mixed(one: Atoms, other: Atoms, share: number): Atoms {
  const part = ({ ms, shares }: Atoms, by: number) =>
    Array.from(ms, (each, index) => [each, shares[index]! * by] as const)
  return atomsFrom([...part(one, 1 - share), ...part(other, share)].filter(([, weight]) => weight > NOTHING))
}

export function scaled({ ms, shares }: Atoms, factor: number): Atoms {
  return { ms: ms.map((each) => each * factor), shares }
}

export function meanOf({ ms, shares }: Atoms): number {
  let mean = 0
  for (let index = 0; index < ms.length; index++) mean += shares[index]! * ms[index]!
  return mean
}

/** E[X²] - E[X]². */
export function varianceOf(atoms: Atoms): number {
  const mean = meanOf(atoms)
  let variance = 0
  for (const [index, ms] of atoms.ms.entries()) variance += atoms.shares[index]! * (ms - mean) * (ms - mean)
  return variance
}

/** Two times of this mean and variance, the lower of them not below `leastMs`. */
function pairOf(share: number, meanMs: number, variance: number, leastMs: number): [ms: number, share: number][] {
  const deviation = Math.sqrt(variance)
  const down = Math.min(deviation, meanMs - leastMs)
  if (!(down > 1e-9 * meanMs)) return [[meanMs, share]]
  const up = variance / down
  return [
    [meanMs - down, (share * up) / (down + up)],
    [meanMs + up, (share * down) / (down + up)],
  ]
}

const NOTHING = 1e-12
