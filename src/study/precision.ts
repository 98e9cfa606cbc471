// Whether so many runs tell what people look at as precisely as somebody has asked for.
import { type Figure, figures } from './figures.js'
import { type Estimate, meanEstimate, quantileEstimate, shareEstimate } from './study.js'
import type { Tally } from './tally.js'

/** What budgets and reports are mostly about. */
const watched: readonly Figure[] = figures.filter((figure) =>
  ['detectionMs', 'timeToSafeMs', 'blastRadius.requests.excess', 'blastRadius.users.harmed'].includes(figure),
)

/**
 * The intervals of the means, medians and p90 of detection, safety and harm reach no further than this part of their
 * value to either side, and those of the shares of missed and falsely aborted releases no further than that of all runs.
 */
export function isPrecise(tally: Tally, precision: number): boolean {
  const { runs, missed, falseAborts } = tally
  const shares = [missed, falseAborts].map((count) => shareEstimate(count, runs))
  if (shares.some((share) => !isWithin(share, precision))) return false
  return watched.every((figure) => {
    const spread = tally.spread(figure)
    if (spread.size === 0) return true
    const estimates = [meanEstimate(spread), quantileEstimate(spread, 0.5), quantileEstimate(spread, 0.9)]
    return estimates.every((estimate) => isWithin(estimate, precision * Math.abs(estimate.value)))
  })
}

function isWithin({ value, low, high }: Estimate, reach: number): boolean {
  return low !== null && high !== null && value - low <= reach && high - value <= reach
}
