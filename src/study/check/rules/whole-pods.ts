// Without a router whole pods decide: how many of either version come nearest to a weight.
import { nearestCounts, resolveBounds } from '../../../policy/argo/replica-counts.js'
import type { CanarySpec } from '../../../policy/argo/rollout-spec.js'
import { partOf } from '../../../policy/argo/step.js'
import type { Subject } from '../rule.js'

export interface WholePods {
  readonly canary: number
  readonly stable: number
  /** With so many more than are asked for. */
  readonly surge: number
}

type Bounds = Pick<CanarySpec, 'maxSurge' | 'maxUnavailable' | 'maxWeight'>

export function wholePodsAt(weight: number, replicas: number, canary: Bounds): WholePods {
  const { surge } = resolveBounds(replicas, canary.maxSurge, canary.maxUnavailable)
  return { ...nearestCounts(replicas, weight, canary.maxWeight, surge), surge }
}

/** What the steps of a Rollout without a router come to; a step that sets no weight has 0. */
export function* wholePodsOf({ policy }: Subject): Iterable<{ index: number; weight: number; pods: WholePods }> {
  if (!policy) return
  const { replicas, canary } = policy.rollout
  if (canary.routing || replicas === 0) return
  for (const [index, step] of canary.steps.entries()) {
    const weight = partOf(step, 'setWeight')?.weight ?? 0
    yield { index, weight, pods: wholePodsAt(weight, replicas, canary) }
  }
}
