// What never ends, or never says what is wrong with it.

import { resolveBounds } from '../../../policy/argo/replica-counts.js'
import { analysesOf } from '../../../policy/argo/rollout-spec.js'
import { isStatusPath } from '../../../policy/argo/status-field.js'
import { placeOf } from '../../../scenario/manifest.js'
import type { Found, Rule, Subject } from '../rule.js'
import { fieldAt, rolloutIn, strategyPlace } from './written.js'

export const hangs: readonly Rule[] = [
  {
    id: 'invalid-selector',
    severity: 'error',
    title: 'The controller cannot build the selector, and the Rollout never gets a status.',
  },
  {
    id: 'empty-active-service',
    severity: 'error',
    title: 'The active Service has no name, and the Rollout never gets a status.',
  },
  {
    id: 'no-templates',
    severity: 'error',
    title: 'An analysis or an experiment names no templates: as a step it never ends, elsewhere it is not there.',
  },
  {
    id: 'no-metrics',
    severity: 'error',
    title: 'The templates of an analysis have no metrics, and the update hangs there.',
  },
  {
    id: 'invalid-field-path',
    severity: 'error',
    title: 'An argument refers to a field that the Rollout does not have, and the update hangs there.',
  },
  {
    id: 'status-field-path',
    severity: 'warning',
    title: 'An argument refers to the status, where the field may be missing when it is wanted.',
    find: findStatusPaths,
  },
  {
    id: 'endless-experiment',
    severity: 'error',
    title: 'An experiment has no end, and neither has its step.',
  },
  {
    id: 'experiment-template-name',
    severity: 'error',
    title: 'Templates of an experiment share a name or have none, and it never begins.',
  },
  {
    id: 'unknown-spec-ref',
    severity: 'error',
    title: 'A template of an experiment is of neither version, and the update hangs there.',
  },
  {
    id: 'no-pod-can-be-made',
    severity: 'error',
    title: 'maxSurge and maxUnavailable leave no room for a pod of the new version.',
  },
  {
    id: 'percent-without-sign',
    severity: 'warning',
    title: 'A bound in quotes is a percentage, also without its sign.',
    find: findPercentages,
  },
  {
    id: 'negative-number',
    severity: 'error',
    title: 'A number is negative that nobody refuses, and no release gets past it.',
  },
  {
    id: 'max-weight-zero',
    severity: 'error',
    title: 'maxTrafficWeight is 0, and the first deployment never ends.',
  },
  {
    id: 'missing-router-object',
    severity: 'error',
    title: 'What a router is to write to is missing, and every pass of the controller fails.',
  },
  {
    id: 'unfit-router-object',
    severity: 'error',
    title: 'What a router is to write to does not lead to both Services, and every pass of the controller fails.',
  },
  {
    id: 'unknown-plugin',
    severity: 'error',
    title: 'The name of a router plugin is not that of a plugin, and the first deployment never ends.',
  },
  {
    id: 'sticky-duration',
    severity: 'error',
    title: 'A load balancer does not keep users for so long, and every pass of the controller fails.',
  },
  {
    id: 'name-too-long',
    severity: 'error',
    title: 'The name leaves no room for the hash of a ReplicaSet, and the first deployment never begins.',
    find: findLongName,
  },
  {
    id: 'instance-id',
    severity: 'warning',
    title: 'An instance-id label keeps every controller away but the one that was started with it.',
    find: findInstanceId,
  },
  {
    id: 'unreadable-number',
    severity: 'error',
    title: 'A number has more than 32 bits, and the controller reads only half of the Rollout.',
  },
  {
    id: 'no-abort-at-deadline',
    severity: 'note',
    title: 'A canary that never gets ready stays where it is for good.',
    find: findNoAbort,
  },
]

/** The first deployment has seen to these, or the update itself. */
const alwaysThere = /^status\.(currentPodHash|currentStepIndex|observedGeneration|phase|stableRS)$/

