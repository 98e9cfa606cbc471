// What single pods have shown of their counters ahead of the next look at all of them.
import { grown } from '../kernel/grown.js'

/** What comes to a version over time: slow successes, exposed and excess requests, and answers by code from here on. */
export const SLOW = 0
export const EXPOSED = 1
export const EXPOSED_BAD = 2
export const EXCESS = 3
export const ANSWERS = 4

/**
 * Between two looks at everything the same pods serve a version, each with the same part of it: so what a pod got in
 * mean since it was looked at last is a difference of sums that the version has anyway. A look at one pod costs the same
 * however many there are, where a look at all for every pod would cost their square.
 */
export class Ahead {
  /** Of the pod that was taken last: what came to it since it was taken before. */
  readonly fresh: Float64Array
  /** By version, at `version * means`: what its pods have taken together. */
  readonly ofVersion: Float64Array
  /** By cell, at `cell * means`: what it has taken since the last look at all. */
  taken: Float64Array
  private readonly cells: number[][]

  constructor(
    versions: number,
    /** How many numbers are kept of each. */
    readonly means: number,
  ) {
    this.fresh = new Float64Array(means)
    this.ofVersion = new Float64Array(versions * means)
    this.taken = new Float64Array(64 * means)
    this.cells = Array.from({ length: versions }, () => [])
  }

  /** A pod takes its part of what has come to its version since the last look at all. */
  take(cell: number, version: number, part: number, sums: Float64Array): void {
    const { fresh, means, ofVersion } = this
    const at = cell * means
    if (this.taken.length < at + means) this.taken = grown(this.taken, new Float64Array(2 * (at + means)))
    const isKnown = this.hasTaken(at)
    for (let field = 0; field < means; field++) {
      const own = sums[field]! * part
      fresh[field] = own - this.taken[at + field]!
      ofVersion[version * means + field]! += fresh[field]!
      this.taken[at + field] = own
    }
    if (!isKnown && this.hasTaken(at)) this.cells[version]!.push(cell)
  }

  /** The cells of a version that have taken something. */
  cellsOf(version: number): readonly number[] {
    return this.cells[version]!
  }

  /** Everybody has been looked at. */
  settle(version: number): void {
    const { means } = this
    for (const cell of this.cells[version]!) this.taken.fill(0, cell * means, (cell + 1) * means)
    this.cells[version]!.length = 0
    this.ofVersion.fill(0, version * means, (version + 1) * means)
  }

  /** What is bad of the numbers from a place on. */
  badOf(numbers: Float64Array, at: number): number {
    let bad = 0
    for (let field = ANSWERS + 1; field < this.means; field++) bad += numbers[at + field]!
    return bad + numbers[at + SLOW]!
  }

  private hasTaken(at: number): boolean {
    for (let field = 0; field < this.means; field++) if (this.taken[at + field] !== 0) return true
    return false
  }
}
