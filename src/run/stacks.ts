// The stacks of pods that a flight tells apart: the two versions, and what experiments make of them beside.

import { templateOf } from '../policy/argo/experiment-request.js'
import type { Rollout } from '../policy/argo/rollout.js'
import type { RolloutSpec } from '../policy/argo/rollout-spec.js'
import { partOf } from '../policy/argo/step.js'
import type { ManifestTemplate } from '../policy/pod-template.js'
import type { Labels } from '../world/cluster/objects.js'
import { rolloutHashLabel } from './workload.js'

export const stable = 0
export const canary = 1

export interface Stack {
  readonly hash: string
  /** Which of the two versions its pods run. */
  readonly version: typeof stable | typeof canary
  /** Labels of its pods, with the hash that controllers add. */
  readonly labels: Labels
  /** Whether a release makes its pods; others are made only where somebody goes back. */
  readonly isOfUpdate: boolean
}

export function isOfExperiment(stack: number): boolean {
  return stack > canary
}

/** The versions themselves come first. */
export function stacksOf({ canary: strategy, template }: RolloutSpec, release: ManifestTemplate): readonly Stack[] {
  const stacks = [stackOf(template, stable, true), stackOf(release, canary, true)]
  for (const step of strategy.steps) {
    // Either version may be the one that is updated to, when somebody goes back.
    for (const request of partOf(step, 'experiment')?.experiment.templates ?? []) {
      const isOfStable = request.version === 'stable'
      stacks.push(stackOf(templateOf(request, template), stable, isOfStable))
      stacks.push(stackOf(templateOf(request, release), canary, !isOfStable))
    }
  }
  // Templates of both versions may have the same labels.
  const ofUpdate = new Set(stacks.filter(({ isOfUpdate }) => isOfUpdate).map(({ hash }) => hash))
  return stacks
    .filter(({ hash }, index) => stacks.findIndex((stack) => stack.hash === hash) === index)
    .map((stack) => ({ ...stack, isOfUpdate: ofUpdate.has(stack.hash) }))
}

function stackOf({ hash, labels }: ManifestTemplate, version: Stack['version'], isOfUpdate: boolean): Stack {
  return { hash, version, labels: { ...labels, [rolloutHashLabel]: hash }, isOfUpdate }
}

/** What experiments with the canary's pods shall get, in percent. */
export function weightOfExperiments({ status }: Rollout, stacks: readonly Stack[]): number {
  const additional = status.weights?.additional ?? []
  const runsCanary = (hash: string) => stacks.find((stack) => stack.hash === hash)?.version === canary
  return additional.reduce((sum, { hash, weight }) => sum + (runsCanary(hash) ? weight : 0), 0)
}
