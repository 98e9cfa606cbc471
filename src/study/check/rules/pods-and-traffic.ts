// Where pods and traffic are not what the steps say.
import { nearestCounts, resolveBounds } from '../../../policy/argo/replica-counts.js'
import type { RolloutSpec } from '../../../policy/argo/rollout-spec.js'
import { partOf, type Setting, setsRoute } from '../../../policy/argo/step.js'
import { placeOf } from '../../../scenario/manifest.js'
import type { Found, Rule, Subject } from '../rule.js'
import { endOfStep, promotionIn } from './flown.js'
import { fieldAt, rolloutIn, stepPlace, stepsIn, strategyPlace } from './written.js'

export const podsAndTraffic: readonly Rule[] = [
  {
    id: 'weight-without-pods',
    severity: 'error',
    title: 'A weight is reached without a single pod of the canary.',
    find: findWeightsWithoutPods,
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
  {
    id: 'scale-below-weight',
    severity: 'warning',
    title: 'A step gives the canary fewer pods than its weight needs.',
    find: findSmallScales,
  },
  {
    id: 'scale-above-replicas',
    severity: 'warning',
    title: 'A step gives the canary more pods than the Rollout has replicas.',
    find: findLargeScales,
  },
  {
    id: 'scale-of-nothing',
    severity: 'error',
    title: 'A step sets the size of the canary and names none.',
    find: findEmptyScales,
  },
  {
    id: 'step-before-pods',
    severity: 'warning',
    title: 'A pause or an analysis comes before there is any pod of the canary.',
    find: findEarlySteps,
  },
  {
    id: 'route-before-pods',
    severity: 'error',
    title: 'A step adds a route before the canary has pods, and the route is gone for good in the next pass.',
    find: findEarlyRoutes,
  },
  {
    id: 'routes-lost-in-outage',
    severity: 'note',
    title: 'Routes that steps add do not come back after an outage of the canary.',
    find: findRoutesToLose,
  },
  {
    id: 'partial-promotion',
    severity: 'warning',
    title: 'The new version is promoted before all of its pods are available.',
    versions: 'argo-rollouts from 1.9',
    find: findPartialPromotion,
  },
  {
    id: 'progress-threshold-value',
    severity: 'error',
    title: 'A progress threshold is none that pods can reach, or none at all.',
    versions: 'argo-rollouts from 1.9',
    find: findUnfitThreshold,
  },
  {
    id: 'progress-threshold-in-step',
    severity: 'warning',
    title: 'A progress threshold under a step is not there.',
    versions: 'argo-rollouts from 1.9',
    find: findThresholdsInSteps,
  },
]

function* findWeightsWithoutPods(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { replicas, canary } = subject.policy.rollout
  if (canary.routing || replicas === 0) return
  const { surge } = resolveBounds(replicas, canary.maxSurge, canary.maxUnavailable)
  for (const [index, step] of canary.steps.entries()) {
    const weight = partOf(step, 'setWeight')?.weight ?? 0
    if (weight === 0 || nearestCounts(replicas, weight, canary.maxWeight, surge).canary > 0) continue
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

function* findFallingWeights(subject: Subject): Iterable<Found> {
  const { steps, settings, routing } = canaryOf(subject)
  for (const [index, step] of steps.entries()) {
    const weight = partOf(step, 'setWeight')?.weight
    const before = settings[index - 1]?.weight ?? 0
    if (weight === undefined || weight >= before) continue
    const why = routing
      ? `The canary is cut to the pods for ${weight} % while it still gets ${before} % of the requests.`
      : `The step is over as soon as one more old pod is made, with the canary still as large as ${before} % made it.`
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
    why: `The weight of the last step, ${last} %, goes to the first of ${replicas} pods that is available, before the others are.`,
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
    why: `At weight ${most} stable has ${left} of ${replicas} pods, and gets no more until somebody aborts: if the canary's pods all fail, ${most} % of the requests go on to them. The same holds for the pods of an older canary when the template changes.`,
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

interface Sized {
  readonly index: number
  readonly setting: Setting
  readonly pods: number
}

/** The steps of a routed canary that set its weight or its size, with the pods that it has from there. */
function sizedSteps(subject: Subject): readonly Sized[] {
  const { steps, settings, routing, maxWeight } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  if (!routing) return []
  return steps.flatMap((step, index) => {
    if (!partOf(step, 'setWeight') && !partOf(step, 'setCanaryScale')) return []
    const setting = settings[index]!
    const { replicas: pods, weight = setting.weight } = setting.scale ?? {}
    // Of these others tell.
    if (weight < 0 || (pods ?? 0) < 0) return []
    return [{ index, setting, pods: pods ?? Math.ceil((weight * replicas) / maxWeight) }]
  })
}

function* findSmallScales(subject: Subject): Iterable<Found> {
  const { maxWeight } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  for (const { index, setting, pods } of sizedSteps(subject)) {
    const needed = Math.ceil((setting.weight * replicas) / maxWeight)
    if (setting.scale === undefined || pods >= needed) continue
    const load =
      pods === 0
        ? 'with no pod there is no weight'
        : `each bears ${times(setting.weight * replicas, pods * maxWeight)} the load of a stable pod`
    yield {
      place: stepPlace(subject, index),
      message: `the canary has ${counted(pods)} here for ${setting.weight} % of the requests`,
      why: `A share of ${setting.weight} % of ${replicas} replicas is ${counted(needed)}: ${load}.`,
      mend: 'Set the size to match before the weight is raised: setCanaryScale: {matchTrafficWeight: true}.',
    }
  }
}

function* findLargeScales(subject: Subject): Iterable<Found> {
  const { steps } = canaryOf(subject)
  const { replicas = 0 } = subject.policy?.rollout ?? {}
  for (const { index, pods } of sizedSteps(subject)) {
    if (!partOf(steps[index], 'setCanaryScale') || pods <= replicas) continue
    yield {
      place: stepPlace(subject, index, 'setCanaryScale'),
      message: `the canary gets ${counted(pods)}, of a Rollout with ${replicas} replicas`,
      why: `Nothing refuses it: with stable there are ${replicas + pods} pods until the next step that sets a size.`,
      mend: `Ask for at most ${replicas} replicas, or a weight of at most 100.`,
    }
  }
}

function* findEmptyScales(subject: Subject): Iterable<Found> {
  for (const { manifest, path, value } of stepsIn(subject)) {
    const scale = value['setCanaryScale']
    if (typeof scale !== 'object' || scale === null) continue
    const weight = fieldAt(scale, ['weight'])
    const isNegative = typeof weight === 'number' && weight < 0
    const isSaid = fieldAt(scale, ['replicas']) !== undefined || fieldAt(scale, ['matchTrafficWeight']) === true
    if (isSaid || (weight !== undefined && !isNegative)) continue
    yield {
      place: stepPlace(subject, path.at(-1) as number, 'setCanaryScale'),
      message: isNegative ? `setCanaryScale has the weight ${weight}` : 'setCanaryScale says nothing of a size',
      why: isNegative
        ? 'A negative weight makes no pod, and the steps go on without any.'
        : `The step changes nothing: the size stays what the weight makes it, which is no pod before the first setWeight (${manifest.name}).`,
      mend: 'Give it replicas or a weight, or matchTrafficWeight: true to follow setWeight again.',
    }
  }
}

/** The steps before the canary has any pod. */
function* stepsBeforePods(subject: Subject): Iterable<number> {
  const { steps, settings, routing } = canaryOf(subject)
  for (const index of steps.keys()) {
    const { weight, scale } = settings[index]!
    const size = routing ? (scale?.replicas ?? scale?.weight ?? weight) : weight
    if (size > 0) return
    yield index
  }
}

function* findEarlySteps(subject: Subject): Iterable<Found> {
  const { steps } = canaryOf(subject)
  for (const index of stepsBeforePods(subject)) {
    const kind = (['pause', 'analysis'] as const).find((each) => partOf(steps[index], each))
    if (!kind) continue
    const end = endOfStep(subject.healthy, index)
    yield {
      place: stepPlace(subject, index, kind),
      message: `${kind === 'pause' ? 'this pause' : 'this analysis'} comes before the canary has a pod`,
      why:
        kind === 'pause'
          ? 'Nothing of the new version runs meanwhile: the time shows nothing of it.'
          : 'Nothing of the new version runs meanwhile: it measures the old one, or nothing.',
      mend: 'Put a setWeight before it, or with a router a setCanaryScale.',
      ...(end === undefined
        ? {}
        : { flown: `over ${end.after} after the release, with ${end.canaryPods} canary pods` }),
    }
  }
}

function* findEarlyRoutes(subject: Subject): Iterable<Found> {
  const { steps } = canaryOf(subject)
  for (const index of stepsBeforePods(subject)) {
    const step = steps[index]!
    if (!setsRoute(step)) continue
    const kind = partOf(step, 'setHeaderRoute') ? 'setHeaderRoute' : 'setMirrorRoute'
    yield {
      place: stepPlace(subject, index, kind),
      message: `${kind} comes before the canary has a pod`,
      why: 'The controller adds the route in one pass and takes all routes of steps away in the next, as the canary has no pod; the step is over by then, and nothing adds it again.',
      mend: 'Put a setCanaryScale before it.',
    }
  }
}

function* findRoutesToLose(subject: Subject): Iterable<Found> {
  const { steps } = canaryOf(subject)
  const index = steps.findIndex((step) => setsRoute(step))
  if (index < 0) return
  const kind = partOf(steps[index], 'setHeaderRoute') ? 'setHeaderRoute' : 'setMirrorRoute'
  yield {
    place: stepPlace(subject, index, kind),
    message: 'this route is lost for good when all pods of the canary are down at one time',
    why: 'The controller takes it away with the weight; when a pod is back, only the weight comes back. Whoever the route is for gets the old version from then on, and no analysis sees that.',
    mend: 'Keep more than one pod in the canary while the route is needed (setCanaryScale), spread over nodes.',
  }
}

function* findPartialPromotion(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { replicas, canary } = subject.policy.rollout
  const threshold = canary.progressThreshold
  if (!threshold || isUnfit(threshold.value, threshold.type, replicas)) return
  const enough = threshold.type === 'Percent' ? Math.ceil((threshold.value * replicas) / 100) : threshold.value
  if (enough >= replicas) return
  const promotion = promotionIn(subject.healthy)
  yield {
    place: strategyPlace(subject, 'canary', 'replicaProgressThreshold'),
    message: `promoted with ${enough} of ${replicas} pods available`,
    why: `The threshold holds for the promotion, too: old pods leave while ${replicas - enough} of the new ones may not be ready.`,
    mend: 'Leave it out where the old version shall stay until the new one is whole.',
    ...(promotion === undefined
      ? {}
      : { flown: `promoted ${promotion.after} after the release, with ${counted(promotion.canaryPods)} available` }),
  }
}

function* findUnfitThreshold(subject: Subject): Iterable<Found> {
  const written = rolloutIn(subject)
  if (!subject.policy || !written) return
  const { replicas, canary } = subject.policy.rollout
  if (!canary.progressThreshold) return
  const { value } = canary.progressThreshold
  const path = ['spec', 'strategy', 'canary', 'replicaProgressThreshold']
  const type = fieldAt(written.value, [...path, 'type'])
  if (type !== 'Percent' && type !== 'Pods') {
    yield {
      place: strategyPlace(subject, 'canary', 'replicaProgressThreshold', 'type'),
      message: `${JSON.stringify(type)} is no type of a threshold`,
      why: `Nothing refuses it, and ${value} is not the part of the pods that it is meant for.`,
      mend: 'Write Percent or Pods.',
    }
  } else if (isUnfit(value, type, replicas)) {
    yield {
      place: strategyPlace(subject, 'canary', 'replicaProgressThreshold', 'value'),
      message: `${value} ${type === 'Percent' ? 'percent' : 'pods'} of ${replicas} replicas`,
      why: value < 0 ? 'A negative threshold is none.' : 'No step that waits for pods is ever over.',
      mend: type === 'Percent' ? 'Write 1 to 100.' : `Write 1 to ${replicas}.`,
      ...(subject.healthy?.verdict === 'stuck' ? { flown: 'a healthy release never ended' } : {}),
    }
  }
}

function isUnfit(value: number, type: 'Percent' | 'Pods', replicas: number): boolean {
  return value < 0 || value > (type === 'Percent' ? 100 : replicas)
}

function* findThresholdsInSteps(subject: Subject): Iterable<Found> {
  for (const { path, value } of stepsIn(subject)) {
    if (value['replicaProgressThreshold'] === undefined) continue
    yield {
      place: stepPlace(subject, path.at(-1) as number, 'replicaProgressThreshold'),
      message: 'a step has no replicaProgressThreshold: the API server drops it',
      why: 'The step waits for all pods of the canary, as if it were not written. The documentation once showed it here.',
      mend: 'Write it under canary, where it holds for all steps and for the promotion.',
    }
  }
}

const noCanary: Pick<RolloutSpec['canary'], 'steps' | 'settings' | 'routing' | 'maxWeight'> = {
  steps: [],
  settings: [],
  routing: undefined,
  maxWeight: 100,
}

function canaryOf({ policy }: Subject): typeof noCanary {
  return policy?.rollout.canary ?? noCanary
}

function counted(pods: number): string {
  return pods === 1 ? '1 pod' : `${pods} pods`
}

function percent(value: number): string {
  return `${Number(value.toFixed(1))} %`
}

function times(part: number, whole: number): string {
  return `${Number((part / whole).toFixed(1))} times`
}
