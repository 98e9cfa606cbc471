// What single pods have shown of their counters ahead of the next look at all of them.

/** What comes to a version over time: answers by code, slow successes, and of all these the exposed and excess ones. */
export const SLOW = 3
export const EXPOSED = 4
export const EXPOSED_BAD = 5
export const EXCESS = 6
export const MEANS = 7

/**
 * Between two looks at everything the same pods serve a version, each with the same part of it: so what a pod got in
 * mean since it was looked at last is a difference of sums that the version has anyway. A look at one pod costs the same
 * however many there are, where a look at all for every pod would cost their square.
 */
export class Ahead {
  /** Of the pod that was taken last: what came to it since it was taken before. */
  readonly fresh = new Float64Array(MEANS)
  /** By version, at `version * MEANS`: what its pods have taken together. */
  readonly ofVersion: Float64Array
  /** By cell, at `cell * MEANS`: what it has taken since the last look at all. */
  taken = new Float64Array(64 * MEANS)
  private readonly cells: number[][]

  constructor(versions: number) {
    this.ofVersion = new Float64Array(versions * MEANS)
    this.cells = Array.from({ length: versions }, () => [])
  }

  /** A pod takes its part of what has come to its version since the last look at all. */
  take(cell: number, version: number, part: number, sums: Float64Array): void {
    const { fresh, ofVersion } = this
    const at = cell * MEANS
    if (this.taken.length < at + MEANS) {
      const larger = new Float64Array(2 * (at + MEANS))
      larger.set(this.taken)
      this.taken = larger
    }
    const isKnown = this.hasTaken(at)
    for (let field = 0; field < MEANS; field++) {
      const own = sums[field]! * part
      fresh[field] = own - this.taken[at + field]!
      ofVersion[version * MEANS + field]! += fresh[field]!
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
    for (const cell of this.cells[version]!) this.taken.fill(0, cell * MEANS, (cell + 1) * MEANS)
    this.cells[version]!.length = 0
    this.ofVersion.fill(0, version * MEANS, (version + 1) * MEANS)
  }

  private hasTaken(at: number): boolean {
    for (let field = 0; field < MEANS; field++) if (this.taken[at + field] !== 0) return true
    return false
  }
}
