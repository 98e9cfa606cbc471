// Where the API server, the controller, `kubectl argo rollouts lint` and whoever wrote the YAML do not agree.
import { partOf } from '../../../policy/argo/step.js'
import type { Found, Rule, Subject } from '../rule.js'
import { stayAtMs } from './flown.js'
import { fieldAt, rolloutIn, stepPlace, strategyPlace } from './written.js'

export const disagreements: readonly Rule[] = [
  {
    id: 'wrong-type',
    severity: 'error',
    title: 'A value is of another type than the API server takes.',
  },
  {
    id: 'missing-field',
    severity: 'error',
    title: 'A field is missing that the API server asks for.',
  },
  {
    id: 'unknown-field',
    severity: 'error',
    title: 'A field is not known, and the API server drops it.',
  },
  {
    id: 'yaml-duplicate-key',
    severity: 'warning',
    title: 'A key is written twice: the last one counts.',
  },
  {
    id: 'missing-reference',
    severity: 'error',
    title: 'Something is referred to that is not there.',
  },
  {
    id: 'one-of-two-fields',
    severity: 'error',
    title: 'A router names its objects in the singular and in the plural, or in neither.',
  },
  {
    id: 'ingress-unfit',
    severity: 'error',
    title: 'An Ingress has no rule for the stable Service.',
  },
  {
    id: 'routes-unfit',
    severity: 'error',
    title: 'The routes of a VirtualService do not lead to both versions, or are not those that are named.',
  },
  {
    id: 'step-without-kind',
    severity: 'error',
    title: 'A step says nothing, mostly for a key with nothing after it.',
  },
  {
    id: 'pause-duration',
    severity: 'error',
    title: 'The duration of a pause is none.',
  },
  {
    id: 'pause-of-no-time',
    severity: 'warning',
    title: 'A pause lasts no time at all.',
    find: findShortPauses,
  },
  {
    id: 'yaml-number-read',
    severity: 'warning',
    title: 'YAML 1.1 reads a number otherwise than it looks.',
  },
  {
    id: 'ping-pong-without-router',
    severity: 'warning',
    title: 'pingPong without a router does nothing.',
    find: findIdlePingPong,
  },
  {
    id: 'ping-pong-beside-services',
    severity: 'error',
    title: 'With Istio pingPong and canaryService or stableService exclude each other.',
    find: findPingPongBesideServices,
  },
]

function* findShortPauses(subject: Subject): Iterable<Found> {
  for (const [index, step] of (subject.policy?.rollout.canary.steps ?? []).entries()) {
    const pause = partOf(step, 'pause')
    if (pause?.durationMs !== 0) continue
    const lastedMs = stayAtMs(subject.healthy, index)
    yield {
      place: stepPlace(subject, index, 'pause', 'duration'),
      message: `a pause of ${pause.asWritten} is over in the next pass`,
      why: `Durations count in whole seconds, cut off: ${pause.asWritten} is 0. Nothing is seen of the weight before it goes on. Only pause: {}, without a duration, waits for a person.`,
      mend: 'Write how long it is to last, or remove the step.',
      ...(lastedMs !== undefined && { flown: `A good release is at this step for ${Math.round(lastedMs)} ms.` }),
    }
  }
}

function* findIdlePingPong(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.pingPong || canary.routing) return
  yield {
    place: strategyPlace(subject, 'canary', 'pingPong'),
    message: `nothing moves traffic between ${canary.pingPong.ping} and ${canary.pingPong.pong}`,
    why: 'The two Services take turns in being the destinations of a router. Without trafficRouting the pods alone split the traffic, by their number, and both Services go unheeded. Nobody refuses it.',
    mend: 'Add trafficRouting with Istio, an AWS load balancer or a plugin, or remove pingPong.',
  }
}

function* findPingPongBesideServices(subject: Subject): Iterable<Found> {
  const { canary } = subject.policy?.rollout ?? {}
  if (!canary?.pingPong || !canary.routing?.istio) return
  for (const field of ['canaryService', 'stableService']) {
    const name = fieldAt(rolloutIn(subject)!.value, ['spec', 'strategy', 'canary', field])
    if (name === undefined) continue
    yield {
      place: strategyPlace(subject, 'canary', field),
      message: `the VirtualService is looked through for ${String(name)}, and not for the Services of pingPong`,
      why: `A VirtualService that leads to ${canary.pingPong.ping} and ${canary.pingPong.pong} has no route to ${String(name)}: the Rollout is InvalidSpec, and nothing of it is scaled, routed or judged.`,
      mend: `Remove ${field}.`,
    }
  }
}
