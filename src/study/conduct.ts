// Flies tasks block by block, however many fly at once, and puts the blocks together in their order.
import type { Crew } from './crew.js'
import { PairTally } from './pair-tally.js'
import type { Flown, Seeds, Task } from './pilot.js'
import { Tally } from './tally.js'

/**
 * So many seeds are flown by one pilot in one go. Studies end between two blocks only, and shards share blocks out: what
 * they come to is the same on any number of workers and machines.
 */
export const blockRuns = 50

export interface Job {
  readonly task: Task
  /** The first of its seeds; the others follow. */
  readonly seed: number
  /** At most. */
  readonly runs: number
  /** How many will do, as a rule: all of them, if left out. */
  readonly likelyRuns?: number
  /** Whether more runs wouldn't tell more: asked whenever the block that is next in order has come in. */
  isEnough?(result: Result): boolean
  /** Whether this block is one of those to be flown here: all are, if left out. */
  flies?(block: number): boolean
}

/** What all blocks of a job have come to so far. */
export class Result {
  readonly arms: readonly Tally[]
  readonly pairs: readonly PairTally[]
  /** Whether all was flown that was wanted. */
  isWhole = false

  constructor({ arms, pairs = [] }: Task) {
    this.arms = arms.map(() => new Tally())
    this.pairs = pairs.map(() => new PairTally())
  }

  add({ arms, pairs }: Flown): void {
    for (const [index, tally] of this.arms.entries()) tally.merge(arms[index]!)
    for (const [index, tally] of this.pairs.entries()) tally.merge(pairs[index]!)
  }

  get runs(): number {
    return this.arms[0]!.runs
  }
}

export interface Conducting {
  /** Ends it early: what is finished is kept. */
  readonly signal?: AbortSignal
  /** After each block, in the order in which they come in. */
  told?(job: Job, result: Result): void
}

/** One result for each job, in their order. What jobs are likely to need is flown before what they may turn out to need. */
export async function conduct(
  jobs: readonly Job[],
  crew: Crew,
  { signal, told }: Conducting = {},
): Promise<readonly Result[]> {
  const flights = jobs.map((job) => new JobInFlight(job))
  const next = (): { flight: JobInFlight; block: number } | undefined => {
    if (signal?.aborted) return undefined
    for (const which of ['likelyRuns', 'runs'] as const) {
      for (const flight of flights) {
        const block = flight.take(flight.job[which] ?? flight.job.runs)
        if (block !== undefined) return { flight, block }
      }
    }
    return undefined
  }
  const fly = async ({ flight, block }: { flight: JobInFlight; block: number }): Promise<void> => {
    const flown = await crew.fly(flight.job.task, flight.seedsOf(block))
    flight.bring(block, flown)
    told?.(flight.job, flight.result)
  }
  const underWay = new Set<Promise<void>>()
  for (;;) {
    while (underWay.size < crew.size) {
      const taken = next()
      if (!taken) break
      const flying = fly(taken).finally(() => underWay.delete(flying))
      underWay.add(flying)
    }
    if (underWay.size === 0) return flights.map(({ result }) => result)
    await Promise.race(underWay)
  }
}

/** Blocks come in as they are finished and count in their order, so that the end comes after the same one always. */
class JobInFlight {
  readonly result: Result
  private readonly blocks: number
  private readonly early = new Map<number, Flown>()
  private nextTaken = 0
  private nextCounted = 0

  constructor(readonly job: Job) {
    this.result = new Result(job.task)
    this.blocks = Math.ceil(job.runs / blockRuns)
    this.pass()
  }

  /** The next block, if it is one of the first that make up so many runs. */
  take(runs: number): number | undefined {
    if (this.result.isWhole) return undefined
    while (this.nextTaken < this.blocks && !this.isOurs(this.nextTaken)) this.nextTaken++
    return this.nextTaken < Math.ceil(runs / blockRuns) ? this.nextTaken++ : undefined
  }

  seedsOf(block: number): Seeds {
    const { seed, runs } = this.job
    const before = block * blockRuns
    return { seed: seed + before, runs: Math.min(blockRuns, runs - before) }
  }

  bring(block: number, flown: Flown): void {
    this.early.set(block, flown)
    for (;;) {
      const counted = this.early.get(this.nextCounted)
      if (counted === undefined || this.result.isWhole) return
      this.early.delete(this.nextCounted++)
      this.result.add(counted)
      this.pass()
      if (this.job.isEnough?.(this.result)) this.result.isWhole = true
    }
  }

  /** Blocks that others fly. */
  private pass(): void {
    while (this.nextCounted < this.blocks && !this.isOurs(this.nextCounted)) this.nextCounted++
    if (this.nextCounted === this.blocks) this.result.isWhole = true
  }

  private isOurs(block: number): boolean {
    return this.job.flies?.(block) ?? true
  }
}
