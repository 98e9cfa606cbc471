// When a metric is measured in a release that goes by its steps, and what part of the requests reach the canary then.
import type { Metric } from '../../../policy/argo/metric.js'
import type { PlacedAnalysis } from '../../../policy/argo/rollout-spec.js'
import { partOf } from '../../../policy/argo/step.js'
import type { Subject } from '../rule.js'
import { canaryOf } from './canary-of.js'
import { judgedMetrics } from './judged-metrics.js'
import { wholePodsAt } from './whole-pods.js'

/** A row of steps with one weight. */
export interface Stage {
  /** Of the steps, from the first on and before the last. */
  readonly from: number
  readonly until: number
  readonly share: number
  /** NaN where nobody knows; infinite where a person ends it. */
  readonly lastsMs: number
}

export function stagesOf(subject: Subject): readonly Stage[] {
  const { steps, settings } = canaryOf(subject)
  const stages: Stage[] = []
  for (const index of steps.keys()) {
    const last = stages.at(-1)
    const lastsMs = lengthOf(subject, index)
    if (last && settings[last.from]!.weight === settings[index]!.weight) {
      stages[stages.length - 1] = { ...last, until: index + 1, lastsMs: last.lastsMs + lastsMs }
    } else stages.push({ from: index, until: index + 1, share: shareAt(subject, index), lastsMs })
  }
  return stages
}

/** How long the release stays at a step when nothing is wrong, but for what pods take. */
export function lengthOf(subject: Subject, index: number): number {
  const step = canaryOf(subject).steps[index]
  if (partOf(step, 'experiment') || partOf(step, 'plugin')) return Number.NaN
  const pause = partOf(step, 'pause')
  const pauseMs = pause ? (pause.durationMs ?? Number.POSITIVE_INFINITY) : 0
  const analysis = partOf(step, 'analysis')?.analysis
  if (!analysis) return pauseMs
  const measured = judgedMetrics(subject.policy!).filter(({ requests }) => requests.includes(analysis))
  return Math.max(pauseMs, ...measured.map(({ metric }) => lastCheckMs(metric)))
}

function lastCheckMs({ initialDelayMs = 0, intervalMs, count, consecutiveSuccessLimit }: Metric): number {
  if (consecutiveSuccessLimit > 0) return Number.NaN
  const checks = count ?? (intervalMs === undefined ? 1 : Number.NaN)
  return initialDelayMs + (Math.max(1, checks) - 1) * (intervalMs ?? 0)
}

/** The part of the requests that a step sends to the canary; without a router that of the pods. */
export function shareAt(subject: Subject, index: number): number {
  const { settings, routing, maxWeight } = canaryOf(subject)
  const weight = settings[index]?.weight ?? 0
  return routing ? weight / maxWeight : podShareAt(subject, weight)
}

/** Of all pods. */
export function podShareAt({ policy }: Subject, weight: number): number {
  const { replicas, canary } = policy!.rollout
  const counts = wholePodsAt(weight, replicas, canary)
  return replicas === 0 ? 0 : counts.canary / (counts.canary + counts.stable)
}

/** Whom an analysis that is asked by this path looks at: the canary itself, or pods that an experiment makes beside it. */
export type Looked = 'canary' | 'experiment'

/** At each check of a metric by an analysis, as often as it can be; undefined where that isn't written. */
export function sharesOf(
  subject: Subject,
  metric: Metric,
  path: PlacedAnalysis['path'],
  at: Looked = 'canary',
): readonly number[] | undefined {
  if (path[1] === 'analysis') return inBackground(subject, metric)
  const times = timesIn(subject, metric, path)
  return times === undefined ? undefined : Array<number>(times).fill(shareBy(subject, path, at))
}

/** How often a metric is measured by an analysis other than that in the background; undefined where that isn't written. */
function timesIn(
  subject: Subject,
  metric: Metric,
  [, , index, , , analysis]: PlacedAnalysis['path'],
): number | undefined {
  const { count, intervalMs, consecutiveSuccessLimit } = metric
  if (consecutiveSuccessLimit > 0) return undefined
  const experiment = partOf(canaryOf(subject).steps[index as number], 'experiment')?.experiment
  const endsMs = experiment?.analyses[analysis as number]?.isRequired === false ? experiment.durationMs : undefined
  if (count === undefined && intervalMs !== undefined && endsMs === undefined) return undefined
  const most = endsMs === undefined ? mostChecks : checksWithin(metric, endsMs)
  return Math.min(mostChecks, most, count === undefined && intervalMs !== undefined ? most : Math.max(1, count ?? 1))
}

/** As many as there is time for. */
export function checksWithin({ initialDelayMs = 0, intervalMs }: Metric, lastsMs: number): number {
  if (initialDelayMs > lastsMs) return 0
  return intervalMs === undefined || intervalMs === 0 ? 1 : 1 + Math.floor((lastsMs - initialDelayMs) / intervalMs)
}

/** Of the requests, while an analysis other than that in the background looks on. */
export function shareBy(subject: Subject, [, place, index]: PlacedAnalysis['path'], at: Looked): number {
  // Before the cutover nobody is sent to the new version.
  if (place === 'prePromotionAnalysis') return 0
  if (place === 'postPromotionAnalysis') return 1
  if (at === 'canary') return shareAt(subject, index as number)
  const templates = partOf(canaryOf(subject).steps[index as number], 'experiment')?.experiment.templates ?? []
  return Math.max(0, ...templates.map(({ weight = 0 }) => weight / canaryOf(subject).maxWeight))
}

/** More than these change nothing in what can be told. */
const mostChecks = 1000

function inBackground(subject: Subject, metric: Metric): readonly number[] | undefined {
  const { background } = subject.policy!.rollout.canary
  const { intervalMs, count, initialDelayMs = 0, consecutiveSuccessLimit } = metric
  if (!background || consecutiveSuccessLimit > 0) return undefined
  const start = background.startingStep ?? 0
  const lengths = canaryOf(subject).steps.map((_, index) => (index < start ? 0 : lengthOf(subject, index)))
  const totalMs = lengths.reduce((sum, each) => sum + each, 0)
  if (!Number.isFinite(totalMs)) return undefined
  const most = Math.min(mostChecks, count ?? (intervalMs === undefined ? 1 : mostChecks))
  const shares: number[] = []
  let index = start
  let endMs = lengths[start] ?? 0
  for (let check = 0; check < most; check++) {
    const atMs = initialDelayMs + check * (intervalMs ?? 0)
    if (atMs >= totalMs) break
    while (atMs >= endMs) endMs += lengths[++index]!
    shares.push(shareAt(subject, index))
  }
  return shares
}
