// A pass over a blue-green Rollout, in the controller's order: preview, sizes, pause, cutover, analyses, status.
import { baseStatus, countsOf, promote, statusOfNewUpdate } from './base-status.js'
import { dropOldRevisions, isResize } from './canary.js'
import { judgeAnalyses } from './judge-analyses.js'
import { isSaturated, type Pass } from './pass.js'
import { persist, persistSizes, syncPauseConditions } from './persist.js'
import { restartPods } from './restart.js'
import type { BlueGreenSpec } from './rollout-spec.js'
import { scaleBlueGreen, sizeOfPreview } from './scaling.js'
import { pointService } from './services.js'
import { pauseFor, type Status } from './status.js'
import { lookAgainMs } from './timers.js'

/** Returns whether the pass wrote the Rollout: that wakes the controller again. */
export function blueGreenPass(pass: Pass): boolean {
  const { last, canary } = pass
  if (syncPauseConditions(pass)) return true
  if (isResize(pass)) return resize(pass)
  if (!pass.isHalted) pointService(pass, strategyOf(pass).previewService, canary, false)
  if (last.currentHash !== '' && last.currentHash !== canary.hash) {
    return persist(pass, nextStatus(pass, statusOfNewUpdate(pass)))
  }
  restartPods(pass)
  scaleBlueGreen(pass)
  if (pass.hasFailed) return false
  dropOldRevisions(pass)
  keepPause(pass)
  pointActive(pass)
  judgeAnalyses(pass)
  if (pass.hasFailed) return false
  return persist(pass, nextStatus(pass, baseStatus(pass)))
}

function resize(pass: Pass): boolean {
  scaleBlueGreen(pass)
  dropOldRevisions(pass)
  const { available, hpaReplicas } = countsOf(pass)
  return persistSizes(pass, { ...pass.last, available, hpaReplicas })
}

function strategyOf(pass: Pass): BlueGreenSpec {
  return pass.spec.blueGreen!
}

function hashOf({ view }: Pass, service: string | undefined): string {
  return (service !== undefined && view.cluster.service(service)?.hash) || ''
}

/** Whether nothing needs to be waited for: what was there before is wanted again, or a person said so. */
function isFastTracked(pass: Pass): boolean {
  const active = hashOf(pass, strategyOf(pass).activeService)
  return pass.isFastRollback || pass.last.promoteFull || active === '' || active === pass.canary.hash
}

function isReady(pass: Pass): boolean {
  const size = sizeOfPreview(pass)
  return pass.canary.spec === size && pass.canary.available === size
}

/** Begins the pause before the cutover, or ends it when it is over or not needed any more. */
function keepPause(pass: Pass): void {
  const { last } = pass
  const { autoPromotes, autoPromotionMs } = strategyOf(pass)
  if (last.abort || !isReady(pass) || pass.isHalted) return
  const isNeeded = !autoPromotes || autoPromotionMs > 0
  if (isFastTracked(pass) || last.scaleUpCheckpoint || !isNeeded) return pass.endPause('BlueGreenPause')
  if (!isPreAnalysed(pass)) return
  const pause = pauseFor(last, 'BlueGreenPause')
  if (!pause) {
    if (!last.controllerPause) pass.addPause('BlueGreenPause')
    return
  }
  if (isPauseOver(pass)) return pass.endPause('BlueGreenPause')
  const endMs = pause.startMs + autoPromotionMs
  if (autoPromotionMs > 0 && endMs > pass.nowMs) pass.wakeAt(lookAgainMs(endMs, pass.nowMs))
}

/** A person ends the pause of a Rollout that doesn't promote by itself; the others wait for the time, whoever says go. */
function isPauseOver(pass: Pass): boolean {
  const { last } = pass
  const { autoPromotes, autoPromotionMs } = strategyOf(pass)
  if (pass.hasAddedPause) return false
  if (last.scaleUpCheckpoint) return true
  const pause = pauseFor(last, 'BlueGreenPause')
  if (!autoPromotes) return last.controllerPause === true && !pause
  return autoPromotionMs === 0 || (pause !== undefined && pause.startMs + autoPromotionMs < pass.nowMs)
}

function isPreAnalysed(pass: Pass): boolean {
  return !strategyOf(pass).prePromotion || pass.runs.named(pass.preRun)?.phase === 'Successful'
}

/** The cutover; and back, when the update was aborted. Both wait for all pods of the new version (upstream behaviour). */
function pointActive(pass: Pass): void {
  if (pass.isHalted || !isReady(pass) || !isSaturated(pass, pass.canary)) return
  const isDue = isFastTracked(pass) || (isPauseOver(pass) && isPreAnalysed(pass))
  const target = pass.last.abort ? pass.stable : isDue ? pass.canary : undefined
  pointService(pass, strategyOf(pass).activeService, target, false)
}

function withSelectors(pass: Pass, next: Status): Status {
  const { activeService, previewService } = strategyOf(pass)
  next.activeSelector = hashOf(pass, activeService)
  next.previewSelector = hashOf(pass, previewService)
  Object.assign(next, countsOf(pass, next.activeSelector))
  return next
}

/** Also of a pass that begins another update: one to what is active already can be over in it (argo-rollouts 1.10.1). */
function nextStatus(pass: Pass, start: Status): Status {
  const next = withSelectors(pass, start)
  if (pass.last.promoteFull || pass.isWithinRollbackWindow) {
    pass.clearPauses()
    pass.removeAbort()
  }
  const reason = reasonToPromote(pass, next)
  if (reason !== undefined) promote(pass, next, reason)
  else next.scaleUpCheckpoint = isPastCheckpoint(pass)
  return next
}

function reasonToPromote(pass: Pass, { activeSelector }: Status): string | undefined {
  if (!pass.stable || activeSelector === '') return 'Initial deploy'
  if (activeSelector !== pass.canary.hash) return undefined
  if (pass.last.promoteFull) return 'Full promotion requested'
  if (pass.isWithinRollbackWindow) return 'Rollback within window'
  if (pass.isFastRollback && pass.does.knowFastRollbacks) return 'Fast rollback'
  if (pass.isAborted) return undefined
  const { postPromotion } = strategyOf(pass)
  if (postPromotion && pass.isFastRollback) return `Rollback to '${pass.canary.live.name}' within scaleDownDelay`
  const isAnalysed = !postPromotion || pass.runs.named(pass.postRun)?.phase === 'Successful'
  return isAnalysed ? 'Completed blue-green update' : undefined
}

/**
 * Whether a small preview has been judged, so that it may grow to its full size: once true, true until a promotion. An
 * update that begins meanwhile has nothing small to be judged (argo-rollouts 1.10.1).
 */
function isPastCheckpoint(pass: Pass): boolean {
  const { previewReplicaCount } = strategyOf(pass)
  if (previewReplicaCount === undefined) return false
  if (pass.last.scaleUpCheckpoint) return true
  return isPreAnalysed(pass) && isPauseOver(pass) && pass.canary.available === previewReplicaCount
}
