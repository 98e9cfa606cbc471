// The part of a pass that sets the weight of the canary at the routers.

import type { Pass } from './pass.js'
import { currentSetWeight, isFullyPromoted, maxWeight, nearestWeight } from './rollout.js'
import { routers } from './routers.js'
import { isAtDesiredCounts } from './scaling.js'
import { pointService } from './services.js'
import { isSameWeights, type Weights } from './status.js'

export function setTraffic(pass: Pass): void {
  const { spec, stable, canary, last, view } = pass
  const { routing } = spec.canary
  if (!routing) {
    pass.weights = undefined
    return
  }
  const weight = desiredWeight(pass)
  // Stable must be able to carry the rest; otherwise nothing changes in this pass, and the step doesn't notice.
  if (!stable || stable.available < Math.floor(((maxWeight - weight) * spec.replicas) / maxWeight)) return

  const next: Weights = {
    canary: weight,
    stable: maxWeight - weight,
    canaryHash: canary.hash,
    stableHash: stable.hash,
  }
  const isNew = !isSameWeights(last.weights, next)
  for (const { name, write } of routers) {
    if (!routing[name]) continue
    write(pass, next)
    if (!isNew) continue
    // Each router tells, also of what another one has told already.
    view.journal.event(`Rollout/${spec.name}`, 'Normal', 'TrafficWeightUpdated', describeChange(last.weights, next))
  }
  if (isNew) pass.weights = next
}

/** The first case that applies decides. */
function desiredWeight(pass: Pass): number {
  const { last, spec, rollout, canary } = pass
  const { steps } = spec.canary
  if (isFullyPromoted(last)) return 0
  if (pass.isAborted) {
    pointService(pass, spec.canary.canaryService, pass.stable, false)
    return 0
  }
  if (canary.available === 0) return 0
  if (last.promoteFull) return last.weights?.canary ?? 0
  if (last.stepIndex < 0) return 0
  // Until the pods of a step are there, the weight of the steps before it holds.
  if (!isAtDesiredCounts(pass)) return nearestWeight(steps, last.stepIndex - 1)
  return last.stepIndex === steps.length ? maxWeight : currentSetWeight(rollout)
}

function describeChange(before: Weights | undefined, after: Weights): string {
  if (!before) return `Traffic weight updated to ${after.canary}`
  const change = before.canary === after.canary ? '' : `from ${before.canary} to ${after.canary}`
  return `Traffic weight updated ${change}`
}
