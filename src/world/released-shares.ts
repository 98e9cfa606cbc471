// What share of the requests of each strand goes to what is released: that is what its users are hashed by.
import { BrokenLaw } from './broken-law.js'
import type { Answering } from './lanes.js'

export class ReleasedShares {
  readonly ofStrand: Float64Array

  constructor(
    private readonly answering: Answering,
    private readonly isReleased: readonly boolean[],
  ) {
    this.ofStrand = new Float64Array(answering.strands.length)
  }

  /** From now on the router gives versions these shares, at `strand * versions + version`. */
  split(timeMs: number, shares: ArrayLike<number>, pods: ArrayLike<number>): void {
    const { strands, versions } = this.answering
    for (let strand = 0; strand < strands.length; strand++) {
      let sum = 0
      let released = 0
      for (let version = 0; version < versions; version++) {
        const part = shares[strand * versions + version]!
        if (!(part >= 0 && pods[version]! >= 0)) throw new BrokenLaw('shares and pods are counts', { timeMs, version })
        sum += part
        if (this.isReleased[version]) released += part
      }
      if (!(Math.abs(sum - 1) < 1e-9)) throw new BrokenLaw('every request is sent somewhere', { timeMs, sum })
      this.ofStrand[strand] = released
    }
  }
}
