// The part of a pass that sets the weight of the canary at the routers.

import { isAtDesiredCounts, weightOfCanary } from './desired-counts.js'
import { istio } from './istio.js'
import type { Pass, Seen } from './pass.js'
import { isFilled } from './replica-counts.js'
import { currentSetWeight, currentStep, isFullyPromoted, nearestWeight } from './rollout.js'
import type { Router } from './router.js'
import { routersOf } from './routers.js'
import { isReturning, pointService } from './services.js'
import { isSameAdditional, isSameWeights, type Weights } from './status.js'
import { partOf, type Step, setsRoute } from './step.js'
import { checkWeights } from './weights-law.js'

/**
 * An aborted canary with pods gets its Service at the beginning of each pass and loses it to stable in the middle of it,
 * and each of these writes asks for the next pass: up to 150 a second (argo-rollouts 1.10.1). One every 900 ms tells the same;
 * where nobody looks, it changes nothing: nobody is sent through that Service any more.
 */
const flapMs = 900

export function setTraffic(pass: Pass): void {
  const { spec, stable } = pass
  const { routing, maxWeight } = spec.canary
  if (!routing) {
    pass.weights = undefined
    return
  }
  const reached = routersOf(routing)
  if (endsManagedRoutes(pass)) for (const router of reached) router.removeRoutes?.(pass)
  const { hash, weight } = desiredTraffic(pass)
  // Stable must be able to carry the rest; otherwise nothing changes in this pass, and the step doesn't notice.
  if (!stable || !canCarry(pass, stable, maxWeight - weight)) return

  const step = currentStep(pass.rollout)
  // A first version has no steps to go, and the controller looks at the first one all the same.
  const isUpdate = pass.rollout.revision > 1
  if (isUpdate && step && setsRoute(step)) setRoutes(pass, step, reached)

  const additional = weightsOfExperiment(pass)
  let taken = weight
  for (const destination of additional) taken += destination.weight
  const next: Weights = {
    canary: weight,
    stable: maxWeight - taken,
    canaryHash: hash,
    stableHash: stable.hash,
    verified: reached.at(-1)?.verifies?.(pass) ? true : undefined,
    additional,
  }
  checkWeights(next, maxWeight)
  const subsetsWait = routing.istio !== undefined && doSubsetsWait(pass, next)
  if (subsetsWait && pass.does.failWhileSubsetsWait) {
    // From a canary without pods the requests are taken all the same; the status doesn't tell.
    const { weights } = pass.last
    if (pass.canary.available === 0 && weights !== undefined && weights.canary > 0) istio.write(pass, next, subsetsWait)
    pass.hasFailed = true
    return
  }
  for (const router of reached) router.write(pass, next, subsetsWait)
  if (reached.length === 0 || isSameWeights(pass.last.weights, next)) return
  if (pass.sleepMs === 0) keepWeights(pass, next, reached.length)
  else pass.sleep(0, () => keepWeights(pass, next, reached.length))
}

function setRoutes(pass: Pass, step: Step, reached: readonly Router[]): void {
  const parts = [partOf(step, 'setHeaderRoute'), partOf(step, 'setMirrorRoute')]
  for (const router of reached) for (const part of parts) if (part) router.setRoute?.(pass, part)
}

/** Each router tells, also of what another one has told already. */
function keepWeights(pass: Pass, next: Weights, times: number): void {
  const { last, spec, view } = pass
  for (let i = 0; i < times; i++) {
    const on = `Rollout/${spec.name}`
    view.journal.event?.(on, 'Normal', 'TrafficWeightUpdated', describeChange(last.weights, next))
  }
  pass.weights = next
}

/** What the steps have added is gone as soon as the canary isn't there to serve it, and doesn't come back with it. */
function endsManagedRoutes(pass: Pass): boolean {
  const { last, canary } = pass
  if (isReturning(pass)) return false
  return isFullyPromoted(last) || pass.isAborted || canary.available === 0 || last.promoteFull
}

/**
 * Where neither canaryService nor stableService is named, subsets aren't pointed elsewhere for as long as one of the two
 * versions has pods that aren't available yet.
 */
