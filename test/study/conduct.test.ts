// Blocks of seeds, put together in their order whoever flies them when.
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/run/record.js'
import { conduct, type Job } from '../../src/study/conduct.js'
import type { Crew } from '../../src/study/crew.js'
import { PairTally } from '../../src/study/pair-tally.js'
import type { Flown, Seeds, Task } from '../../src/study/pilot.js'
import { Tally } from '../../src/study/tally.js'

const task: Task = { arms: [{ scenario: 'x.yaml', audience: {}, files: new Map() }], pairs: [[0, 0]] }

/** Harms as many users as its seed says. */
function outcome(seed: number): Outcome {
  const isMissed = seed % 97 === 0
  return {
    verdict: isMissed ? 'promoted' : 'aborted',
    missed: isMissed,
    falseAbort: false,
    detectionMs: isMissed ? null : seed,
    timeToSafeMs: null,
    blastRadius: {
      requests: { total: 1000, exposed: 100, failed: 20, excess: 10 },
      users: { total: 500, exposed: 50, harmed: seed },
      userMinutes: 7,
      budgetSpentPercent: 2.5,
      peakWeightPercent: 25,
    },
    times: {
      releasedMs: 0,
      onsetMs: 0,
      firstExposedMs: 0,
      firstObservableMs: 0,
      firstFailedCheckMs: null,
      decidedMs: null,
      safeMs: null,
      promotedMs: null,
      endMs: 1,
    },
  }
}

/** Comes back in another order than it set out. */
class Slow implements Crew {
  readonly flown: Seeds[] = []
  private flying = 0
  most = 0

  constructor(private readonly sizes: number | readonly number[]) {}

  get size(): number {
    const { sizes, flown } = this
    return typeof sizes === 'number' ? sizes : (sizes[flown.length] ?? sizes.at(-1)!)
  }

  async fly(_: Task, seeds: Seeds): Promise<Flown> {
    this.flown.push(seeds)
    this.most = Math.max(this.most, ++this.flying)
    for (let wait = (Math.floor(seeds.seed / 50) * 7) % 5; wait >= 0; wait--) await Promise.resolve()
    const tally = new Tally()
    const pair = new PairTally()
    for (let seed = seeds.seed; seed < seeds.seed + seeds.runs; seed++) {
      tally.add(seed, outcome(seed))
      pair.add(outcome(seed), outcome(seed + 1))
    }
    this.flying--
    return { arms: [tally.data()], pairs: [pair.data()] }
  }

  async end(): Promise<void> {}
}

const job: Job = { task, seed: 10, runs: 730 }

async function resultOf(more: Partial<Job>, size: number) {
  const crew = new Slow(size)
  const [result] = await conduct([{ ...job, ...more }], crew)
  return { result: result!, bytes: JSON.stringify([result!.arms[0]!.data(), result!.pairs[0]!.data()]), crew }
}

describe('A job', () => {
  it('comes to the same with any number of pilots', async () => {
    const { result, bytes } = await resultOf({}, 1)
    expect(result.runs).toBe(730)
    expect(result.arms[0]!.spread('blastRadius.users.harmed').max).toBe(739)
    for (const size of [2, 3, 8]) expect((await resultOf({}, size)).bytes).toBe(bytes)
  })

  it('ends after the same block with any number of pilots', async () => {
    const isEnough = ({ runs }: { runs: number }) => runs >= 200
    const { result, bytes } = await resultOf({ isEnough }, 1)
    expect([result.runs, result.isWhole]).toEqual([200, true])
    for (const size of [2, 5]) expect((await resultOf({ isEnough }, size)).bytes).toBe(bytes)
  })

  it('that is likely to be short is flown no further before the others are', async () => {
    const crew = new Slow(2)
    const short = { ...job, likelyRuns: 100, isEnough: ({ runs }: { runs: number }) => runs >= 100 }
    const [first, second] = await conduct([short, short], crew)
    expect([first!.runs, second!.runs, crew.flown.length]).toEqual([100, 100, 4])
    const long = { ...short, isEnough: ({ runs }: { runs: number }) => runs >= 200 }
    const results = await conduct([long, short], new Slow(2))
    expect(results.map(({ runs }) => runs)).toEqual([200, 100])
  })

  it('is flown by as many as there are, from one block to the next', async () => {
    const growing = [1, 1, 1, 3]
    const crew = new Slow(growing)
    const [result] = await conduct([job], crew)
    expect([result!.runs, crew.most]).toEqual([730, 3])
    expect((await resultOf({}, 1)).crew.most).toBe(1)
  })

  it('that fails ends the others with it', async () => {
    class Failing extends Slow {
      override async fly(one: Task, seeds: Seeds): Promise<Flown> {
        if (seeds.seed === 110) throw new Error('a defect')
        return super.fly(one, seeds)
      }
    }
    await expect(conduct([job], new Failing(3))).rejects.toThrow('a defect')
  })

  it('is whole when the blocks of all shards are put together', async () => {
    const whole = await resultOf({}, 1)
    const shards = await Promise.all([0, 1, 2].map((shard) => resultOf({ flies: (block) => block % 3 === shard }, 2)))
    const merged = new Tally()
    for (const { result } of shards.toReversed()) merged.merge(result.arms[0]!.data())
    expect(JSON.stringify(merged.data())).toBe(JSON.stringify(whole.result.arms[0]!.data()))
  })

  it('keeps what is finished when somebody ends it', async () => {
    const stop = new AbortController()
    const told = () => stop.abort()
    const [result] = await conduct([job], new Slow(1), { signal: stop.signal, told })
    expect([result!.runs, result!.isWhole]).toEqual([50, false])
  })

  it('remembers the runs that were furthest out, and the first in which something happened', async () => {
    const [tally] = (await resultOf({}, 3)).result.arms
    expect(tally!.extremesOf('blastRadius.users.harmed').highest.map(({ seed }) => seed)).toEqual([
      739, 738, 737, 736, 735,
    ])
    expect(tally!.seedsOf('missed')).toEqual([97, 194, 291, 388, 485])
    expect(tally!.seedsOf('undetected')).toEqual(tally!.seedsOf('missed'))
  })

  it('takes the difference of each pair under each seed', async () => {
    const [pair] = (await resultOf({}, 2)).result.pairs
    expect(pair!.differences['blastRadius.users.harmed'].data()).toEqual({ values: [1], counts: [730] })
    expect(pair!.facts.missed).toEqual({ first: 7, second: 7 })
  })
})
