// What weights come to in whole pods, what these can bear, and whether they are there in time.
import { routedCanaryCounts } from '../../../policy/argo/replica-counts.js'
import { partOf } from '../../../policy/argo/step.js'
import { placeOf } from '../../../scenario/manifest.js'
import { formatDuration, formatRate } from '../../../scenario/units.js'
import type { Found, Rule, Subject } from '../rule.js'
import { ratePerSecondIn } from './asked-queries.js'
import { canaryOf, counted, percent } from './canary-of.js'
import { shareAt } from './checks-of.js'
import { endOfStep, inSeconds } from './flown.js'
import { rateText } from './rate-text.js'
import { wholePodsAt, wholePodsOf } from './whole-pods.js'
import { rolloutIn, stepPlace } from './written.js'

export const statisticsOfPods: readonly Rule[] = [
  {
    id: 'weight-rounded',
    severity: 'warning',
    title: 'Without a router a weight is rounded to whole pods, and becomes another.',
    find: findRoundedWeights,
  },
  {
    id: 'canary-over-capacity',
    severity: 'error',
    title: 'At a step the canary gets more requests than its pods can answer.',
    find: findOverload,
  },
  {
    id: 'deadline-too-short',
    severity: 'error',
    title: 'progressDeadlineSeconds is over before the pods of a good release are ready.',
    find: findShortDeadline,
  },
]

/** From this part more or less on. */
const tolerance = 0.25

function* findRoundedWeights(subject: Subject): Iterable<Found> {
  for (const { index, weight, pods: split } of wholePodsOf(subject)) {
    const { replicas, canary } = subject.policy!.rollout
    const { canary: pods, stable } = split
    const [asked, got] = [weight / canary.maxWeight, pods / (pods + stable)]
    // That there are none at all is another rule's.
    if (asked === 0 || pods === 0 || Math.abs(got - asked) <= tolerance * asked) continue
    // Routers hear of a pod a while after the step is over.
    const isFollowed = index + 1 < canary.steps.length && !partOf(canary.steps[index + 1], 'setWeight')
    const end = endOfStep(subject.healthy, isFollowed ? index + 1 : index)
    yield {
      place: stepPlace(subject, index, 'setWeight'),
      message: `setWeight: ${weight} of ${counted(replicas)} is ${percent(100 * got)} of the requests`,
      why: `Every pod gets the same part, and the nearest to ${percent(100 * asked)} that whole pods come to is ${pods} of ${pods + stable}. A bad canary hurts ${Number((got / asked).toPrecision(2))} times as many as the step says.`,
      mend: `Use a router (trafficRouting), weights that ${counted(replicas)} can show, or at least ${counted(Math.ceil(1 / asked))}.`,
      ...(end && {
        flown: `${end.after} after the release the canary got ${percent(end.weightPercent)} of the requests`,
      }),
    }
  }
}

/** Only a scenario knows what a pod can bear. */
function* findOverload(subject: Subject): Iterable<Found> {
  const { plan, policy, isRateAssumed } = subject
  const capacity = plan?.scenario.service.canary.capacityPerSecond
  if (!plan || !policy || capacity === undefined) return
  const rate = ratePerSecondIn(plan)
  for (const [index, step] of canaryOf(subject).steps.entries()) {
    const said = partOf(step, 'setWeight') ? 'setWeight' : partOf(step, 'setCanaryScale') ? 'setCanaryScale' : undefined
    const [share, pods] = [shareAt(subject, index), podsAt(subject, index)]
    if (said === undefined || pods * capacity >= share * rate) continue
    yield {
      place: stepPlace(subject, index, said),
      message: `from step ${index + 1} on the canary gets ${formatRate(Number((share * rate).toPrecision(3)))}, and its ${counted(pods)} can answer ${formatRate(pods * capacity)}`,
      why: `That is ${percent(100 * share)} of ${rateText(rate, isRateAssumed)}, with ${formatRate(capacity)} for a pod: a good canary fails the rest, and is judged by that.`,
      mend: `Give it at least ${counted(Math.ceil((share * rate) / capacity))} here (setCanaryScale, or more replicas), or less weight.`,
    }
    return
  }
}

function podsAt({ policy }: Subject, index: number): number {
  const { replicas, canary } = policy!.rollout
  const { weight, scale } = canary.settings[index]!
  const { maxWeight, minPods, routing } = canary
  if (!routing) return wholePodsAt(weight, replicas, canary).canary
  const scaled = scale?.weight === undefined ? undefined : Math.ceil((scale.weight * replicas) / 100)
  const canaryReplicas = scale?.replicas ?? scaled
  return routedCanaryCounts({ replicas, weight, maxWeight, canaryReplicas, minPods }).canary
}

/** Only a flight shows it: what pods need to get ready is up to them. */
function* findShortDeadline(subject: Subject): Iterable<Found> {
  const { healthy, policy, plan } = subject
  if (!healthy || !policy || !plan) return
  const { progressDeadlineMs, progressDeadlineAbort, minReadyMs } = policy.rollout
  const late = healthy.timeline.find(
    (entry) => entry.what === 'rollout' && /ProgressDeadlineExceeded|timed out progressing/.test(entry.message),
  )
  if (!late) return
  const { p99Ms } = plan.scenario.service.canary.start
  const minReady = minReadyMs > 0 ? ` and have to stay so for ${formatDuration(minReadyMs)}` : ''
  yield {
    place: placeOf(rolloutIn(subject)!, ['spec', 'progressDeadlineSeconds']),
    message: `the progress deadline is ${formatDuration(progressDeadlineMs)}, and a good release needs longer for its pods`,
    why: `Pods take up to ${formatDuration(Math.round(p99Ms))} to get ready${minReady}; every pod that gets available begins the deadline anew, analyses and pauses don't count. ${progressDeadlineAbort ? 'With progressDeadlineAbort the release is stopped for it.' : 'The Rollout is Degraded meanwhile, and whoever waits for it gives up.'}`,
    mend: 'Write a progressDeadlineSeconds of several times what the slowest pod takes, with pulling its image.',
    flown: `${inSeconds(late.atMs - healthy.times.releasedMs)} after the release a good one has timed out; in the end it is ${healthy.verdict}.`,
  }
}