function doSubsetsWait(pass: Pass, { canaryHash, stableHash }: Weights): boolean {
  const { canaryService, stableService } = pass.spec.canary
  if (canaryService !== undefined || stableService !== undefined) return false
  const isCalledOff = pass.does.failWhileSubsetsWait && (pass.last.abort === true || isReturning(pass))
  return pass.all.some(({ hash, spec, available }) => {
    if (spec === 0 || (hash !== stableHash && hash !== canaryHash)) return false
    return available < spec && !(isCalledOff && hash === canaryHash)
  })
}

function canCarry({ spec, does }: Pass, stable: Seen, weight: number): boolean {
  const pods = Math.floor((weight * spec.replicas) / (does.carryByMaxWeight ? spec.canary.maxWeight : 100))
  return stable.available >= pods || isFilled(stable, pods, spec.canary.progressThreshold)
}

/** The canary's weight, and which version that is: the first case that applies decides. */
function desiredTraffic(pass: Pass): { readonly hash: string; readonly weight: number } {
  const { last, canary } = pass
  // Back to a stable version that has given up pods: the version that is left keeps its part until they are there.
  if (isReturning(pass)) return { hash: last.weights!.canaryHash, weight: weightOnTheWayBack(pass) }
  return { hash: canary.hash, weight: desiredWeight(pass) }
}

function desiredWeight(pass: Pass): number {
  const { last, spec, rollout, canary } = pass
  const { steps, dynamicStableScale, canaryService, maxWeight } = spec.canary
  if (isFullyPromoted(last)) return 0
  if (pass.isAborted) {
    const weight = dynamicStableScale ? weightOnTheWayBack(pass) : 0
    const isGivenBack = weight === 0 && pointService(pass, canaryService, pass.stable, false)
    if (isGivenBack && pass.view.journal.event) pass.wakeAt(pass.nowMs + flapMs)
    return weight
  }
  if (canary.available === 0) return 0
  if (last.promoteFull) {
    return dynamicStableScale ? Math.floor((maxWeight * canary.available) / spec.replicas) : (last.weights?.canary ?? 0)
  }
  if (last.stepIndex < 0) return 0
  // Until the pods of a step are there, the weight of the steps before it holds.
  if (!isAtDesiredCounts(pass, undefined)) return nearestWeight(spec.canary, last.stepIndex - 1)
  return last.stepIndex === steps.length ? maxWeight : currentSetWeight(rollout)
}

/** What templates of an experiment get while all of them run, with or without pods of the canary beside them. */
function weightsOfExperiment(pass: Pass): Weights['additional'] {
  const { last, rollout, canary, experiments } = pass
  const request = partOf(currentStep(rollout), 'experiment')?.experiment
  if (!request || isFullyPromoted(last) || pass.isAborted) return noWeights
  if (last.promoteFull && canary.available > 0) return noWeights
  const experiment = experiments.named(last.experiment)
  if (experiment?.phase !== 'Running') return noWeights
  return experiment.status.templates.flatMap(({ name, serviceName: service, hash }) => {
    const weight = request.templates.find((template) => template.name === name)?.weight
    return weight === undefined ? [] : [{ weight, service, hash }]
  })
}

const noWeights: Weights['additional'] = []

/** How much the canary must still carry, while stable makes the pods that it had given up. */
function weightOnTheWayBack(pass: Pass): number {
  const { last, spec, stable } = pass
  const { maxWeight } = spec.canary
  if (!stable || spec.replicas === 0) return 0
  const wanted = pass.does.stepDownDynamicAbort ? weightOfCanary(pass) : 0
  const carried = Math.floor((maxWeight * stable.available) / spec.replicas)
  const left = Math.max(0, maxWeight - carried)
  if (!last.weights) return Math.max(left, wanted)
  const current = last.weights.canary
  // Never up again: pods of stable that come and go don't send anybody back.
  if (wanted <= 0) return Math.min(left, current)
  return carried < maxWeight - wanted ? current : Math.min(wanted, current)
}

function describeChange(before: Weights | undefined, after: Weights): string {
  if (!before) return `Traffic weight updated to ${after.canary}`
  const changes: string[] = []
  if (before.canary !== after.canary) changes.push(`from ${before.canary} to ${after.canary}`)
  if (!isSameAdditional(before.additional, after.additional)) {
    const list = after.additional.map(({ weight, service, hash }) => `{${weight} ${service} ${hash}}`).join(' ')
    changes.push(`additional: [${list}]`)
  }
  return `Traffic weight updated ${changes.join(', ')}`
}
