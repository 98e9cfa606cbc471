// What is known of a candidate: whom it hurts, how fast it is, how often it stops a good release, and whether it keeps to
// the budgets.
import type { Budget } from '../../scenario/budget.js'
import { verdicts } from '../../scenario/budget.js'
import { type Judgement, judge } from '../judgement.js'
import { Spread } from '../spread.js'
import { type Estimate, meanEstimate, quantileEstimate, shareEstimate } from '../study.js'
import type { Tally } from '../tally.js'
import type { World } from './worlds.js'

/** Of the users harmed in a run. */
export type HarmStatistic = 'mean' | 'p95'

export interface Measure {
  readonly worlds: readonly World[]
  readonly harm: HarmStatistic
  /** In the scenario as it is written. */
  readonly budgets: readonly Budget[]
  /** Where nothing is wrong. */
  readonly healthyBudgets: readonly Budget[]
  readonly releaseAtMs: number
}

export interface Score {
  readonly runs: number
  /** Users harmed, the mean of all faults. */
  readonly harm: Estimate
  /** Median time until everyone has a healthy release; infinite where that is never. */
  readonly durationMs: Estimate
  /** Share of the healthy releases. */
  readonly falseAborts: Estimate
  /** Share of the faulty releases that everyone got. */
  readonly missed: Estimate
  /** Null where no fault was detected. */
  readonly detectionMs: Estimate | null
  readonly budgets: readonly Judgement[]
  /** So much longer may a healthy release take, or so much too long is it where that is less than 0; null without a budget. */
  readonly roomMs: number | null
  /** How far beyond its budgets it is as far as these runs can tell: 0 where none fails. */
  readonly violation: number
}

export const objectives = ['harm', 'durationMs', 'falseAborts'] as const
export type Objective = (typeof objectives)[number]

/** One tally for each world. */
export function scoreOf(
  { worlds, harm, budgets, healthyBudgets, releaseAtMs }: Measure,
  tallies: readonly Tally[],
): Score {
  const faulty = tallies.filter((_, index) => worlds[index]!.role === 'fault')
  const healthy = tallies[worlds.findIndex(({ role }) => role === 'healthy')]!
  const written = tallies[worlds.findIndex(({ isWritten }) => isWritten)]!
  const detections = new Spread()
  for (const tally of faulty) detections.merge(tally.spread('detectionMs'))
  const healthily = judge(healthyBudgets, healthy)
  const judged = [...judge(budgets, written), ...healthily]
  const missed = faulty.reduce((sum, tally) => sum + tally.missed, 0)
  const flown = faulty.reduce((sum, { runs }) => sum + runs, 0)
  return {
    runs: healthy.runs,
    harm: averageOf(faulty.map((tally) => harmIn(tally, harm))),
    durationMs: durationOf(healthy, releaseAtMs),
    falseAborts: shareEstimate(healthy.falseAborts, healthy.runs),
    missed: shareEstimate(missed, flown),
    detectionMs: detections.size === 0 ? null : meanEstimate(detections),
    budgets: judged,
    roomMs: roomIn(healthily),
    violation: judged.reduce((sum, judgement, index) => {
      const of = index < budgets.length ? written : healthy
      return sum + violationOf(judgement, of)
    }, 0),
  }
}

function harmIn(tally: Tally, statistic: HarmStatistic): Estimate {
  const spread = tally.spread('blastRadius.users.harmed')
  return statistic === 'mean' ? meanEstimate(spread) : quantileEstimate(spread, 0.95)
}

/** All faults meet the same seeds: what one of them may be off by, all may be. */
function averageOf(estimates: readonly Estimate[]): Estimate {
  if (estimates.length === 0) return { value: 0, low: 0, high: 0 }
  const average = (values: readonly (number | null)[]) =>
    values.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0)
  const over = (sum: number | null) => (sum === null ? null : sum / estimates.length)
  return {
    value: over(average(estimates.map(({ value }) => value)))!,
    low: over(average(estimates.map(({ low }) => low))),
    high: over(average(estimates.map(({ high }) => high))),
  }
}

function durationOf(healthy: Tally, releaseAtMs: number): Estimate {
  const spread = healthy.spread('times.promotedMs').scaled(1)
  spread.add(Number.POSITIVE_INFINITY, healthy.runs - spread.size)
  const { value, low, high } = quantileEstimate(spread, 0.5)
  const since = (ms: number | null) => (ms === null ? null : ms - releaseAtMs)
  return { value: value - releaseAtMs, low: since(low), high: since(high) }
}

function roomIn(judged: readonly Judgement[]): number | null {
  const rooms = judged
    .filter(({ budget: { metric, comparison } }) => metric === 'duration' && comparison.startsWith('<'))
    .map(({ budget, measured }) => Number(budget.value) - Number(measured ?? Number.POSITIVE_INFINITY))
  return rooms.length === 0 ? null : Math.min(...rooms)
}

/** In parts of its limit; of verdicts the part of the runs that have another. */
function violationOf({ answer, budget, measured }: Judgement, tally: Tally): number {
  if (answer !== 'fails') return 0
  if (budget.metric === 'verdict') {
    const right = verdicts.filter((verdict) => (budget.comparison === '==') === (verdict === budget.value))
    return 1 - right.reduce((sum, verdict) => sum + tally.verdicts[verdict], 0) / Math.max(1, tally.runs)
  }
  const limit = Number(budget.value)
  const off = Math.abs(Number(measured ?? Number.POSITIVE_INFINITY) - limit) / Math.max(Math.abs(limit), 1e-9)
  // At least a little: it may be off by less than can be seen.
  return Math.max(0.001, Math.min(mostViolation, off))
}

/** What never happens is no further off than this. */
const mostViolation = 10
