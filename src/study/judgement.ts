// Whether the runs of a scenario keep to its budgets, as far as so many runs can tell: each metric as a figure of all of
// them, with its sampling error, held against its limit.
import { normalQuantile } from '../kernel/normal.js'
import type { Budget, BudgetMetric, Comparison, Verdict } from '../scenario/budget.js'
import { verdicts } from '../scenario/budget.js'
import type { Figure } from './figures.js'
import type { Spread } from './spread.js'
import { type Estimate, meanEstimate, quantileEstimate, shareEstimate } from './study.js'
import type { Event, Tally } from './tally.js'

/** Undecided: the runs allow both, and more of them would tell. */
export type Answer = 'holds' | 'fails' | 'undecided'

export interface Judgement {
  readonly budget: Budget
  /**
   * Without a statistic the value that is furthest from the limit, or of verdicts the first that is not as it should be;
   * Infinity for what never happened though it could have, null where it could not have in any run.
   */
  readonly measured: number | Verdict | null
  /** Between which two the true figure lies; null where the budget is about these very runs, or they don't bound it. */
  readonly low: number | null
  readonly high: number | null
  /** Whether these runs keep to it, whatever others would do. */
  readonly isMet: boolean
  /** Where there was nothing to measure it fails: a budget that can't fail says nothing. */
  readonly answer: Answer
  /** So many runs would probably decide it; null where it is decided, or the figure is at its limit. */
  readonly neededRuns: number | null
  /** The runs to look at first, where it doesn't hold. */
  readonly worst: readonly WorstRun[]
}

export interface WorstRun {
  readonly seed: number
  readonly value: number | Verdict
}

/** How sure one shall be, in all looks at the budgets together. */
export const judgedConfidence = 0.99

export function judge(
  budgets: readonly Budget[],
  tally: Tally,
  confidence: number = judgedConfidence,
  /** The share of misses, where more than these runs tell of it. */
  missed?: Estimate,
): readonly Judgement[] {
  return budgets.map((budget) => judgeOne(budget, tally, confidence, missed))
}

function judgeOne(budget: Budget, tally: Tally, confidence: number, missed: Estimate | undefined): Judgement {
  const { metric, statistic, comparison } = budget
  if (metric === 'verdict') return judgeVerdict(budget, tally)
  const limit = budget.value as number
  const isWithin = (measured: number) => compare[comparison](measured, limit)
  if (metric === 'missed' || metric === 'false_abort') {
    const count = metric === 'missed' ? tally.missed : tally.falseAborts
    if (tally.runs === 0) return nothing(budget)
    const isWorseIfMore = comparison === '<' || comparison === '<='
    const event = metric === 'missed' ? 'missed' : 'falseAbort'
    const worst = isWorseIfMore ? tally.seedsOf(event).map((seed) => ({ seed, value: 1 })) : []
    const needed = (estimate: Estimate) => runsForShare(estimate, limit, tally.runs, confidence)
    const share = shareEstimate(count, tally.runs, confidence)
    if (metric === 'missed' && missed) return judged(budget, missed, worst, () => null)
    return judged(budget, share, worst, needed)
  }
  const spread = spreadOf(metric, tally)
  if (spread.size === 0) return nothing(budget)
  const worst = worstOf(budget, tally)
  if (statistic === undefined || statistic === 'min' || statistic === 'max') {
    const measured = statistic === undefined ? furthest(spread, comparison, isWithin) : spread[statistic]
    return ofTheseRuns(budget, measured, isWithin(measured), worst)
  }
  const estimate =
    statistic === 'mean'
      ? meanEstimate(spread, confidence)
      : quantileEstimate(spread, Number(statistic.slice(1)) / 100, confidence)
  const needed = (of: Estimate) => runsForDistance(of, limit, tally.runs)
  return judged(budget, estimate, worst, needed)
}

function judged(
  budget: Budget,
  estimate: Estimate,
  worst: readonly WorstRun[],
  neededFor: (estimate: Estimate) => number | null,
): Judgement {
  const { value: measured, low, high } = estimate
  const answer = answerOf(budget, estimate)
  const isMet = compare[budget.comparison](measured, budget.value)
  const neededRuns = answer === 'undecided' ? neededFor(estimate) : null
  return { budget, measured, low, high, isMet, answer, neededRuns, worst: answer === 'fails' ? worst : [] }
}

/** Of these runs, whatever others would do. */
function ofTheseRuns(
  budget: Budget,
  measured: number | Verdict,
  isMet: boolean,
  worst: readonly WorstRun[],
): Judgement {
  const answer = isMet ? 'holds' : 'fails'
  return { budget, measured, low: null, high: null, isMet, answer, neededRuns: null, worst: isMet ? [] : worst }
}

function nothing(budget: Budget): Judgement {
  return { budget, measured: null, low: null, high: null, isMet: false, answer: 'fails', neededRuns: null, worst: [] }
}

function judgeVerdict(budget: Budget, tally: Tally): Judgement {
  const isWithin = (verdict: Verdict) => compare[budget.comparison](verdict, budget.value)
  const seen = verdicts.filter((verdict) => tally.verdicts[verdict] > 0)
  if (seen.length === 0) return nothing(budget)
  const wrong = seen.filter((verdict) => !isWithin(verdict))
  const worst = wrong.flatMap((verdict) => tally.seedsOf(verdict).map((seed) => ({ seed, value: verdict })))
  const inOrder = worst.sort((a, b) => a.seed - b.seed)
  return ofTheseRuns(budget, inOrder[0]?.value ?? seen[0]!, wrong.length === 0, inOrder.slice(0, 5))
}

