// What two policies are compared by: the metrics of budgets, and how often that didn't happen which some of them measure.
import { type BudgetMetric, budgetMetrics } from '../../scenario/budget.js'
import type { Fact } from '../pair-tally.js'
import type { Tally } from '../tally.js'

/** In how many runs something is true that no policy wants. */
export const shares = {
  missed: { fact: 'missed', countIn: ({ missed }) => missed },
  false_abort: { fact: 'falseAbort', countIn: ({ falseAborts }) => falseAborts },
  'detect.never': {
    fact: 'undetected',
    countIn: (tally) => sizeOf(tally, 'times.onsetMs') - sizeOf(tally, 'detectionMs'),
  },
  'safe.never': { fact: 'unsafe', countIn: (tally) => sizeOf(tally, 'times.onsetMs') - sizeOf(tally, 'timeToSafeMs') },
  'duration.never': { fact: 'endless', countIn: (tally) => tally.runs - sizeOf(tally, 'durationMs') },
} as const satisfies Record<string, { fact: Fact; countIn(tally: Tally): number }>

export type ShareMetric = keyof typeof shares
export type NumberMetric = Exclude<BudgetMetric, 'missed' | 'false_abort' | 'verdict'>
export type ComparedMetric = ShareMetric | NumberMetric

/** In the order in which they are told. Of all of them less is better. */
export const comparedMetrics = [
  'missed',
  'false_abort',
  'detect',
  'detect.never',
  'safe',
  'safe.never',
  'duration',
  'duration.never',
  'users.harmed',
  'users.exposed',
  'requests.excess',
  'requests.failed',
  'requests.exposed',
  'budget.spent',
  'weight.peak',
] as const satisfies readonly ComparedMetric[]

export type ComparedUnit = 'duration' | 'count' | 'ratio' | 'share'

export function unitOf(metric: ComparedMetric): ComparedUnit {
  if (isShare(metric)) return 'share'
  const { unit } = budgetMetrics[metric]
  return unit as Exclude<typeof unit, 'verdict'>
}

export function isShare(metric: ComparedMetric): metric is ShareMetric {
  return Object.hasOwn(shares, metric)
}

function sizeOf(tally: Tally, figure: Parameters<Tally['spread']>[0]): number {
  return tally.spread(figure).size
}
