// From the course of a flight and the harm it did to its outcome, by the definitions of the design's word list.
import type { Rollout } from '../policy/argo/rollout.js'
import type { Verdict } from '../scenario/budget.js'
import { concernsPods, strikes } from '../world/fault.js'
import type { Harm } from '../world/harm.js'
import type { Course } from './course.js'
import { canary, type Plan, stable } from './plan.js'
import type { Outcome, Times } from './record.js'

export function outcomeOf(plan: Plan, rollout: Rollout, course: Course, harm: Harm, scrapeDelayMs: number): Outcome {
  const { releaseAtMs, durationMs } = plan.scenario
  const verdict = verdictOf(plan, rollout)
  const onsetMs = onsetOf(plan, harm)
  const decidedMs = orNull(course.decidedMs)
  const firstExposedMs = harm.firstExposedRequestMs ?? null
  const times: Times = {
    releasedMs: releaseAtMs,
    onsetMs,
    firstExposedMs: rounded(firstExposedMs),
    firstObservableMs: firstObservable(plan, course, firstExposedMs, scrapeDelayMs),
    firstFailedCheckMs: onsetMs !== null && course.firstFailedCheckMs >= onsetMs ? course.firstFailedCheckMs : null,
    decidedMs,
    safeMs: verdict === 'aborted' && onsetMs !== null ? safeAt(course, onsetMs) : null,
    promotedMs: orNull(course.promotedMs),
    endMs: durationMs,
  }
  return {
    verdict,
    missed: verdict === 'promoted' && isWorse(plan, harm, course.promotedMs, Number.POSITIVE_INFINITY),
    falseAbort: verdict === 'aborted' && !isWorse(plan, harm, releaseAtMs, course.decidedMs),
    detectionMs: since(onsetMs, times.decidedMs),
    timeToSafeMs: since(onsetMs, times.safeMs),
    blastRadius: {
      requests: {
        total: harm.requests,
        exposed: harm.exposedRequests,
        failed: harm.failed,
        excess: harm.excessRequests,
      },
      users: { total: harm.users, exposed: harm.exposedUsers, harmed: harm.harmedUsers },
      userMinutes: tidy(harm.userMinutes),
      budgetSpentPercent: tidy(harm.budgetSpentPercent ?? 0),
      peakWeightPercent: tidy(harm.peakWeightPercent),
    },
    times,
  }
}

function verdictOf(plan: Plan, { status, spec }: Rollout): Verdict {
  if (status.stableHash === plan.release.hash) return 'promoted'
  if (status.abort === true) return 'aborted'
  return status.pauses.length > 0 || spec.paused === true ? 'paused' : 'stuck'
}

/**
 * A fault in the canary's answers can hurt from the first instant that requests go there; one that takes pods away, from
 * the release; one on stable, at once.
 */
function onsetOf(plan: Plan, harm: Harm): number | null {
  const { releaseAtMs, durationMs } = plan.scenario
  const onsets: number[] = []
  for (const fault of plan.faults) {
    if (strikes(fault, stable)) onsets.push(fault.onsetMs)
    else if (concernsPods(fault)) onsets.push(Math.max(fault.onsetMs, releaseAtMs))
  }
  if (harm.exposurePossibleMs !== undefined) onsets.push(harm.exposurePossibleMs)
  const first = Math.min(...onsets)
  return first < durationMs ? first : null
}

/** Whether the canary has a fault in it at some time; one that is worse without a fault is so by its own behaviour. */
function isWorse({ faults }: Plan, { exposurePossibleMs }: Harm, fromMs: number, toMs: number): boolean {
  const own = faults.filter((fault) => strikes(fault, canary))
  if (own.length === 0) return exposurePossibleMs !== undefined && exposurePossibleMs <= toMs
  return own.some(({ onsetMs, endMs }) => onsetMs <= toMs && endMs > fromMs)
}

function safeAt(course: Course, onsetMs: number): number | null {
  return course.quietSinceMs === Number.POSITIVE_INFINITY ? null : Math.max(onsetMs, course.quietSinceMs)
}

/** The first scrape after the first exposed request, if anybody was still scraping for a query to read. */
function firstObservable(
  { observation }: Plan,
  { lastScrapeMs }: Course,
  firstExposedMs: number | null,
  delayMs: number,
): number | null {
  const { intervalMs } = observation.scrape
  if (firstExposedMs === null || Number.isNaN(lastScrapeMs)) return null
  const rounds = Math.ceil((firstExposedMs - observation.firstScrapeMs) / intervalMs)
  const scrapeMs = observation.firstScrapeMs + Math.max(0, rounds) * intervalMs
  return scrapeMs <= lastScrapeMs ? scrapeMs + delayMs : null
}

function since(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null || toMs < fromMs ? null : toMs - fromMs
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value)
const rounded = (value: number | null) => (value === null ? null : Math.round(value))
const tidy = (value: number) => Math.round(value * 1e6) / 1e6
