// From the course of a flight and the harm it did to its outcome, by the definitions of the design's word list.
import type { Rollout } from '../policy/argo/rollout.js'
import type { Verdict } from '../scenario/budget.js'
import { BrokenLaw } from '../world/broken-law.js'
import type { Harm } from '../world/harm.js'
import type { Course } from './course.js'
import type { Plan } from './plan.js'
import type { Outcome, Times } from './record.js'
import { canary } from './stacks.js'
import type { Trouble } from './trouble.js'

export function outcomeOf(
  plan: Plan,
  troubles: readonly Trouble[],
  rollout: Rollout,
  course: Course,
  harm: Harm,
  endMs: number,
): Outcome {
  const { releaseAtMs } = plan.scenario
  const verdict = verdictOf(plan, rollout)
  const onsetMs = onsetOf(troubles, course, harm, endMs)
  const decidedMs = orNull(course.decidedMs)
  const firstExposedMs = harm.firstExposedRequestMs ?? null
  const times: Times = {
    releasedMs: releaseAtMs,
    onsetMs,
    firstExposedMs: rounded(firstExposedMs),
    firstObservableMs: firstObservable(plan, course, firstExposedMs),
    firstFailedCheckMs: onsetMs === null ? null : (course.failedChecksMs.find((atMs) => atMs >= onsetMs) ?? null),
    decidedMs,
    safeMs: verdict === 'aborted' && onsetMs !== null ? safeAt(course, onsetMs) : null,
    promotedMs: orNull(course.promotedMs),
    endMs,
  }
  checkSafe(times.safeMs, harm)
  return {
    verdict,
    missed: verdict === 'promoted' && isInTrouble(troubles, course.promotedMs, Number.POSITIVE_INFINITY),
    falseAbort: verdict === 'aborted' && !isInTrouble(troubles, releaseAtMs, course.decidedMs),
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

export function verdictOf(plan: Plan, { status, spec }: Rollout): Verdict {
  // Whoever has taken the release back has stopped it, however far it had come.
  if (spec.template.key !== plan.release.key) return 'aborted'
  if (status.stableHash === plan.release.hash) return 'promoted'
  if (status.abort === true) return 'aborted'
  return status.pauses.length > 0 || spec.paused === true ? 'paused' : 'stuck'
}

/** Whether the manifest asks for the version before again. */
export function isTakenBack({ release, scenario }: Plan, rollout: Rollout, nowMs: number): boolean {
  return nowMs > scenario.releaseAtMs && rollout.spec.template.key !== release.key
}

/** When the first trouble struck: pods that were there, or requests that went there. */
function onsetOf(
  troubles: readonly Trouble[],
  course: Course,
  { exposurePossibleMs }: Harm,
  endMs: number,
): number | null {
  let first = exposurePossibleMs ?? Number.POSITIVE_INFINITY
  for (const { version, concernsPods, onsetMs, endMs: overMs } of troubles.filter(isOfRelease)) {
    const presence = concernsPods ? course.pods[version]! : course.requests[version]!
    first = Math.min(first, presence.firstWithin(onsetMs, overMs))
  }
  return first < endMs ? first : null
}

/** Whether the canary has a fault in it at some time between. */
function isInTrouble(troubles: readonly Trouble[], fromMs: number, toMs: number): boolean {
  return troubles.some((trouble) => isOfRelease(trouble) && trouble.onsetMs <= toMs && trouble.endMs > fromMs)
}

/** What strikes stable as well would be there without a release, too: there is nothing to detect, and to go back mends nothing. */
function isOfRelease({ version, isShared }: Trouble): boolean {
  return version === canary && !isShared
}

/** What begins after the release was stopped is none of its safety. */
function safeAt({ decidedMs, requests }: Course, onsetMs: number): number | null {
  const { goneSinceMs } = requests[canary]!
  if (decidedMs < onsetMs || goneSinceMs === Number.POSITIVE_INFINITY) return null
  return Math.max(onsetMs, goneSinceMs)
}

/** The world itself sees to it that none reaches the canary since it has sent it none. */
function checkSafe(safeMs: number | null, { canarySilentSinceMs }: Harm): void {
  const silentMs = canarySilentSinceMs ?? Number.POSITIVE_INFINITY
  if (safeMs === null || silentMs <= safeMs) return
  throw new BrokenLaw('safe means that no request reaches the canary', { safeMs, silentMs })
}

/** The first scrape after the first exposed request, if anybody was still scraping for a query to read. */
function firstObservable(
  { observation, scenario }: Plan,
  { lastScrapeMs, firstSeenMs, outages }: Course,
  firstExposedMs: number | null,
): number | null {
  const { isSpread, scrape, firstScrapeMs, knownAfterMs } = observation
  if (firstExposedMs === null || Number.isNaN(lastScrapeMs)) return null
  if (isSpread) return Number.isNaN(firstSeenMs) ? null : firstSeenMs + knownAfterMs
  const rounds = Math.ceil((firstExposedMs - firstScrapeMs) / scrape.intervalMs)
  let scrapeMs = firstScrapeMs + Math.max(0, rounds) * scrape.intervalMs
  const isUp = () => outages.firstWithin(scrapeMs, Number.POSITIVE_INFINITY) !== scrapeMs
  while (scrapeMs <= scenario.durationMs && !isUp()) scrapeMs += scrape.intervalMs
  return scrapeMs <= lastScrapeMs ? scrapeMs + knownAfterMs : null
}

function since(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null || toMs < fromMs ? null : toMs - fromMs
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value)
const rounded = (value: number | null) => (value === null ? null : Math.round(value))
const tidy = (value: number) => Math.round(value * 1e6) / 1e6