function* findStatusPaths({ policy }: Subject): Iterable<Found> {
  for (const { request } of policy ? analysesOf(policy.rollout) : []) {
    for (const { name, valueFrom } of request.args) {
      if (!valueFrom || !('fieldPath' in valueFrom) || !isStatusPath(valueFrom.fieldPath)) continue
      const { fieldPath, place } = valueFrom
      if (alwaysThere.test(fieldPath)) continue
      yield {
        place,
        message: `the argument ${name} is what ${fieldPath} is when the analysis begins`,
        why: 'If the field is not there at that moment, the update hangs, and only the log of the controller tells.',
        mend: 'Refer to what is always there: a label or an annotation of the Rollout, or podTemplateHashValue.',
      }
    }
  }
}

function* findPercentages(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { replicas, canary, blueGreen } = subject.policy.rollout
  const strategy = blueGreen ? 'blueGreen' : 'canary'
  for (const key of ['maxSurge', 'maxUnavailable'] as const) {
    const bound = fieldAt(rolloutIn(subject)!.value, ['spec', 'strategy', strategy, key])
    // With a router no pod surges.
    if (key === 'maxSurge' && canary.routing) continue
    if (typeof bound !== 'string' || !/^[+-]?\d+$/.test(bound)) continue
    const bounds = resolveBounds(replicas, canary.maxSurge, blueGreen?.maxUnavailable ?? canary.maxUnavailable)
    const pods = key === 'maxSurge' ? bounds.surge : bounds.unavailable
    yield {
      place: strategyPlace(subject, strategy, key),
      message: `${key} "${bound}" is ${bound} % of the replicas`,
      why: `Of ${replicas} replicas that is ${pods}; without the quotes it would be ${bound}.`,
      mend: `Write ${bound} for pods, or "${bound}%" for a part of them.`,
    }
  }
}

/** Of an object in Kubernetes, and what a ReplicaSet's hash and its hyphen may take of it. */
const longestName = 253
const hashLength = 11

function* findLongName(subject: Subject): Iterable<Found> {
  const rollout = rolloutIn(subject)
  if (!rollout || rollout.name.length > longestName || rollout.name.length + hashLength <= longestName) return
  yield {
    place: placeOf(rollout, ['metadata', 'name']),
    message: `this name has ${rollout.name.length} characters`,
    why: `With the ${hashLength} of a hash its ReplicaSets' names have ${rollout.name.length + hashLength}, and the API server takes ${longestName}: none is ever made, and only the log of the controller tells.`,
    mend: `Use at most ${longestName - hashLength} characters.`,
  }
}

const instanceLabel = 'argo-rollouts.argoproj.io/controller-instance-id'

function* findInstanceId(subject: Subject): Iterable<Found> {
  const rollout = rolloutIn(subject)
  const label = ['metadata', 'labels', instanceLabel]
  const id = fieldAt(rollout?.value, label)
  if (!rollout || typeof id !== 'string') return
  yield {
    place: placeOf(rollout, label),
    message: `only a controller that was started with --instance-id ${id} looks at this Rollout`,
    why: 'Any other leaves it without a status and without pods, and says nothing.',
    mend: 'Remove the label, unless there is such a controller in the cluster.',
  }
}

function* findNoAbort(subject: Subject): Iterable<Found> {
  if (!subject.policy) return
  const { progressDeadlineAbort, progressDeadlineMs, blueGreen } = subject.policy.rollout
  if (progressDeadlineAbort) return
  const place = placeOf(rolloutIn(subject)!, ['spec', 'progressDeadlineAbort'])
  const seconds = progressDeadlineMs / 1000
  const stays = blueGreen
    ? 'the new version waits beside the old one'
    : 'the canary keeps its pods and the weight of the steps before'
  yield {
    place,
    message: 'when pods of the new version never get ready, nothing ends the update',
    why: `After ${seconds} s without progress the phase is Degraded, and that is all: ${stays} until a person comes.`,
    mend: 'Set progressDeadlineAbort: true, or let somebody be called when a Rollout is Degraded.',
  }
}
