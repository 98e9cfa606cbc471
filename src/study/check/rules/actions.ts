// What people do to a release and what it makes of it, where that is something else.
import type { Metric } from '../../../policy/argo/metric.js'
import type { CanarySpec, RolloutSpec } from '../../../policy/argo/rollout-spec.js'
import { partOf, type Step } from '../../../policy/argo/step.js'
import type { Version } from '../../../policy/argo/version.js'
import { placeOf } from '../../../scenario/manifest.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { stayAtMs } from './flown.js'
import { judgedMetrics } from './judged-metrics.js'
import { wholePodsAt } from './whole-pods.js'
import { rolloutIn, stepPlace, strategyPlace } from './written.js'

export const actions: readonly Rule[] = [
  {
    id: 'promote-restarts-pause',
    severity: 'note',
    title: 'A promote before autoPromotionSeconds are over only starts them anew.',
    find: findCountdowns,
  },
  {
    id: 'paused-in-manifest',
    severity: 'warning',
    title: 'A Rollout is applied with paused: true, and the promote that ends it skips a step.',
    find: findPaused,
  },
  {
    id: 'abort-taken-back',
    severity: 'note',
    title: 'An abort is taken back while a rollback within the window is on its way.',
    find: findRollbackWindows,
  },
  {
    id: 'gate-lost',
    severity: 'error',
    title: 'A pause that waits for a person is over at once if the background analysis is inconclusive.',
    find: findLostGates,
  },
]

function* findCountdowns(subject: Subject): Iterable<Found> {
  const { blueGreen } = subject.policy?.rollout ?? {}
  if (!blueGreen?.autoPromotes || blueGreen.autoPromotionMs <= 0) return
  const pause = formatDuration(blueGreen.autoPromotionMs)
  yield {
    place: strategyPlace(subject, 'blueGreen', 'autoPromotionSeconds'),
    message: `whoever promotes during these ${pause} waits for all of them again`,
    why: `The promote ends the pause, and the next pass finds that ${pause} have not been waited for and begins it anew, with the time of that pass. So does a promote while preview pods are not ready.`,
    mend: 'Promote with --full, or let only people promote: autoPromotionEnabled: false.',
  }
}

function* findPaused(subject: Subject): Iterable<Found> {
  const { paused, canary } = subject.policy?.rollout ?? {}
  if (!paused || canary!.steps.length === 0) return
  yield {
    place: placeOf(rolloutIn(subject)!, ['spec', 'paused']),
    message: 'promote ends this pause and skips the step that the Rollout is at',
    why: `The plugin writes twice: the next step into the status, then paused: false. At a release that is the first of ${canary!.steps.length} steps, before it had a single pod; in a pause step the pause starts over instead. Nothing is scaled meanwhile, and an abort leaves the pods as they are.`,
    mend: 'Leave it out, and let the first step be what waits; to end it, write paused: false.',
  }
}

function* findRollbackWindows(subject: Subject): Iterable<Found> {
  const { rollbackWindow = 0, blueGreen } = subject.policy?.rollout ?? {}
  if (rollbackWindow <= 0 || blueGreen) return
  const versions = rollbackWindow === 1 ? 'the version before' : `any of the ${rollbackWindow} versions before`
  yield {
    place: placeOf(rolloutIn(subject)!, ['spec', 'rollbackWindow']),
    message: `an undo to ${versions} can't be aborted`,
    why: 'Each pass that finds a rollback within the window clears pauses and aborts and goes on to the end of the steps: the plugin says "aborted", and the version is promoted as soon as its pods are there. No analysis looks at it.',
    mend: 'To stop such a rollback, apply the version that shall stay; without rollbackWindow an undo goes by the steps.',
  }
}

/** The pause of an inconclusive analysis reads, at a pause step that is entered meanwhile, as one that a person ended. */
function* findLostGates(subject: Subject): Iterable<Found> {
  const { rollout, version } = subject.policy ?? {}
  const background = rollout?.canary.background
  if (!rollout || !background) return
  const doubtful = judgedMetrics(subject.policy!).find(
    ({ requests, metric, isDryRun }) => requests.includes(background) && !isDryRun && mayDoubt(metric, version!),
  )
  if (!doubtful) return
  const { steps } = rollout.canary
  for (const [index, step] of steps.entries()) {
    const pause = partOf(step, 'pause')
    if (!pause || pause.durationMs !== undefined) continue
    if (!isEnteredByItself(rollout, index, background.startingStep ?? 0)) continue
    const flown = lostIn(subject, index)
    yield {
      place: stepPlace(subject, index, 'pause'),
      message: `nobody is waited for here if ${doubtful.metric.name} is inconclusive before`,
      why: `An inconclusive analysis pauses the Rollout, but the step before this one ends all the same. This one is then entered while the Rollout is paused and has no pause of its own: just what a promote leaves behind, so it counts as promoted. ${howDoubtful(doubtful.metric)}`,
      mend: 'Give the background analysis one condition only, so that it fails instead, or put a setWeight that needs another pod before this pause.',
      ...(flown && { flown }),
    }
  }
}

function mayDoubt(
  { success, failure, provider, count, failureLimit, consecutiveSuccessLimit }: Metric,
  { does }: Version,
) {
  if (provider.kind === 'job') return does.doubtEndedJobs
  if (provider.kind === 'kayenta') return true
  return (success && failure) || (consecutiveSuccessLimit > 0 && failureLimit >= 0 && count !== undefined)
}

function howDoubtful({ name, success, failure, provider, consecutiveSuccessLimit }: Metric): string {
  if (provider.kind === 'job') return `${name} is inconclusive if its image can't be pulled.`
  if (provider.kind === 'kayenta') return `${name} is inconclusive for a score between marginal and pass.`
  if (success && failure) return `${name} is inconclusive where neither ${success.text} nor ${failure.text} holds.`
  return `${name} is inconclusive when it ends without ${consecutiveSuccessLimit} successes in a row.`
}

/** Whether a step before it ends in time and all between the two need no change of size, for which the pause would wait. */
function isEnteredByItself({ canary, replicas }: RolloutSpec, index: number, from: number): boolean {
  const size = (at: number) => sizeAt(canary, replicas, at)
  for (let at = index - 1; at >= from; at--) {
    if (size(at) !== size(index)) return false
    if (endsByItself(canary.steps[at]!)) return true
  }
  return false
}

function endsByItself(step: Step): boolean {
  if (step.kind === 'pause') return step.durationMs !== undefined
  return step.kind === 'analysis' || step.kind === 'experiment'
}

/** In words that are equal where nothing is scaled. */
function sizeAt(canary: CanarySpec, replicas: number, at: number) {
  const { settings, routing, maxWeight, dynamicStableScale } = canary
  const { weight, scale } = settings[at]!
  if (!routing) return JSON.stringify(wholePodsAt(weight, replicas, canary))
  const pods = scale?.replicas ?? Math.ceil((replicas * (scale?.weight ?? weight)) / maxWeight)
  return dynamicStableScale ? `${pods} at ${weight}` : String(pods)
}

function lostIn({ healthy }: Subject, index: number): string | undefined {
  const lastedMs = stayAtMs(healthy, index)
  if (lastedMs === undefined) return undefined
  return lastedMs < 1000
    ? `The pause is over ${formatDuration(Math.round(lastedMs))} after it began, and nobody has promoted.`
    : undefined
}
