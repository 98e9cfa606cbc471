// A pass over a canary Rollout, in the controller's order: services, traffic, analysis, sizes, pause, status.
import { baseStatus, countsOf, promote, statusOfNewUpdate } from './base-status.js'
import { isAtDesiredCounts } from './desired-counts.js'
import { judgeAnalyses } from './judge-analyses.js'
import type { Pass } from './pass.js'
import { persist, persistSizes, syncPauseConditions } from './persist.js'
import { isFilled } from './replica-counts.js'
import { restartPods } from './restart.js'
import { currentStep, isFullyPromoted } from './rollout.js'
import { runExperiments } from './run-experiments.js'
import { scaleReplicaSets } from './scaling.js'
import { pointServices } from './services.js'
import { pauseFor, type Status } from './status.js'
import { describeStep } from './step.js'
import { callPlugins, isPluginCompleted } from './step-plugins.js'
import { lookAgainMs } from './timers.js'
import { setTraffic } from './traffic.js'

/** Returns whether the pass wrote the Rollout: that wakes the controller again. */
export function canaryPass(pass: Pass): boolean {
  if (syncPauseConditions(pass)) return true
  if (isResize(pass)) return resize(pass)
  if (isAnotherUpdate(pass)) return persist(pass, statusOfUpdate(pass))

  // What the pass saw isn't true any more once pods have been evicted: the next one goes on.
  if (restartPods(pass) > 0) return false
  dropOldRevisions(pass)
  pointServices(pass)
  setTraffic(pass)
  return pass.sleepMs > 0 ? false : finishCanaryPass(pass)
}

/** What follows the weights; later than they where the controller has waited for them to spread. */
export function finishCanaryPass(pass: Pass): boolean {
  if (!pass.hasFailed) runExperiments(pass)
  if (!pass.hasFailed) judgeAnalyses(pass)
  if (pass.hasFailed) return false
  if (!pass.hasAddedPause && !scaleReplicaSets(pass) && !keepPause(pass)) callPlugins(pass)
  const next = nextStatus(pass)
  return !pass.hasFailed && persist(pass, next)
}

/** Only canary and stable tell of a resize: the sizes of the ones in between aren't kept up to date. */
export function isResize(pass: Pass): boolean {
  const { replicas } = pass.spec
  const isStale = (seen: Pass['stable']) => seen !== undefined && seen.spec > 0 && seen.live.desired !== replicas
  return isStale(pass.canary) || isStale(pass.stable)
}

/** A pass that meets a resize does nothing else: no traffic, no analysis, no step. */
function resize(pass: Pass): boolean {
  scaleReplicaSets(pass)
  const { available, hpaReplicas } = countsOf(pass)
  return persistSizes(pass, { ...pass.last, available, hpaReplicas })
}

function isAnotherUpdate({ last, spec, canary }: Pass): boolean {
  return last.currentHash !== canary.hash || last.stepsKey !== spec.canary.stepsKey
}

function statusOfUpdate(pass: Pass): Status {
  const { spec, view } = pass
  const next = statusOfNewUpdate(pass)
  const target = targetOfRollback(pass)
  if (spec.canary.steps.length > 0 && target !== undefined) {
    next.stepIndex = spec.canary.steps.length
    view.journal.event?.(`Rollout/${spec.name}`, 'Normal', 'SkipSteps', `Rollback to ${target}`)
  }
  return next
}

function targetOfRollback(pass: Pass): string | undefined {
  if (pass.last.stableHash === pass.canary.hash) return 'stable ReplicaSets'
  const isActive = pass.canary.spec > 0
  return isActive && pass.isWithinRollbackWindow ? 'active ReplicaSets within RollbackWindow' : undefined
}

function nextStatus(pass: Pass): Status {
  const { last, spec } = pass
  const { steps } = spec.canary
  const next = baseStatus(pass)
  const end = steps.length > 0 ? steps.length : -1
  next.stepIndex = steps.length > 0 ? Math.max(0, last.stepIndex) : -1
  if (last.promoteFull || pass.isWithinRollbackWindow) {
    pass.clearPauses()
    pass.removeAbort()
    next.stepIndex = end
  }
  const reason = reasonToPromote(pass)
  if (reason !== undefined) {
    promote(pass, next, reason)
  } else if (pass.isAborted) {
    next.stepIndex = steps.length === 0 ? -1 : isFullyPromoted(next) ? end : 0
  } else if (isStepCompleted(pass)) {
    completeStep(pass, next)
  }
  return next
}

