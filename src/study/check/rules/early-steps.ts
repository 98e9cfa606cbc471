// Steps that come before the canary has pods, and routes that do not outlive these.
import { partOf, setsRoute } from '../../../policy/argo/step.js'
import type { Found, Rule, Subject } from '../rule.js'
import { canaryOf } from './canary-of.js'
import { endOfStep } from './flown.js'
import { stepPlace } from './written.js'

export const earlySteps: readonly Rule[] = [
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
]

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