const compare: Readonly<Record<Comparison, (measured: number | Verdict, limit: number | Verdict) => boolean>> = {
  '<': (measured, limit) => measured < limit,
  '<=': (measured, limit) => measured <= limit,
  '>': (measured, limit) => measured > limit,
  '>=': (measured, limit) => measured >= limit,
  '==': (measured, limit) => measured === limit,
  '!=': (measured, limit) => measured !== limit,
}

/** It holds or fails where all that the runs allow does. */
function answerOf({ comparison, value }: Budget, { low, high }: Estimate): Answer {
  const limit = value as number
  const lowest = low ?? Number.NEGATIVE_INFINITY
  const highest = high ?? Number.POSITIVE_INFINITY
  const isWithin = (measured: number) => compare[comparison](measured, limit)
  if (comparison === '==' || comparison === '!=') {
    if (lowest === highest) return isWithin(lowest) ? 'holds' : 'fails'
    if (lowest <= limit && limit <= highest) return 'undecided'
    return comparison === '!=' ? 'holds' : 'fails'
  }
  if (isWithin(lowest) && isWithin(highest)) return 'holds'
  return isWithin(lowest) || isWithin(highest) ? 'undecided' : 'fails'
}

/** What a metric is in the record of a run, and by how much it is larger there. */
export const recorded: Readonly<
  Record<Exclude<BudgetMetric, 'missed' | 'false_abort' | 'verdict'>, readonly [Figure, factor: number]>
> = {
  detect: ['detectionMs', 1],
  safe: ['timeToSafeMs', 1],
  duration: ['durationMs', 1],
  'requests.exposed': ['blastRadius.requests.exposed', 1],
  'requests.failed': ['blastRadius.requests.failed', 1],
  'requests.excess': ['blastRadius.requests.excess', 1],
  'users.exposed': ['blastRadius.users.exposed', 1],
  'users.harmed': ['blastRadius.users.harmed', 1],
  'budget.spent': ['blastRadius.budgetSpentPercent', 100],
  'weight.peak': ['blastRadius.peakWeightPercent', 100],
}

function spreadOf(metric: keyof typeof recorded, tally: Tally): Spread {
  const [figure, factor] = recorded[metric]
  const spread = tally.spread(figure)
  const never = occasions(metric, tally) - spread.size
  if (factor === 1 && never <= 0) return spread
  const own = spread.scaled(1 / factor)
  // What nobody did, though something was wrong, takes for ever.
  own.add(Number.POSITIVE_INFINITY, Math.max(0, never))
  return own
}

/** In how many runs it could have happened. */
function occasions(metric: keyof typeof recorded, tally: Tally): number {
  if (metric === 'detect' || metric === 'safe') return tally.spread('times.onsetMs').size
  return metric === 'duration' ? tally.runs : 0
}

/** The event whose runs a duration is infinite in. */
const endless: Readonly<Partial<Record<BudgetMetric, Event>>> = {
  detect: 'undetected',
  safe: 'unsafe',
  duration: 'endless',
}

function worstOf({ metric, comparison }: Budget, tally: Tally): readonly WorstRun[] {
  const [figure, factor] = recorded[metric as keyof typeof recorded]
  const { highest, lowest } = tally.extremesOf(figure)
  const scaled = (runs: typeof highest) => runs.map(({ seed, value }) => ({ seed, value: value / factor }))
  if (comparison === '>' || comparison === '>=') return scaled(lowest)
  const event = endless[metric]
  const never = event === undefined ? [] : tally.seedsOf(event)
  const first = never.map((seed) => ({ seed, value: Number.POSITIVE_INFINITY }))
  return [...first, ...scaled(highest)].slice(0, 5)
}

/** Where every single run has to keep to it: the one that is furthest from doing so. */
function furthest(spread: Spread, comparison: Comparison, isWithin: (value: number) => boolean): number {
  if (comparison === '<' || comparison === '<=') return spread.max
  if (comparison === '>' || comparison === '>=') return spread.min
  return spread.find((value) => !isWithin(value)) ?? spread.min
}

/** Intervals become narrower with the root of the number of runs. */
function runsForDistance({ value, low, high }: Estimate, limit: number, runs: number): number | null {
  const reach = value < limit ? (high ?? Number.NaN) - value : value - (low ?? Number.NaN)
  const distance = Math.abs(limit - value)
  if (!(distance > 0)) return null
  // Where too few runs bound it at all, twice as many are worth a try.
  const factor = Number.isFinite(reach) && Number.isFinite(distance) ? Math.max(1.1, (reach / distance) ** 2) : 2
  return Math.ceil(runs * factor)
}

function runsForShare({ value }: Estimate, limit: number, runs: number, confidence: number): number | null {
  const distance = Math.abs(limit - value)
  if (distance === 0) return null
  const z = normalQuantile((1 + confidence) / 2)
  // Of none at all it is the rule of three, at this confidence.
  const needed = value === 0 ? Math.log(2 / (1 - confidence)) / limit : (z / distance) ** 2 * limit * (1 - limit)
  // A tenth more, as whoever looks at more runs looks more often, and each look has to be surer.
  return Math.max(Math.ceil(1.1 * runs), Math.ceil(1.1 * needed))
}
