// What becomes of the pods and the Services of a release that is stopped, or is over.
import { routersOf } from '../../../policy/argo/routers.js'
import { resyncMs } from '../../../policy/argo/timers.js'
import { formatDuration } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { inSeconds } from './flown.js'
import { strategyPlace } from './written.js'

export const aborts: readonly Rule[] = [
  {
    id: 'canary-service-flaps',
    severity: 'note',
    title: 'After an abort the canary Service is switched between both versions, many times a second.',
    find: findFlapping,
  },
  {
    id: 'abort-drops-canary',
    severity: 'warning',
    title: 'abortScaleDownDelaySeconds: 0 does not keep an aborted canary: it takes its pods at once.',
    find: findDropped,
  },
  {
    id: 'abort-delay-too-long',
    severity: 'warning',
    title: 'An abortScaleDownDelaySeconds of more than 15 minutes takes the pods of an aborted canary at once.',
    find: findLongDelays,
  },
  {
    id: 'abort-stands-still',
    severity: 'error',
    title: 'An abort stops half-way for good: the canary keeps pods and traffic.',
    versions: 'argo-rollouts up to 1.10.2',
    find: findStandstill,
  },
  {
    id: 'old-pods-stay',
    severity: 'error',
    title: 'With scaleDownDelaySeconds: 0 the pods of every old version stay for good.',
    find: findKeptPods,
  },
  {
    id: 'abort-after-cutover',
    severity: 'warning',
    title: 'An abort after the cutover sends nobody back while pods of the new version are not ready.',
    find: findLateAborts,
  },
]

function* findFlapping(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.routing || routersOf(canary.routing).length === 0) return
  if (canary.canaryService === undefined || canary.pingPong) return
  // Then no canary is left that the Service could be switched to.
  if (canary.abortScaleDownDelayMs === undefined || canary.dynamicStableScale) return
  const delay = formatDuration(canary.abortScaleDownDelayMs)
  yield {
    place: strategyPlace(subject, 'canary', 'canaryService'),
    message: `for ${delay} after an abort ${canary.canaryService} is switched between both versions`,
    why: `Each pass points the Service at the canary and then back, and each write brings the next pass, 20 to 150 times a second, as long as the aborted canary has pods: ${delay}. Whoever calls this Service himself reaches either version.`,
    mend: 'Call neither Service by its name; with Istio, let subsets of a DestinationRule tell the versions apart, or pingPong.',
  }
}

function* findDropped(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.routing || !canary.isAbortDelayWritten || canary.abortScaleDownDelayMs !== undefined) return
  if (canary.settings[0]?.scale !== undefined) return
  yield {
    place: strategyPlace(subject, 'canary', 'abortScaleDownDelaySeconds'),
    message: 'the pods of an aborted canary are taken in the pass that takes its traffic',
    why: 'Documented is that 0 keeps them, and in blue-green it does. A router that hears of the weight later than the pods go sends requests to nobody, and nobody can look into the pods any more.',
    mend: 'Write for how many seconds they are to stay, up to 900; for good, begin the steps with a setCanaryScale.',
  }
}

function* findLongDelays(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  const { abortScaleDownDelayMs = 0, routing, dynamicStableScale } = canary ?? {}
  if (!routing || dynamicStableScale || abortScaleDownDelayMs <= resyncMs) return
  const delay = formatDuration(abortScaleDownDelayMs)
  yield {
    place: strategyPlace(subject, 'canary', 'abortScaleDownDelaySeconds'),
    message: `the pods of an aborted canary are not kept for ${delay}: they are taken at once`,
    why: `While ${formatDuration(resyncMs)} or more of the delay are left the controller sets no timer for its end, as the next resync comes before, and goes on to size the canary as if there were no delay: 0 after an abort.`,
    mend: 'Write at most 900.',
  }
}

function* findStandstill(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.dynamicStableScale || !canary.isAbortDelayWritten || canary.abortScaleDownDelayMs === undefined) return
  yield {
    place: strategyPlace(subject, 'canary', 'abortScaleDownDelaySeconds'),
    message: 'with dynamicStableScale an abort stops at a weight above 0, and stays there',
    why: `The delay of ${formatDuration(canary.abortScaleDownDelayMs)} holds the canary at its size, stable gets no more pods than that leaves room for, and the weight falls no further than stable carries. The delay itself begins only once stable is whole.`,
    mend: 'Remove abortScaleDownDelaySeconds: the canary then shrinks as its weight falls.',
  }
}

function* findKeptPods(subject: Subject): Iterable<Found> {
  const { rollout } = subject.policy ?? {}
  if (!rollout) return
  const { canary, blueGreen, replicas } = rollout
  const isKept = blueGreen ? blueGreen.scaleDownDelayMs === 0 : canary.routing && canary.scaleDownDelayMs === 0
  if (!isKept) return
  const flown = keptPods(subject)
  const pods = replicas === 1 ? '1 pod' : `${replicas} pods`
  yield {
    place: strategyPlace(subject, blueGreen ? 'blueGreen' : 'canary', 'scaleDownDelaySeconds'),
    message: 'no version that is replaced ever gives its pods away',
    why: `The end of the delay is a note on the ReplicaSet, and for a delay of 0 none is written: without a note the pods are kept. Each release leaves ${pods} behind.`,
    mend: 'Write 1, or leave it out: 30 s.',
    ...(flown && { flown }),
  }
}

function keptPods({ healthy, plan, policy }: Subject): string | undefined {
  const promotedMs = healthy?.times.promotedMs ?? null
  if (!healthy || promotedMs === null) return undefined
  const canary = `${policy!.rollout.name}-${plan!.release.hash}`
  const last = healthy.timeline.findLast((entry) => entry.what === 'replica-set' && entry.name !== canary)
  // What never changed its size isn't told of.
  const pods = last?.what === 'replica-set' ? last.spec : policy!.rollout.replicas
  if (pods === 0) return undefined
  return `${inSeconds(healthy.times.endMs - promotedMs)} after the promotion the old version still has ${pods} of its pods.`
}

function* findLateAborts(subject: Subject): Iterable<Found> {
  const { blueGreen } = subject.policy?.rollout ?? {}
  if (!blueGreen?.postPromotion) return
  const { activeService, abortScaleDownDelayMs } = blueGreen
  const end =
    abortScaleDownDelayMs === undefined
      ? ''
      : ` After ${formatDuration(abortScaleDownDelayMs)} these pods are taken, and ${activeService} selects nobody, for good.`
  yield {
    place: strategyPlace(subject, 'blueGreen', 'postPromotionAnalysis'),
    message: `if new pods are unready when it fails, ${activeService} stays on them`,
    why: `An abort moves the active Service as a promotion does: only while all pods of the new version are ready. Pods that crash after the cutover are not.${end}`,
    mend: 'Judge before the cutover, in prePromotionAnalysis, whatever can be judged there, and have an alert on the active Service.',
  }
}
