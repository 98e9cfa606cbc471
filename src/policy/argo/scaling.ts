// The part of a pass that sizes ReplicaSets: stable, then canary, then what is left of other versions.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { desiredCounts } from './desired-counts.js'
import { isTimeOfPostAnalysis } from './judge-analyses.js'
import { type Pass, type Seen, totalAvailable } from './pass.js'
import { isFullyPromoted } from './rollout.js'
import { pauseFor } from './status.js'
import { lookAgainMs, resyncMs } from './timers.js'

/** Sizes what needs it; the first kind of ReplicaSet that changes ends the scaling of this pass. */
export function scaleReplicaSets(pass: Pass): boolean {
  if (pass.isHalted) return false
  removeDeadlines(pass)
  return scaleStable(pass) || scaleCanary(pass) || scaleOthers(pass)
}

/** Stable is always at full size, and what changes one ReplicaSet doesn't keep the pass from the next. */
export function scaleBlueGreen(pass: Pass): void {
  removeDeadlines(pass)
  if (pass.stable) scale(pass, pass.stable, pass.spec.replicas)
  scaleNew(pass, sizeOfPreview(pass))
  scaleFormer(pass)
}

/** A preview may be small until it has been judged. */
export function sizeOfPreview({ spec, last, all, canary }: Pass): number {
  const { previewReplicaCount } = spec.blueGreen!
  const active = all.find(({ hash }) => hash === last.activeSelector)
  if (previewReplicaCount === undefined || !active || active === canary || last.promoteFull) return spec.replicas
  const isPaused = spec.paused === true || last.pauses.length > 0
  return last.currentHash === canary.hash && !isPaused && last.scaleUpCheckpoint ? spec.replicas : previewReplicaCount
}

/** Former versions of a blue-green Rollout keep all their pods until their deadline. */
function scaleFormer(pass: Pass): void {
  const { last, spec, runs } = pass
  const { postPromotion, isScaleDownDelayWritten } = spec.blueGreen!
  if (pauseFor(last, 'InconclusiveAnalysisRun')) return
  const post = runs.named(last.postRun)
  if (postPromotion && !isScaleDownDelayWritten && isTimeOfPostAnalysis(pass, post) && post?.phase !== 'Successful')
    return
  let held = 0
  for (const seen of pass.others.toSorted((a, b) => b.live.revision - a.live.revision)) {
    if (seen.spec === 0 || isReferenced(pass, seen)) continue
    scale(pass, seen, delayedSize(pass, seen, held, { now: seen.spec, later: spec.replicas }))
    held++
  }
}

function scaleStable(pass: Pass): boolean {
  if (!pass.stable || pass.stable === pass.canary) return false
  // By the weights before this pass: stable gives up its pods a pass after its traffic.
  return scale(pass, pass.stable, desiredCounts(pass, pass.last.weights).stable)
}

function scaleCanary(pass: Pass): boolean {
  return scaleNew(pass, desiredCounts(pass, pass.weights).canary)
}

/** An aborted version keeps its pods for a while, whatever its size should be. */
function scaleNew(pass: Pass, wanted: number): boolean {
  let size = wanted
  const delayMs = delayOfAbortedCanary(pass)
  if (delayMs !== undefined) {
    const { canary } = pass
    if (!canary.hasDeadline) {
      if (pass.does.resizeWaitingCanary) syncDesired(pass, canary)
      // Only once stable could serve everybody does the time of the aborted canary run.
      if (pass.stable!.available >= pass.spec.replicas) setDeadline(pass, canary, delayMs)
      return false
    }
    if (canary.scaleDownDeadlineMs > pass.nowMs) {
      const restMs = canary.scaleDownDeadlineMs - pass.nowMs
      pass.wakeAt(lookAgainMs(canary.scaleDownDeadlineMs, pass.nowMs))
      if (restMs < resyncMs) {
        if (pass.does.resizeWaitingCanary) syncDesired(pass, canary)
        return false
      }
    } else {
      size = 0
    }
  }
  const isScaled = scale(pass, pass.canary, size)
  if (pass.canary.live.revision === 1 && pass.spec.workloadRef?.scaleDown === 'progressively') {
    takeOver(pass, size)
  }
  return isScaled
}

/**
 * The Deployment makes up for the pods that the first version of the Rollout lacks, and so grows where it was smaller
 * (argo-rollouts 1.10.1, observed). Later versions leave it alone.
 */
function takeOver({ spec, last, canary, rollout }: Pass, size: number): void {
  const { workload } = rollout
  if (last.phase === 'Healthy') workload?.scale?.(0)
  else if (last.ready > 0 || canary.spec > size) workload?.scale?.(Math.max(0, spec.replicas - last.ready))
}

/** How long an aborted canary keeps its pods; undefined when it doesn't apply. */
function delayOfAbortedCanary(pass: Pass): number | undefined {
  const { blueGreen, canary } = pass.spec
  if (!pass.isAborted || !pass.stable) return undefined
  if (blueGreen) return blueGreen.abortScaleDownDelayMs
  if (!canary.routing) return undefined
  const { abortScaleDownDelayMs, dynamicStableScale, isAbortDelayWritten } = pass.spec.canary
  return dynamicStableScale && !isAbortDelayWritten ? undefined : abortScaleDownDelayMs
}

