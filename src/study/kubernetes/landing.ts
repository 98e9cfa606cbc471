// What the shards of jobs have come to so far: each is read from its pod as soon as it has flown.
import { type Job, Result } from '../conduct.js'
import { type HandedBack, readHandBack } from './hand-back.js'

export class Landing {
  readonly results: readonly Result[]
  private readonly landed = new Set<number>()

  constructor(
    jobs: readonly Job[],
    readonly shards: number,
  ) {
    this.results = jobs.map(({ task }) => new Result(task))
  }

  get count(): number {
    return this.landed.size
  }

  get isWhole(): boolean {
    return this.landed.size === this.shards
  }

  get runs(): number {
    return this.results.reduce((sum, { runs }) => sum + runs, 0)
  }

  has(shard: number): boolean {
    return this.landed.has(shard)
  }

  /** What is wrong with it, if it can't be counted. */
  land(shard: number, log: string): string | undefined {
    const handedBack: HandedBack = readHandBack(log, { index: shard, of: this.shards })
    if ('broken' in handedBack) return handedBack.broken
    this.landed.add(shard)
    for (const [index, flown] of handedBack.flown.entries()) this.results[index]!.add(flown)
    for (const result of this.results) result.isWhole = this.isWhole
    return undefined
  }
}
