// What a check says in words that terminals, code hosts and machines share.

import type { Flight } from '../study/check/flight.js'
import type { CheckedRollout, CheckReport } from '../study/check/report.js'
import type { Judgement } from '../study/judgement.js'
import { grouped, percent, rounded, wholeSeconds } from './words.js'

/** A budget that a fault breaks, or may break. */
export interface BrokenBudget {
  readonly rollout: CheckedRollout
  readonly flight: Flight
  readonly judgement: Judgement
}

export function brokenIn({ rollouts }: Pick<CheckReport, 'rollouts'>): readonly BrokenBudget[] {
  return rollouts.flatMap((rollout) =>
    rollout.flights.flatMap((flight) =>
      flight.budgets.filter(({ answer }) => answer !== 'holds').map((judgement) => ({ rollout, flight, judgement })),
    ),
  )
}

/** `100 % errors: missed < 5% is broken: it is 100 %` */
export function budgetText({ flight, judgement }: BrokenBudget): string {
  const { budget, measured, answer, neededRuns } = judgement
  const is = measured === null ? 'there was nothing to measure' : `it is ${valueText(budget.unit, measured)}`
  if (answer === 'fails') return `${flight.title}: ${budget.text} is broken: ${is}`
  const more = neededRuns === null ? '' : `, and some ${grouped(neededRuns)} runs would tell (--runs)`
  return `${flight.title}: ${budget.text} may be broken: ${is} in ${grouped(flight.runs)} runs${more}`
}

function valueText(unit: Judgement['budget']['unit'], value: number | string): string {
  if (typeof value === 'string') return value
  if (value === Number.POSITIVE_INFINITY) return 'never'
  return unit === 'duration' ? wholeSeconds(value) : unit === 'ratio' ? percent(value * 100) : rounded(value)
}
