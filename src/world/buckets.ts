// Which users of a segment a hash puts below a weight: of each group of equal users, the first so many.
import type { Group } from './population.js'

/**
 * A router hashes users into [0, 1). Here the buckets of a group are spread evenly, so that a weight means the same part
 * of every group as nearly as whole users allow, and a growing weight keeps the users it had. Groups round at different
 * points, lest many small ones all round up together.
 */
export class Buckets {
  private readonly offsets: readonly number[]
  /** Group of the user with the lowest bucket, and of the one with the highest. */
  private readonly first: number
  private readonly last: number

  constructor(private readonly groups: readonly Group[]) {
    this.offsets = groups.map((_, index) => ((0.5 + index * GOLDEN_RATIO) % 1) - 0.5)
    this.first = indexOfLeast(groups.map(({ users }, index) => (0.5 - this.offsets[index]!) / users))
    this.last = indexOfLeast(groups.map(({ users }, index) => (0.5 + this.offsets[index]!) / users))
  }

  /** At a weight that is neither 0 nor 1 there is at least one user on each side of it, if there are two. */
  below(weight: number): readonly number[] {
    if (weight <= 0) return this.groups.map(() => 0)
    if (weight >= 1) return this.groups.map(({ users }) => users)
    const edges = this.groups.map(({ users }, index) => {
      return Math.min(users, Math.max(0, Math.round(users * weight + this.offsets[index]!)))
    })
    if (!edges.some((edge) => edge > 0)) edges[this.first] = 1
    else if (edges.every((edge, index) => edge === this.groups[index]!.users)) edges[this.last]!--
    return edges
  }
}

/** Its multiples are spread over the unit interval more evenly than those of any other number. */
const GOLDEN_RATIO = 0.6180339887498949

function indexOfLeast(values: readonly number[]): number {
  return values.reduce((least, value, index) => (value < values[least]! ? index : least), 0)
}
