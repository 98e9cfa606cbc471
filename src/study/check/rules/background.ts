// Analyses in the background that measure too early, or too late to judge anything.
import { floats } from '../../../policy/argo/condition/value/value.js'
import type { Metric } from '../../../policy/argo/metric.js'
import { partOf } from '../../../policy/argo/step.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { measurementsOf } from './flown.js'
import { consequential } from './judged-metrics.js'

export const background: readonly Rule[] = [
  {
    id: 'background-before-pods',
    severity: 'error',
    title: 'The background analysis measures before the canary has pods, and finds nothing an Error.',
    find: findEarlyBackground,
  },
  {
    id: 'background-too-late',
    severity: 'error',
    title: 'The background analysis begins to measure when all steps are over.',
    find: findLateBackground,
  },
]

function* findEarlyBackground(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.background) return
  const before = canary.settings[(canary.background.startingStep ?? 0) - 1]
  if (before && (before.weight > 0 || before.scale)) return
  for (const { metric, written, answer, requests } of consequential(subject)) {
    if (!requests.includes(canary.background) || (metric.initialDelayMs ?? 0) > 0) continue
    if (!answer?.isList || !isErrorForNothing(metric)) continue
    const flown = earlyErrors(subject, metric)
    if (subject.healthy && flown === undefined) continue
    const tries = metric.consecutiveErrorLimit + 1
    yield {
      place: written.places.initialDelay,
      message: `${metric.name} is measured from the first pass on, before a canary could have answered anybody`,
      why: `Where nothing is measured yet Prometheus answers an empty list, and result[0] of that is an Error, tried again after 10 s. ${tries} in a row abort the release, ${formatDuration(10_000 * (tries - 1))} after it began.`,
      mend: 'Write a startingStep of the analysis after the first weight, and an initialDelay of the metric as long as the window of its query.',
      ...(flown !== undefined && { flown }),
    }
  }
}

function isErrorForNothing({ success, failure }: Metric): boolean {
  return [success, failure].some((condition) => {
    const verdict = condition?.evaluate(floats([]))
    return verdict !== undefined && 'error' in verdict
  })
}

/** What the first measurements of a healthy release were. */
function earlyErrors({ healthy }: Subject, { name, consecutiveErrorLimit }: Metric): string | undefined {
  if (!healthy) return undefined
  const measured = measurementsOf(healthy, name)
  const good = measured.findIndex(({ phase }) => phase !== 'Error')
  const errors = good < 0 ? measured.length : good
  if (errors === 0) return undefined
  const isOver = errors > consecutiveErrorLimit && healthy.verdict === 'aborted'
  const first =
    errors === 1
      ? 'The first measurement of a good release is an Error'
      : `The first ${errors} measurements of a good release are Errors`
  return `${first}${isOver ? ', and abort it' : ''}.`
}

function* findLateBackground(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.background) return
  const steps = canary.steps.slice(canary.background.startingStep ?? 0)
  const pauses = steps.map((step) => partOf(step, 'pause'))
  if (steps.some(({ kind }) => ['analysis', 'experiment', 'plugin'].includes(kind))) return
  if (pauses.some((pause) => pause && pause.durationMs === undefined)) return
  const stepsMs = pauses.reduce((sum, pause) => sum + (pause?.durationMs ?? 0), 0)
  for (const { metric, written, requests } of consequential(subject)) {
    const { name, initialDelayMs = 0 } = metric
    if (!requests.includes(canary.background) || initialDelayMs <= stepsMs) continue
    if (measurementsOf(subject.healthy, name).length > 0) continue
    yield {
      place: written.places.initialDelay,
      message: `${name} is first measured ${formatDuration(initialDelayMs)} after the analysis began, and all pauses together are ${formatDuration(stepsMs)}`,
      why: 'Nothing waits for an analysis in the background: when the last step is over the release is promoted and the analysis ended, as a success without a measurement.',
      mend:
        stepsMs === 0
          ? 'Add pauses, or judge in a step of its own.'
          : `Write an initialDelay well below ${formatDuration(stepsMs)}, or pause longer.`,
      ...(subject.healthy && {
        flown: `A good release is ${subject.healthy.verdict}, and ${name} was never measured.`,
      }),
    }
  }
}
