// What came of a policy under one of the default faults, in many runs.
import type { Verdict } from '../../scenario/budget.js'
import { verdicts } from '../../scenario/budget.js'
import type { Figure } from '../figures.js'
import { judge } from '../judgement.js'
import { type Estimate, quantileEstimate, shareEstimate } from '../study.js'
import type { Tally } from '../tally.js'
import { type BudgetReport, budgetOf } from '../test/report.js'
import type { Wanted } from './faults.js'
import type { Planned, PlannedFlight } from './planned.js'

/** Between which two the middle of the runs is, and where nine of ten are below. */
export interface Quantiles {
  readonly p50: Estimate | null
  readonly p90: Estimate | null
}

export interface Flight {
  readonly fault: string
  readonly title: string
  readonly wanted: Wanted
  readonly runs: number
  readonly verdicts: Readonly<Record<Verdict, Estimate>>
  /** Stopped before everyone had it: aborted, or held for a person to look at. */
  readonly caught: Estimate
  readonly detectionMs: Quantiles
  /** Requests with a worse answer than stable would have given. */
  readonly requests: Quantiles
  readonly users: Quantiles
  readonly budgetSpentPercent: Quantiles
  readonly budgets: readonly BudgetReport[]
}

export function flightOf(
  { fault, budgets }: PlannedFlight,
  { place }: Planned,
  tally: Tally,
  confidence: number,
): Flight {
  const { runs } = tally
  const { aborted, paused } = tally.verdicts
  const share = (count: number) => shareEstimate(count, runs)
  return {
    fault: fault.id,
    title: fault.title,
    wanted: fault.wanted,
    runs,
    verdicts: Object.fromEntries(
      verdicts.map((verdict) => [verdict, share(tally.verdicts[verdict])]),
    ) as Flight['verdicts'],
    caught: share(aborted + paused),
    detectionMs: quantilesOf('detectionMs', tally),
    requests: quantilesOf('blastRadius.requests.excess', tally),
    users: quantilesOf('blastRadius.users.harmed', tally),
    budgetSpentPercent: quantilesOf('blastRadius.budgetSpentPercent', tally),
    budgets:
      runs === 0 ? [] : judge(budgets, tally, confidence).map((each) => budgetOf(each, place.line, place.column)),
  }
}

function quantilesOf(figure: Figure, tally: Tally): Quantiles {
  const spread = tally.spread(figure)
  const at = (p: number) => (spread.size === 0 ? null : quantileEstimate(spread, p))
  return { p50: at(0.5), p90: at(0.9) }
}
