// Whether a query about a new version has a value by the time that its analysis has lost patience.
import { exp } from '../../../kernel/elementary.js'
import type { Metric } from '../../../policy/argo/metric.js'
import type { PlacedAnalysis } from '../../../policy/argo/rollout-spec.js'
import type { Subject } from '../rule.js'
import { type AskedQuery, ratePerSecondIn } from './asked-queries.js'
import { canaryOf } from './canary-of.js'
import { lengthOf, shareAt, shareBy } from './checks-of.js'

/** A share of the requests for some time. */
export interface Stretch {
  readonly share: number
  readonly lastsMs: number
}

/** After an Error the controller measures again this soon. */
const retryMs = 10_000

/** How long after its beginning an analysis stops the release if each measurement is this; infinite if it never does. */
export function patienceMs(metric: Metric, phase: 'Error' | 'Failed'): number {
  const { initialDelayMs = 0, intervalMs, count, failureLimit, consecutiveErrorLimit } = metric
  if (phase === 'Error') return initialDelayMs + retryMs * consecutiveErrorLimit
  const most = count ?? (intervalMs === undefined ? 1 : Number.POSITIVE_INFINITY)
  if (failureLimit < 0 || failureLimit >= Math.max(1, most)) return Number.POSITIVE_INFINITY
  return initialDelayMs + (intervalMs ?? 0) * failureLimit
}

/** What part of the requests those that a query sees get until an analysis has been going on for so long, from their first pods on. */
export function stretchesUntil(
  subject: Subject,
  { looked }: AskedQuery,
  path: PlacedAnalysis['path'],
  untilMs: number,
): readonly Stretch[] {
  const [, place, index] = path
  const isBackground = place === 'analysis'
  if (!isBackground && (place !== 'steps' || looked === 'experiment')) {
    return [{ share: shareBy(subject, path, looked), lastsMs: untilMs }]
  }
  const begins = isBackground ? (subject.policy?.rollout.canary.background?.startingStep ?? 0) : (index as number)
  const stretchOf = (step: number) => ({ share: shareAt(subject, step), lastsMs: lengthOf(subject, step) || 0 })
  const steps = [...canaryOf(subject).steps.keys()]
  const before = steps.filter((step) => step < begins).map(stretchOf)
  if (!isBackground) return [...before, { share: shareAt(subject, begins), lastsMs: untilMs }]
  return [...before, ...cut(steps.filter((step) => step >= begins).map(stretchOf), untilMs)]
}

function cut(stretches: readonly Stretch[], mostMs: number): readonly Stretch[] {
  let leftMs = mostMs
  return stretches.map(({ share, lastsMs }) => {
    const takenMs = Math.min(leftMs, lastsMs)
    leftMs -= takenMs
    return { share, lastsMs: takenMs }
  })
}

/** That nothing of what comes this often, of all requests, has been seen by then. */
export function chanceOfNone({ plan }: Subject, ofAll: number, stretches: readonly Stretch[]): number {
  const served = stretches.slice(stretches.findIndex(({ share }) => share > 0))
  const exposedMs = served.reduce((sum, { share, lastsMs }) => sum + (share > 0 ? share * lastsMs : 0), 0)
  if (exposedMs === 0) return 1
  const servedMs = served.reduce((sum, { lastsMs }) => sum + lastsMs, 0)
  const seen = 1 - exp((-ofAll * ratePerSecondIn(plan!) * exposedMs) / 1000)
  return 1 - seen * chanceOfTwoScrapes(plan!.observation.scrape.intervalMs, servedMs)
}

/** A rate is the difference between two: the first of them comes somewhen within an interval. */
function chanceOfTwoScrapes(intervalMs: number, withinMs: number): number {
  return Math.min(1, Math.max(0, (withinMs - intervalMs) / intervalMs))
}
