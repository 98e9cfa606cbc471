// Where what the router has, or the pods show, is not the weight that a step names.
import { partOf } from '../../../policy/argo/step.js'
import { placeOf } from '../../../scenario/manifest.js'
import type { Found, Rule, Subject } from '../rule.js'
import { canaryOf, counted, percent, shareOf } from './canary-of.js'
import { endOfStep, promotionIn } from './flown.js'
import { wholePodsOf } from './whole-pods.js'
import { rolloutIn, stepPlace, strategyPlace } from './written.js'

export const weights: readonly Rule[] = [
  {
    id: 'weight-without-pods',
    severity: 'error',
    title: 'A weight is reached without a single pod of the canary.',
    find: findWeightsWithoutPods,
  },
  {
    id: 'weight-not-reached',
    severity: 'warning',
    title: 'A step with a weight is over, and the router does not have the weight.',
    find: findWeightsNotReached,
  },
  {
    id: 'falling-weight',
    severity: 'warning',
    title: 'A weight is less than the one before, and pods and traffic do not fall together.',
    find: findFallingWeights,
  },
  {
    id: 'rollback-window-weight',
    severity: 'warning',
    title: 'An undo within the rollback window sends the last weight to the first pod that is ready.',
    find: findRollbackWindow,
  },
  {
    id: 'dynamic-scale-outage',
    severity: 'warning',
    title: 'With dynamicStableScale nothing answers the outage of a canary, for stable has given its pods away.',
    find: findDynamicScale,
  },
  {
    id: 'router-without-steps',
    severity: 'warning',
    title: 'A router without steps never gets a weight: all traffic moves at once.',
    find: findNoSteps,
  },
]

function* findWeightsWithoutPods(subject: Subject): Iterable<Found> {
  for (const { index, weight, pods } of wholePodsOf(subject)) {
    if (weight === 0 || pods.canary > 0) continue
    const { surge } = pods
    const { replicas } = subject.policy!.rollout
    const end = endOfStep(subject.healthy, index)
    const seen = end && `step ${index + 1} was over ${end.after} after the release, with ${end.canaryPods} canary pods`
    yield {
      place: stepPlace(subject, index, 'setWeight'),
      message: `setWeight: ${weight} of ${replicas} replicas makes no pod of the canary`,
      why: `maxSurge is ${surge} here, and without surge the controller finds no split into ${replicas} pods that it likes: it goes on with ${replicas} old ones, and whatever comes next looks at nothing.`,
      mend: 'Allow maxSurge: 1, or use another weight.',
      ...(seen === undefined ? {} : { flown: seen }),
    }
  }
}

/** Only a flight shows it: how many pods are there depends on all that happens to them. */
function* findWeightsNotReached(subject: Subject): Iterable<Found> {
  const { steps, routing, maxWeight } = canaryOf(subject)
  if (!routing) return
  for (const [index, step] of steps.entries()) {
    const weight = partOf(step, 'setWeight')?.weight ?? 0
    // A router may take its time, but not for as long as the step behind.
    const isFollowed = index + 1 < steps.length && !partOf(steps[index + 1], 'setWeight')
    const end = endOfStep(subject.healthy, isFollowed ? index + 1 : index)
    if (!end || end.weightPercent > (100 * weight) / maxWeight - tolerancePercent) continue
    yield {
      place: stepPlace(subject, index, 'setWeight'),
      message: `setWeight: ${weight} is over without its weight`,
      why: 'The step waits for pods, not for the router; and the router gets no weight while the canary has no available pod, or stable has too few for the rest. Later all of it comes at once.',
      mend: 'Let the canary have pods here, and keep stable whole during a release (a PodDisruptionBudget, pods on several nodes).',
      flown: `${end.after} after the release, with ${counted(end.canaryPods)} of the canary, it got ${percent(end.weightPercent)} of the requests`,
    }
  }
}

const tolerancePercent = 0.5

function* findFallingWeights(subject: Subject): Iterable<Found> {
  const { steps, settings, routing, maxWeight } = canaryOf(subject)
  for (const [index, step] of steps.entries()) {
    const weight = partOf(step, 'setWeight')?.weight
    const before = settings[index - 1]?.weight ?? 0
    if (weight === undefined || weight >= before) continue
    const why = routing
      ? `The canary is cut to the pods for ${shareOf(weight, maxWeight)} while it still gets ${shareOf(before, maxWeight)} of the requests.`
      : `The step is over as soon as one more old pod is made, with the canary still as large as ${shareOf(before, maxWeight)} made it.`
    const end = routing ? undefined : endOfStep(subject.healthy, index)
    const seen = end && `when step ${index + 1} was over, the canary got ${percent(end.weightPercent)} of the requests`
    yield {
      place: stepPlace(subject, index, 'setWeight'),
      message: `setWeight: ${weight} comes after ${before}`,
      why,
      mend: 'Let weights rise only; to go back, abort.',
      ...(seen === undefined ? {} : { flown: seen }),
    }
  }
}

function* findRollbackWindow(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { rollbackWindow, canary, replicas } = subject.policy.rollout
  const last = canary.settings.at(-1)?.weight ?? 0
  if (!canary.routing || rollbackWindow <= 0 || last === 0 || replicas < 2) return
  yield {
    place: placeOf(rolloutIn(subject)!, ['spec', 'rollbackWindow', 'revisions']),
    message: `an undo over up to ${rollbackWindow} revisions jumps behind the last step`,
    why: `The weight of the last step, ${shareOf(last, canary.maxWeight)}, goes to the first of ${replicas} pods that is available, before the others are.`,
    mend: 'Undo while scaleDownDelaySeconds still keeps the pods of the older version, or leave rollbackWindow out.',
  }
}

function* findDynamicScale(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { canary, replicas } = subject.policy.rollout
  const most = Math.max(0, ...canary.settings.map(({ weight }) => weight))
  if (!canary.dynamicStableScale || most === 0) return
  const left = Math.ceil(((canary.maxWeight - most) * replicas) / canary.maxWeight)
  yield {
    place: strategyPlace(subject, 'canary', 'dynamicStableScale'),
    message: 'the weight is taken from a dead canary only once stable has all of its pods',
    why: `At weight ${most} stable has ${left} of ${replicas} pods, and gets no more until somebody aborts: if the canary's pods all fail, ${shareOf(most, canary.maxWeight)} of the requests go on to them. The same holds for the pods of an older canary when the template changes.`,
    mend: 'Leave dynamicStableScale out, or abort by an analysis that fails within a minute when the canary is gone.',
  }
}

function* findNoSteps(subject: Subject): Iterable<Found> {
  if (!subject.policy || subject.policy.rollout.blueGreen) return
  const { steps, routing } = subject.policy.rollout.canary
  if (!routing || steps.length > 0) return
  const promotion = promotionIn(subject.healthy)
  yield {
    place: strategyPlace(subject, 'canary', 'trafficRouting'),
    message: 'there is a router, and no step that sets a weight',
    why: 'The canary gets all of its pods while it gets no request, and then everything at once, as in a blue-green release but without its analyses.',
    mend: 'Add steps with setWeight, or use the blueGreen strategy.',
    ...(promotion === undefined
      ? {}
      : { flown: `promoted ${promotion.after} after the release, with no request before that` }),
  }
}