function scaleOthers(pass: Pass): boolean {
  const others = pass.others.filter(({ spec }) => spec > 0)
  if (others.length === 0) return false
  const cleaned = dropUnavailable(pass, others)
  if (cleaned === undefined) return false
  const floor = pass.spec.replicas - pass.bounds.unavailable
  let spare = totalAvailable(pass.all) - floor
  // Cleaning alone isn't reported as scaling when nothing more may go, and the pass goes on (upstream behaviour).
  if (spare <= 0) return false

  let removed = cleaned
  let held = 0
  const newestFirst = others.toSorted((a, b) => b.live.revision - a.live.revision)
  for (const seen of newestFirst) {
    if (pass.spec.canary.routing && isReferenced(pass, seen)) continue
    if (spare <= 0) break
    // After the cleaning; the rest of the pass goes on with the sizes before it (argo-rollouts 1.10.1).
    const before = seen.available
    if (before === 0) continue
    const isKept = pass.spec.canary.routing && isDelayed(pass, seen)
    const size = isKept
      ? delayedSize(pass, seen, held, { now: before, later: before })
      : sizeAtOnce(pass, before, spare)
    if (isKept) held++
    if (size === before) continue
    scale(pass, seen, size)
    spare -= before - size
    removed += before - size
  }
  return removed > 0
}

/**
 * Pods that aren't available are no loss, and would hold the update up. Undefined when one has more pods than it should:
 * what was meant to be cleaned after it stays, and nothing else is sized in this pass (argo-rollouts 1.10.1).
 */
function dropUnavailable(pass: Pass, others: readonly Seen[]): number | undefined {
  let removed = 0
  for (const seen of others.toSorted((a, b) => a.live.createdAtMs - b.live.createdAtMs)) {
    if (seen.spec === seen.available) continue
    if (seen.spec < seen.available) return undefined
    removed += seen.spec - seen.available
    scale(pass, seen, seen.available)
  }
  return removed
}

/** Whether it was stable before, or waits for its end already: such a one may keep its pods until its deadline. */
function isDelayed({ spec, last }: Pass, seen: Seen): boolean {
  return !spec.canary.dynamicStableScale && (isFullyPromoted(last) || seen.hasDeadline)
}

/** Without a router pods are traffic, and go as availability allows; behind one nobody is sent to them any more. */
function sizeAtOnce({ spec }: Pass, before: number, spare: number): number {
  return spec.canary.routing ? 0 : Math.max(0, before - spare)
}

/** Gives a version that isn't needed any more a deadline, and says how many pods it keeps: now, and later until then. */
function delayedSize(pass: Pass, seen: Seen, held: number, kept: { now: number; later: number }): number {
  const { scaleDownDelayMs, scaleDownDelayRevisionLimit } = pass.spec.blueGreen ?? pass.spec.canary
  if (held >= scaleDownDelayRevisionLimit) return 0
  if (!seen.hasDeadline) {
    // A delay of zero never becomes a deadline, and so the pods stay for good (upstream behaviour).
    if (scaleDownDelayMs > 0) setDeadline(pass, seen, scaleDownDelayMs)
    return kept.now
  }
  if (seen.scaleDownDeadlineMs <= pass.nowMs) return 0
  pass.wakeAt(lookAgainMs(seen.scaleDownDeadlineMs, pass.nowMs))
  return kept.later
}

/** Whether traffic may still reach the version, by the status or by the Services and routes themselves. */
function isReferenced(pass: Pass, { hash }: Seen): boolean {
  const { last, spec, view } = pass
  const { stableHash, currentHash, activeSelector, previewSelector, weights } = last
  const known = [stableHash, currentHash, activeSelector, previewSelector, weights?.canaryHash, weights?.stableHash]
  if (known.includes(hash)) return true
  const { blueGreen, canary } = spec
  const names = blueGreen
    ? [blueGreen.activeService, blueGreen.previewService]
    : [canary.canaryService, canary.stableService]
  const rule = canary.routing?.istio?.destinationRule
  const subsets = rule ? view.cluster.route('DestinationRule', rule.name).destinations : []
  if (subsets.some((subset) => subset.hash === hash)) return true
  return view.cluster.services.some((service) => service.hash === hash && names.includes(service.name))
}

function removeDeadlines(pass: Pass): void {
  if (delayOfAbortedCanary(pass) === undefined) removeDeadline(pass, pass.canary)
  if (pass.stable) removeDeadline(pass, pass.stable)
}

function removeDeadline(pass: Pass, seen: Seen): void {
  if (!seen.hasDeadline) return
  seen.scaleDownDeadlineMs = Number.NaN
  seen.live.scaleDownDeadlineMs = Number.NaN
  pass.view.cluster.annotated(seen.live)
}

function setDeadline(pass: Pass, seen: Seen, delayMs: number): void {
  seen.live.scaleDownDeadlineMs = floorToSecond(pass.nowMs + delayMs)
  pass.view.cluster.annotated(seen.live)
  pass.wakeAt(pass.nowMs + delayMs)
}

function syncDesired(pass: Pass, seen: Seen): void {
  if (seen.live.desired === pass.spec.replicas) return
  seen.live.desired = pass.spec.replicas
  pass.view.cluster.annotated(seen.live)
}

function scale(pass: Pass, seen: Seen, size: number): boolean {
  const { live } = seen
  const { cluster, journal } = pass.view
  if (live.spec === size) {
    syncDesired(pass, seen)
    return false
  }
  // The API server refuses such a size, and the pass ends there (argo-rollouts 1.10.1, observed).
  if (size < 0) {
    pass.hasFailed = true
    return true
  }
  const before = live.spec
  live.desired = pass.spec.replicas
  if (size === 0 && delayOfAbortedCanary(pass) === undefined) live.scaleDownDeadlineMs = Number.NaN
  cluster.scale(live, size)
  journal.event?.(
    `Rollout/${pass.spec.name}`,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${before < size ? 'up' : 'down'} ReplicaSet ${live.name} (revision ${live.revision}) from ${before} to ${size}`,
  )
  return true
}
