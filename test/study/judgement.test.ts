// Budgets are held against what many runs have in common.
import { expect, test } from 'vitest'
import type { Outcome } from '../../src/run/record.js'
import { type Budget, parseBudget, type Verdict } from '../../src/scenario/budget.js'
import { judge } from '../../src/study/judgement.js'
import { Tally } from '../../src/study/tally.js'

const minutes = (count: number | null) => (count === null ? null : count * 60_000)

function outcome(
  detectionMinutes: number | null,
  verdict: Verdict = 'aborted',
  onsetMinutes: number | null = 5,
): Outcome {
  const onsetMs = minutes(onsetMinutes)
  const detectionMs = minutes(detectionMinutes)
  const decidedMs = detectionMs === null ? null : (onsetMs ?? 0) + detectionMs
  return {
    verdict,
    missed: verdict === 'promoted' && onsetMs !== null,
    falseAbort: verdict === 'aborted' && onsetMs === null,
    detectionMs: onsetMs === null ? null : detectionMs,
    timeToSafeMs: onsetMs === null ? null : detectionMs,
    blastRadius: {
      requests: { total: 1000, exposed: 100, failed: 20, excess: 10 },
      users: { total: 500, exposed: 50, harmed: 10 * (detectionMinutes ?? 100) },
      userMinutes: 7,
      budgetSpentPercent: 2.5,
      peakWeightPercent: 25,
    },
    times: {
      releasedMs: 180_000,
      onsetMs,
      firstExposedMs: onsetMs,
      firstObservableMs: onsetMs,
      firstFailedCheckMs: null,
      decidedMs,
      safeMs: decidedMs,
      promotedMs: verdict === 'promoted' ? 600_000 : null,
      endMs: 900_000,
    },
  }
}

const caught = [1, 2, 3, 4].map((each) => outcome(each))

test.each([
  ['a percentile', 'detect.p50 <= 2m30s', caught, 150_000, true],
  ['a mean', 'users.harmed.mean < 25', caught, 25, false],
  ['the least and the most', 'safe.max < 4m', caught, 240_000, false],
  ['without a statistic every single run counts, the longest', 'detect < 4m', caught, 240_000, false],
  ['… or the shortest', 'detect >= 1m', caught, 60_000, true],
  ['… or the one that differs', 'users.harmed == 10', caught, 20, false],
  ['… or the one that does not', 'users.harmed != 30', caught, 30, false],
  ['a part of all, in percent', 'budget.spent < 3%', caught, 0.025, true],
  ['the largest share of the requests', 'weight.peak <= 25%', caught, 0.25, true],
  ['requests', 'requests.failed.p95 < 20', caught, 20, false],
  ['a verdict is that of all runs', 'verdict == aborted', caught, 'aborted', true],
  ['one run with another is enough', 'verdict == aborted', [...caught, outcome(null, 'stuck')], 'stuck', false],
  ['a verdict that none may have', 'verdict != stuck', [...caught, outcome(null, 'stuck')], 'stuck', false],
  ['so many of the runs are missed', 'missed < 20%', [...caught, outcome(null, 'promoted')], 0.2, false],
  ['so many are stopped for nothing', 'false_abort <= 50%', [outcome(1), outcome(1, 'aborted', null)], 0.5, true],
  ['what nobody finds takes for ever', 'detect.p90 < 10m', [...caught, outcome(null, 'promoted')], Infinity, false],
  ['… and hides in no percentile below it', 'detect.p50 < 10m', [...caught, outcome(null, 'promoted')], 180_000, true],
  [
    'where nothing is wrong nothing is found late',
    'detect.max < 2m',
    [outcome(1), outcome(9, 'aborted', null)],
    60_000,
    true,
  ],
  ['a budget on nothing does not hold', 'detect.p90 < 10m', [outcome(null, 'promoted', null)], null, false],
  ['a release takes until everyone has it', 'duration < 8m', [outcome(null, 'promoted')], 420_000, true],
  ['… or it is given up', 'duration < 8m', caught, 360_000, true],
  ['… or for ever', 'duration < 8m', [outcome(null, 'stuck')], Infinity, false],
] as const)('%s: %s', (_, text, outcomes, measured, holds) => {
  const [judgement] = judge([budgetFrom(text)], tallyOf(outcomes))
  expect([judgement!.measured, judgement!.isMet]).toEqual([measured, holds])
})

function budgetFrom(text: string): Budget {
  const parsed = parseBudget(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.value
}

function tallyOf(outcomes: readonly Outcome[]): Tally {
  const tally = new Tally()
  for (const [index, each] of outcomes.entries()) tally.add(index + 1, each)
  return tally
}

/** So many runs of which so many are missed, or detected after so many minutes in turn. */
const missing = (missed: number, runs: number) =>
  Array.from({ length: runs }, (_, run) => (run < missed ? outcome(null, 'promoted') : outcome(1)))
const detected = (runs: number, ...minutes: number[]) =>
  Array.from({ length: runs }, (_, run) => outcome(minutes[run % minutes.length]!))

test.each([
  ['none of 2,000 is fewer than 1 %', 'missed < 1%', missing(0, 2000), 'holds', null],
  [
    'none of 100 says nothing of 1 %: ln(200) times a hundred would, and a tenth more for another look',
    'missed < 1%',
    missing(0, 100),
    'undecided',
    583,
  ],
  ['one in ten is more than 1 %', 'missed < 1%', missing(100, 1000), 'fails', null],
  ['as many as are allowed are never decided', 'missed < 10%', missing(10, 100), 'undecided', null],
  [
    'a median between two others is undecided for four runs',
    'detect.p50 < 3m',
    detected(4, 1, 2, 3, 4),
    'undecided',
    8,
  ],
  ['… and decided for four hundred', 'detect.p50 < 4m', detected(400, 1, 2, 3, 4), 'holds', null],
  ['a mean is as sure as its standard error', 'detect.mean < 2m', detected(300, 1, 2), 'holds', null],
  ['… and four times the runs make it twice as sure', 'detect.mean < 2m', detected(10, 1, 3), 'undecided', null],
  ['… so that it is known how many decide', 'detect.mean < 130s', detected(100, 1, 3), 'undecided', 242],
  ['a verdict is that of these runs', 'verdict == aborted', detected(3, 1), 'holds', null],
] as const)('%s: %s', (_, text, outcomes, answer, neededRuns) => {
  const [judgement] = judge([budgetFrom(text)], tallyOf(outcomes))
  expect([judgement!.answer, judgement!.neededRuns]).toEqual([answer, neededRuns])
})

test('the runs to look at are those that are furthest out, and first those that never ended', () => {
  const tally = tallyOf([outcome(1), outcome(9), outcome(null, 'promoted'), outcome(7), outcome(2)])
  const worst = (text: string) => judge([budgetFrom(text)], tally)[0]!.worst.map(({ seed }) => seed)
  expect(worst('detect.p90 < 1m')).toEqual([3, 2, 4, 5, 1])
  expect(worst('missed < 0.01%')).toEqual([3])
  expect(worst('verdict == aborted')).toEqual([3])
  expect(worst('users.harmed > 100')).toEqual([1, 5, 4, 2, 3])
  expect(worst('users.harmed > 1')).toEqual([])
})
