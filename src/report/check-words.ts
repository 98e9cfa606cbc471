// What a check says in words that terminals, code hosts and machines share.
import type { Finding } from '../study/check/finding.js'
import type { Flight } from '../study/check/flight.js'
import type { CheckedRollout, CheckReport } from '../study/check/report.js'
import type { BudgetReport } from '../study/test/report.js'
import { measuredText } from './test/default.js'
import { grouped } from './words.js'

/** A budget that a fault breaks, or may break. */
export interface BrokenBudget {
  readonly rollout: CheckedRollout
  readonly flight: Flight
  readonly budget: BudgetReport
}

export function brokenIn(rollouts: CheckReport['rollouts']): readonly BrokenBudget[] {
  return rollouts.flatMap((rollout) =>
    rollout.flights.flatMap((flight) =>
      flight.budgets.filter(({ answer }) => answer !== 'holds').map((budget) => ({ rollout, flight, budget })),
    ),
  )
}

/** `100 % errors breaks missed < 5%: 100 % (97.2 % to 100 %)` */
export function budgetText({ flight, budget: report }: BrokenBudget): string {
  const { budget, answer, neededRuns } = report
  const measured = `${flight.title} ${answer === 'fails' ? 'breaks' : 'may break'} ${budget}: ${measuredText(report)}`
  if (answer === 'fails') return measured
  const more = neededRuns === null ? '' : `, some ${grouped(neededRuns)} would (--runs)`
  return `${measured}; ${grouped(flight.runs)} runs don’t decide it${more}`
}

/** All that is said of it, a line for each part. */
export function findingLines({ message, why, flown, mend }: Finding): readonly string[] {
  return [message, why, flown === null ? '' : `Flown: ${flown}`, mend].filter((part) => part !== '')
}