function reasonToPromote(pass: Pass): string | undefined {
  const { last, spec, canary, stable, does } = pass
  if (!stable) return 'Initial deploy'
  const { replicas } = spec
  const isEnough = does.promoteAboveSize ? canary.available >= replicas : canary.available === replicas
  const isThere = isEnough || isFilled(canary, replicas, spec.canary.progressThreshold)
  if (pass.isAborted || !isThere) return undefined
  if (last.promoteFull) return 'Full promotion requested'
  if (pass.isWithinRollbackWindow) return 'Rollback within window'
  if (does.knowFastRollbacks && last.stableHash === canary.hash) return 'Fast rollback'
  const { length } = spec.canary.steps
  return length === 0 || last.stepIndex === length ? `Completed all ${length} canary steps` : undefined
}

function completeStep(pass: Pass, next: Status): void {
  const { spec, rollout, view, does } = pass
  const step = currentStep(rollout)!
  next.stepIndex++
  next.stepRun = undefined
  pass.endPause('CanaryPauseStep')
  // A full promotion has gone to the end already, and counts one step more than there are (argo-rollouts 1.10.1).
  const count = Math.max(next.stepIndex, spec.canary.steps.length)
  view.journal.event?.(
    `Rollout/${spec.name}`,
    'Normal',
    'RolloutStepCompleted',
    `Rollout step ${next.stepIndex}/${count} completed (${describeStep(step, does)})`,
  )
}

function isStepCompleted(pass: Pass): boolean {
  const { last, spec, rollout } = pass
  const step = currentStep(rollout)
  if (spec.paused || !step) return false
  switch (step.kind) {
    case 'setWeight':
    case 'setCanaryScale':
      return isAtDesiredCounts(pass, pass.weights)
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return true
    case 'analysis':
      return pass.runs.named(pass.stepRun)?.phase === 'Successful'
    case 'experiment':
      return pass.experiments.named(last.experiment)?.phase === 'Successful'
    case 'plugin':
      return isPluginCompleted(pass, Math.max(0, last.stepIndex))
    case 'pause': {
      const pause = pauseFor(last, 'CanaryPauseStep')
      // A pause that the controller began and that is gone now was ended by a person.
      if (!pause) return last.controllerPause === true
      return step.durationMs !== undefined && pause.startMs + step.durationMs < pass.nowMs
    }
  }
}

/** Begins the pause of a pause step, or waits for its end; false at any other step. */
function keepPause(pass: Pass): boolean {
  const { last, spec, rollout } = pass
  const step = currentStep(rollout)
  if (spec.paused || last.promoteFull || step?.kind !== 'pause') return false
  const pause = pauseFor(last, 'CanaryPauseStep')
  if (!pause) {
    if (!last.controllerPause) pass.addPause('CanaryPauseStep')
    return true
  }
  if (step.durationMs === undefined) return true
  const endMs = pause.startMs + step.durationMs
  if (endMs > pass.nowMs) pass.wakeAt(lookAgainMs(endMs, pass.nowMs))
  return true
}

/**
 * Keeps as many former versions as the history limit says, the oldest without pods go first. With them go the analyses
 * that judged them, but for those that the status still names.
 */
export function dropOldRevisions(pass: Pass): void {
  const surplus = pass.others.length - pass.spec.revisionHistoryLimit
  if (surplus <= 0) return
  const { stepRun, backgroundRun, preRun, postRun } = pass.last
  const named = [stepRun, backgroundRun, preRun, postRun].map((status) => status?.name)
  const oldestFirst = pass.others.toSorted((a, b) => a.live.createdAtMs - b.live.createdAtMs)
  for (const { live, spec, replicas } of oldestFirst.slice(0, surplus)) {
    if (spec !== 0 || replicas !== 0) continue
    pass.view.cluster.deleteReplicaSet(live)
    for (const run of pass.runs.all.filter(({ hash }) => hash === live.hash)) {
      if (!named.includes(run.name)) pass.runs.delete(run)
    }
  }
}
