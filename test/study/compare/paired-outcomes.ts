// Results of two arms whose outcomes a test makes up, run by run.
import type { Outcome } from '../../../src/run/record.js'
import { Result } from '../../../src/study/conduct.js'
import { PairTally } from '../../../src/study/pair-tally.js'
import type { Task } from '../../../src/study/pilot.js'
import { Tally } from '../../../src/study/tally.js'

/** A release with something wrong from its first second on, stopped after a minute, unless something else is said. */
export interface Made {
  readonly verdict?: Outcome['verdict']
  readonly missed?: boolean
  readonly falseAbort?: boolean
  /** Null if nobody noticed. */
  readonly detectionMs?: number | null
  readonly harmed?: number
  /** Requests, on any version. */
  readonly failed?: number
  readonly weightPercent?: number
  /** Whether there was anything to notice. */
  readonly isHealthy?: boolean
}

export type Pair = readonly [first: Made, second: Made]

const task: Task = {
  arms: ['a.yaml', 'b.yaml'].map((scenario) => ({ scenario, audience: {}, files: new Map() })),
  pairs: [[0, 1]],
}

export function resultOf(pairs: readonly Pair[]): Result {
  const result = new Result(task)
  const arms = [new Tally(), new Tally()] as const
  const both = new PairTally()
  for (const [seed, pair] of pairs.entries()) {
    const [first, second] = pair.map(outcomeOf) as [Outcome, Outcome]
    arms[0].add(seed, first)
    arms[1].add(seed, second)
    both.add(first, second)
  }
  result.add({ arms: arms.map((tally) => tally.data()), pairs: [both.data()] })
  return result
}

function outcomeOf(made: Made): Outcome {
  const { missed = false, isHealthy = false, harmed = 0 } = made
  const verdict = made.verdict ?? (missed || isHealthy ? 'promoted' : 'aborted')
  const detectionMs = made.detectionMs === undefined ? (verdict === 'aborted' ? 60_000 : null) : made.detectionMs
  const endMs = verdict === 'promoted' ? 600_000 : verdict === 'aborted' ? 1000 + (detectionMs ?? 0) : null
  return {
    verdict,
    missed,
    falseAbort: made.falseAbort ?? false,
    detectionMs,
    timeToSafeMs: detectionMs,
    blastRadius: {
      requests: { total: 10_000, exposed: 2 * harmed, failed: made.failed ?? harmed, excess: harmed },
      users: { total: 5000, exposed: harmed, harmed },
      userMinutes: 0,
      budgetSpentPercent: harmed / 100,
      peakWeightPercent: made.weightPercent ?? 10,
    },
    times: {
      releasedMs: 0,
      onsetMs: isHealthy ? null : 1000,
      firstExposedMs: null,
      firstObservableMs: null,
      firstFailedCheckMs: null,
      decidedMs: verdict === 'aborted' ? endMs : null,
      safeMs: null,
      promotedMs: verdict === 'promoted' ? endMs : null,
      endMs: 600_000,
    },
  }
}
