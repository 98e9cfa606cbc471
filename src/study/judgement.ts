// Whether the runs of a scenario keep to its budgets: each metric as a figure of all of them, held against its limit.
import { quantileSorted } from 'simple-statistics'
import type { Outcome } from '../run/record.js'
import type { Budget, BudgetMetric, Comparison, Verdict } from '../scenario/budget.js'

export interface Judgement {
  readonly budget: Budget
  /**
   * Without a statistic the value that is furthest from the limit, or of verdicts the first that is not as it should be;
   * Infinity for what never happened though it could have, null where it could not have in any run.
   */
  readonly measured: number | Verdict | null
  /** False where there was nothing to measure: a budget that can't fail says nothing. */
  readonly holds: boolean
}

export function judge(budgets: readonly Budget[], outcomes: readonly Outcome[]): readonly Judgement[] {
  return budgets.map((budget) => judgeOne(budget, outcomes))
}

function judgeOne(budget: Budget, outcomes: readonly Outcome[]): Judgement {
  const { metric, statistic, comparison, value } = budget
  const isWithin = (measured: number | Verdict) => compare[comparison](measured, value)
  const values = outcomes.flatMap((outcome) => figureOf[metric](outcome) ?? [])
  if (values.length === 0) return { budget, measured: null, holds: false }
  const measured = isShare(metric)
    ? statisticOf(values as number[], 'mean')
    : statistic === undefined
      ? worst(values, comparison, isWithin)
      : statisticOf(values as number[], statistic)
  return { budget, measured, holds: isWithin(measured) }
}

const compare: Readonly<Record<Comparison, (measured: number | Verdict, limit: number | Verdict) => boolean>> = {
  '<': (measured, limit) => measured < limit,
  '<=': (measured, limit) => measured <= limit,
  '>': (measured, limit) => measured > limit,
  '>=': (measured, limit) => measured >= limit,
  '==': (measured, limit) => measured === limit,
  '!=': (measured, limit) => measured !== limit,
}

/** One for each run; undefined for a run in which it makes no sense. */
const figureOf: Readonly<Record<BudgetMetric, (outcome: Outcome) => number | Verdict | undefined>> = {
  detect: ({ detectionMs, times }) => sinceOnset(detectionMs, times),
  safe: ({ timeToSafeMs, times }) => sinceOnset(timeToSafeMs, times),
  // Of the release: until everyone has the new version, or it is given up.
  duration: ({ times }) => (times.promotedMs ?? times.decidedMs ?? Number.POSITIVE_INFINITY) - times.releasedMs,
  'requests.exposed': ({ blastRadius }) => blastRadius.requests.exposed,
  'requests.failed': ({ blastRadius }) => blastRadius.requests.failed,
  'requests.excess': ({ blastRadius }) => blastRadius.requests.excess,
  'users.exposed': ({ blastRadius }) => blastRadius.users.exposed,
  'users.harmed': ({ blastRadius }) => blastRadius.users.harmed,
  'budget.spent': ({ blastRadius }) => blastRadius.budgetSpentPercent / 100,
  'weight.peak': ({ blastRadius }) => blastRadius.peakWeightPercent / 100,
  missed: ({ missed }) => Number(missed),
  false_abort: ({ falseAbort }) => Number(falseAbort),
  verdict: ({ verdict }) => verdict,
}

const isShare = (metric: BudgetMetric) => metric === 'missed' || metric === 'false_abort'

/** What nobody did, though something was wrong, takes for ever. */
function sinceOnset(ms: number | null, { onsetMs }: Outcome['times']): number | undefined {
  return onsetMs === null ? undefined : (ms ?? Number.POSITIVE_INFINITY)
}

/** Where every single run has to keep to it. */
function worst<Value extends number | Verdict>(
  values: readonly Value[],
  comparison: Comparison,
  isWithin: (value: Value) => boolean,
): Value {
  if (comparison === '<' || comparison === '<=') return values.reduce((most, value) => (value > most ? value : most))
  if (comparison === '>' || comparison === '>=') return values.reduce((least, value) => (value < least ? value : least))
  return values.find((value) => !isWithin(value)) ?? values[0]!
}

function statisticOf(values: readonly number[], statistic: string): number {
  if (statistic === 'mean') return values.reduce((sum, value) => sum + value, 0) / values.length
  const sorted = [...values].sort((a, b) => a - b)
  if (statistic === 'min') return sorted[0]!
  if (statistic === 'max') return sorted.at(-1)!
  return quantileSorted(sorted, Number(statistic.slice(1)) / 100)
}
