// Scenarios whose runs a test makes up.
import type { Outcome } from '../../../src/run/record.js'
import { parseBudget } from '../../../src/scenario/budget.js'
import { Tally } from '../../../src/study/tally.js'
import type { Tested } from '../../../src/study/test/tested.js'

/** Something is wrong from the first second on; it is stopped after so long, or never. */
export interface Made {
  readonly detectionMs?: number | null
  readonly harmed?: number
}

export function testedScenario(
  budgets: readonly string[],
  runs: readonly Made[],
  more: Partial<Omit<Tested, 'budgets' | 'tally'>> = {},
): Tested {
  const file = more.file ?? 'made-up.yaml'
  const written = budgets.map((text, index) => {
    const parsed = parseBudget(text)
    if (!parsed.ok) throw new RangeError(parsed.message)
    return { budget: parsed.value, place: { file, line: 7 + index, column: 5 } }
  })
  const told = {
    name: 'made-up',
    file,
    teaches: 'What a test makes up.',
    seed: 1,
    fidelity: 'flow' as const,
    isWhole: true,
  }
  return { ...told, ...more, budgets: written, tally: tallyOf(runs, more.seed) }
}

export function tallyOf(runs: readonly Made[], seed = 1): Tally {
  const tally = new Tally()
  for (const [index, made] of runs.entries()) tally.add(seed + index, outcomeOf(made))
  return tally
}

function outcomeOf({ detectionMs = 60_000, harmed = 0 }: Made): Outcome {
  const isMissed = detectionMs === null
  const decidedMs = isMissed ? null : 1000 + detectionMs
  return {
    verdict: isMissed ? 'promoted' : 'aborted',
    missed: isMissed,
    falseAbort: false,
    detectionMs,
    timeToSafeMs: detectionMs,
    blastRadius: {
      requests: { total: 10_000, exposed: 2 * harmed, failed: harmed, excess: harmed },
      users: { total: 5000, exposed: harmed, harmed },
      userMinutes: 0,
      budgetSpentPercent: harmed / 100,
      peakWeightPercent: 10,
    },
    times: {
      releasedMs: 0,
      onsetMs: 1000,
      firstExposedMs: 1000,
      firstObservableMs: 2000,
      firstFailedCheckMs: null,
      decidedMs,
      safeMs: decidedMs,
      promotedMs: isMissed ? 600_000 : null,
      endMs: 600_000,
    },
  }
}
