// How crowded pods are that have room for only so many requests: keeps the rules of their lanes at the rate of the moment.
import type { Lane, Lanes, Pool } from './lanes.js'
import { rateStep } from './rate-steps.js'

/**
 * A queue is taken to be in its steady state for the rate of the moment: as if requests had been coming at it for long.
 * As that rate moves, it does so in steps.
 */
export class Crowding {
  private rate = 0

  constructor(private readonly lanes: Lanes) {}

  /** Takes up the rate of an instant; returns at which one the next step begins, infinity if none does. */
  enter(rate: number, slope: number): number {
    const step = rateStep(rate, slope)
    this.rate = step.rate
    return step.endRate ?? Number.POSITIVE_INFINITY
  }

  /** Requests go to other pods, or are answered in another way. */
  settle(stablePods: number): void {
    for (const pool of this.lanes.pools) {
      if (pool.places === undefined || pool.refuses) continue
      if (pool.share > 0 && pool.pods > 0) this.settlePool(pool)
      if (pool.version === 0 && stablePods > 0) this.settleFull(pool, stablePods)
    }
  }

  private settlePool(pool: Pool): void {
    const streams = pool.lanes.map(({ formula, share }) => ({ rule: formula.rule, share: share / pool.share }))
    const perPod = (this.rate * pool.share) / pool.pods
    const { admittedShare, rules } = this.lanes.queues.at(pool.places!, streams, perPod)
    pool.admittedShare = admittedShare
    for (const [strand, rule] of rules.entries()) pool.lanes[strand]!.rule = rule
  }

  /** The yardstick has a queue of its own. */
  private settleFull(pool: Pool, stablePods: number): void {
    const { strands } = this.lanes.answering
    const streams = pool.lanes.map((lane, strand) => ({ rule: ownRule(lane), share: strands[strand]!.share }))
    const { admittedShare, rules } = this.lanes.queues.at(pool.places!, streams, this.rate / stablePods)
    pool.fullAdmittedShare = admittedShare
    for (const [strand, rule] of rules.entries()) pool.lanes[strand]!.fullRule = rule
  }
}

/** Without what the release has brought about. */
function ownRule({ innocent, formula }: Lane) {
  return (innocent ?? formula).rule
}
