// The sizes that the ReplicaSets of a canary should have, by the weights and sizes that its steps ask for.
import { type Pass, totalAvailable, totalSpec } from './pass.js'
import { basicCanaryCounts, type Counts, isAsAskedFor, routedCanaryCounts, weightOfWayBack } from './replica-counts.js'
import { currentSetWeight, currentStep, isFullyPromoted } from './rollout.js'
import type { Weights } from './status.js'
import { type CanaryScale, partOf } from './step.js'

/** With a router these may depend on the weights they have. */
export function desiredCounts(pass: Pass, actual: Weights | undefined): Counts {
  const { spec, last } = pass
  const { replicas } = spec
  const { routing, minPods, dynamicStableScale, maxWeight } = spec.canary
  const { weight, canaryReplicas } = canarySizing(pass)
  if (routing) {
    const isAborted = last.abort === true
    const isDynamic = dynamicStableScale
    const isMinCapped = pass.does.capMinPods
    const asked = { replicas, weight, maxWeight, canaryReplicas, minPods, isMinCapped, isDynamic, actual, isAborted }
    return routedCanaryCounts(asked)
  }
  return basicCanaryCounts({
    replicas,
    ...pass.bounds,
    weight,
    maxWeight,
    canary: pass.canary,
    stable: pass.stable === pass.canary ? undefined : pass.stable,
    othersSpec: totalSpec(pass.others),
  })
}

interface Sizing {
  readonly weight: number
  readonly canaryReplicas?: number
}

/** What the size of the canary comes from: a weight, or a number that a step gives. */
function canarySizing(pass: Pass): Sizing {
  const { last, spec } = pass
  // By the status, which doesn't know of a new template yet in a pass that only resizes (argo-rollouts 1.10.1).
  if (last.promoteFull || last.stableHash === '' || isFullyPromoted(last)) return { weight: spec.canary.maxWeight }
  const scale = activeCanaryScale(pass)
  if (scale?.replicas !== undefined) return { weight: 0, canaryReplicas: scale.replicas }
  return { weight: scale?.weight ?? weightOfCanary(pass) }
}

/** The last setCanaryScale so far, unless it has been taken back. */
function activeCanaryScale({ last, spec, rollout }: Pass): CanaryScale | undefined {
  const { routing, settings, abortScaleDownDelayMs } = spec.canary
  // An aborted canary keeps the size only where it is said to keep its pods.
  if (!routing || !currentStep(rollout) || (last.abort && abortScaleDownDelayMs !== undefined)) return undefined
  return settings[Math.max(0, last.stepIndex)]?.scale
}

/**
 * The weight that the canary should get. An abort takes it to 0; with dynamicStableScale it goes back there step by
 * step, as far as stable has pods to take over.
 */
export function weightOfCanary({ last, spec, rollout, canary, stable, does }: Pass): number {
  const { dynamicStableScale, steps, maxWeight } = spec.canary
  if (!last.abort || !dynamicStableScale || !stable || !does.stepDownDynamicAbort) return currentSetWeight(rollout)
  const weights = steps.flatMap((step) => partOf(step, 'setWeight')?.weight ?? [])
  return weightOfWayBack(weights, spec.replicas, maxWeight, { canary: canary.available, stable: stable.available })
}

/** Whether the pods are what the current step asks for. */
export function isAtDesiredCounts(pass: Pass, actual: Weights | undefined): boolean {
  const { routing, dynamicStableScale, progressThreshold } = pass.spec.canary
  return isAsAskedFor({
    wanted: desiredCounts(pass, actual),
    canary: pass.canary,
    stable: pass.stable,
    othersAvailable: totalAvailable(pass.others),
    isRouted: routing !== undefined,
    isDynamic: dynamicStableScale,
    threshold: progressThreshold,
  })
}
