// Steps and promotions that do not wait for all pods.
import type { Found, Rule, Subject } from '../rule.js'
import { counted } from './canary-of.js'
import { promotionIn } from './flown.js'
import { fieldAt, rolloutIn, stepPlace, stepsIn, strategyPlace } from './written.js'

export const progressThreshold: readonly Rule[] = [
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
