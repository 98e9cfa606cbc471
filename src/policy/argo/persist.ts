// The end of a pass: the next status with its conditions and phase, and the events that tell of it.
import { floorToSecond } from '../../world/cluster/cluster.js'
import { type Condition, type Conditions, findCondition, replaceCondition, says, withCondition } from '../conditions.js'
import { isSaturated, type Pass } from './pass.js'
import { currentStep } from './rollout.js'
import { isSameStatus, phaseOf, type Status } from './status.js'
import { partOf } from './step.js'
import { timerLatenessMs } from './timers.js'

/** Writes the status if it changed; if not, arms the timer that notices a rollout without progress. */
export function persist(pass: Pass, next: Status): boolean {
  const { last } = pass
  if (pass.does.settlePausesFirst) {
    abortWhenOverdue(pass, next)
    pass.writePauses(next, floorToSecond(pass.nowMs))
    next.conditions = nextConditions(pass, next, next.pauses)
  } else {
    next.conditions = nextConditions(pass, next, last.pauses)
    pass.writePauses(next, floorToSecond(pass.nowMs))
  }
  return write(pass, next)
}

/** Of a pass that only resizes. */
export function persistSizes(pass: Pass, next: Status): boolean {
  if (pass.does.settlePausesFirst) return persist(pass, next)
  pass.writePauses(next, floorToSecond(pass.nowMs))
  return write(pass, next)
}

function write(pass: Pass, next: Status): boolean {
  const { rollout, last, view } = pass
  next.observedGeneration = rollout.generation
  next.workloadGeneration = rollout.workload?.generation ?? 0
  const { phase, message } = phaseOf(pass.spec, next)
  next.phase = phase
  next.message = message
  if (isSameStatus(last, next)) {
    wakeWhenStuck(pass, next)
    return false
  }
  rollout.status = next
  view.journal.wrote(rollout)
  tellPauses(pass, next)
  return true
}

/** Sets some conditions alone, with the phase that follows from them; such a write ends a pass. */
function persistConditions(pass: Pass, conditions: Conditions): void {
  const next: Status = { ...pass.last, conditions, observedGeneration: pass.rollout.generation }
  const { phase, message } = phaseOf(pass.spec, next)
  next.phase = phase
  next.message = message
  pass.rollout.status = next
  pass.view.journal.wrote(pass.rollout)
}

export function condition(
  pass: Pass,
  type: Condition['type'],
  status: Condition['status'],
  reason: string,
  message: string,
): Condition {
  return { type, status, reason, message, lastUpdateMs: floorToSecond(pass.nowMs) }
}

/** Pauses and retries show in the conditions before anything else happens: a pass that notices one does only that. */
export function syncPauseConditions(pass: Pass): boolean {
  const { last, spec } = pass
  const progressing = findCondition(last.conditions, 'Progressing')
  const paused = findCondition(last.conditions, 'Paused')
  const isPaused = last.pauses.length > 0 || spec.paused === true
  const saysAborted = progressing?.reason === 'RolloutAborted'
  const updates: Condition[] = []
  if (isPaused !== (progressing?.reason === 'RolloutPaused') && !saysAborted && !isPromoted(last)) {
    updates.push(
      isPaused
        ? condition(pass, 'Progressing', 'Unknown', 'RolloutPaused', 'Rollout is paused')
        : condition(pass, 'Progressing', 'Unknown', 'RolloutResumed', 'Rollout is resumed'),
    )
  }
  if (!last.abort && saysAborted) {
    updates.push(condition(pass, 'Progressing', 'Unknown', 'RolloutRetry', 'Retrying Rollout after abort'))
  }
  if (isPaused !== (paused?.status === 'True') && !saysAborted) {
    updates.push(condition(pass, 'Paused', isPaused ? 'True' : 'False', 'RolloutPaused', 'Rollout is paused'))
  }
  if (updates.length === 0) return false
  persistConditions(pass, updates.reduce(withCondition, last.conditions))
  return true
}

function nextConditions(pass: Pass, next: Status, pauses: Status['pauses']): Conditions {
  const { last, spec } = pass
  let { conditions } = next
  const isHealthy = isAllDone(pass, next)
  const isPaused = pauses.length > 0 || spec.paused === true
  let becameUnhealthy = false
  if (!isPaused && isHealthy) {
    conditions = say(pass, conditions, 'Healthy', 'True', 'RolloutHealthy', 'Rollout is healthy')
  } else if (findCondition(last.conditions, 'Healthy')) {
    const before = conditions
    conditions = say(pass, conditions, 'Healthy', 'False', 'RolloutHealthy', 'Rollout is not healthy')
    becameUnhealthy = conditions !== before
  }
  conditions = pass.isAborted
    ? sayAborted(pass, conditions)
    : sayProgress(pass, next, conditions, isHealthy, becameUnhealthy)
  conditions = isAvailable(pass, next)
    ? say(pass, conditions, 'Available', 'True', 'AvailableReason', 'Rollout has minimum availability')
    : say(pass, conditions, 'Available', 'False', 'AvailableReason', notAvailable)
  return sayCompleted(pass, next, conditions)
}

function isAvailable(pass: Pass, { available, activeSelector }: Status): boolean {
  if (!pass.spec.blueGreen) return available >= pass.spec.replicas
  const active = pass.all.find(({ hash }) => hash === activeSelector)
  return active !== undefined && isSaturated(pass, active)
}

const notAvailable = 'Rollout does not have minimum availability'

/** Most passes find the condition as it should be, and make nothing new. */
function say(
  pass: Pass,
  conditions: Conditions,
  type: Condition['type'],
  status: Condition['status'],
  reason: string,
  message: string,
): Conditions {
  if (says(conditions, type, status, reason)) return conditions
  return replaceCondition(conditions, condition(pass, type, status, reason, message))
}

function sayAborted(pass: Pass, conditions: Conditions): Conditions {
  if (says(conditions, 'Progressing', 'False', 'RolloutAborted')) return conditions
  const message = pass.words(() => {
    const why = pass.abortMessage === '' ? '' : `: ${pass.abortMessage}`
    return `Rollout aborted update to revision ${pass.rollout.revision}${why}`
  })
  pass.view.journal.event?.(`Rollout/${pass.spec.name}`, 'Warning', 'RolloutAborted', message)
  return say(pass, conditions, 'Progressing', 'False', 'RolloutAborted', message)
}

function sayProgress(
  pass: Pass,
  next: Status,
  conditions: Conditions,
  isHealthy: boolean,
  becameUnhealthy: boolean,
): Conditions {
  if (isHealthy) {
    if (says(conditions, 'Progressing', 'True', 'NewReplicaSetAvailable')) return conditions
    return say(
      pass,
      conditions,
      'Progressing',
      'True',
      'NewReplicaSetAvailable',
      ofCanary(pass, 'has successfully progressed.'),
    )
  }
  if (isProgress(pass, next) || becameUnhealthy) {
    const isLost = becameUnhealthy && next.stableHash === next.currentHash
    const message = isLost ? notAvailable : ofCanary(pass, 'is progressing.')
    const reason = isLost ? 'ReplicaSetNotAvailable' : 'ReplicaSetUpdated'
    return replaceCondition(conditions, condition(pass, 'Progressing', 'True', reason, message))
  }
  if (!isUntimed(pass) && isTimedOut(pass, next)) {
    const message = timedOut(pass)
    if (pass.spec.progressDeadlineAbort && !pass.does.settlePausesFirst) abortOverdue(pass)
    return say(pass, conditions, 'Progressing', 'False', 'ProgressDeadlineExceeded', message)
  }
  return conditions
}

function sayCompleted(pass: Pass, next: Status, conditions: Conditions): Conditions {
  const status = isPromoted(next) ? 'True' : 'False'
  if (says(conditions, 'Completed', status, 'RolloutCompleted')) return conditions
  if (status === 'False') {
    pass.view.journal.event?.(
      `Rollout/${pass.spec.name}`,
      'Normal',
      'RolloutNotCompleted',
      `Rollout not completed, started update to revision ${pass.rollout.revision} (${next.currentHash})`,
    )
  }
  return say(pass, conditions, 'Completed', status, 'RolloutCompleted', 'RolloutCompleted')
}

function isPromoted(status: Readonly<Status>): boolean {
  return status.stableHash !== '' && status.stableHash === status.currentHash
}

/** Everything is where the update wanted it, old pods included. */
function isAllDone(pass: Pass, next: Status): boolean {
  const { spec, last, rollout } = pass
  const isSized =
    next.updated === spec.replicas && next.available === spec.replicas && last.observedGeneration === rollout.generation
  if (spec.blueGreen) {
    const hasPreview = spec.blueGreen.previewService !== undefined
    const isSelected = next.activeSelector === next.currentHash
    return isSized && isSelected && (!hasPreview || next.previewSelector === next.currentHash)
  }
  const stepsDone = next.stepIndex < 0 || next.stepIndex === spec.canary.steps.length
  return isSized && stepsDone && isPromoted(next) && next.replicas === spec.replicas
}

function isProgress({ last, spec }: Pass, next: Status): boolean {
  const isBlueGreen = spec.blueGreen !== undefined
  const stepMoved = last.stepIndex >= 0 && next.stepIndex >= 0 && last.stepIndex !== next.stepIndex
  return (
    next.updated !== last.updated ||
    next.replicas - next.updated < last.replicas - last.updated ||
    next.ready > last.ready ||
    next.available > last.available ||
    next.activeSelector !== last.activeSelector ||
    next.previewSelector !== last.previewSelector ||
    (!isBlueGreen && next.stableHash !== last.stableHash) ||
    next.stepsKey !== last.stepsKey ||
    stepMoved
  )
}

/** The progress deadline doesn't run in a step that waits by nature, nor while old pods wait for their own deadline. */
function isUntimed(pass: Pass): boolean {
  return isStepUntimed(pass) || pass.others.some((seen) => seen.hasDeadline)
}

function isTimedOut(pass: Pass, status: Readonly<Status>): boolean {
  const progressing = findCondition(status.conditions, 'Progressing')
  if (!progressing || progressing.reason === 'RolloutAborted' || progressing.reason === 'RolloutPaused') return false
  if (progressing.reason === 'ProgressDeadlineExceeded') return true
  return progressing.lastUpdateMs + pass.spec.progressDeadlineMs < pass.nowMs
}

function abortWhenOverdue(pass: Pass, next: Status): void {
  if (!pass.spec.progressDeadlineAbort || pass.isAborted || isPromoted(next) || isProgress(pass, next)) return
  if (isUntimed(pass) || !isTimedOut(pass, pass.last)) return
  abortOverdue(pass)
}

function timedOut(pass: Pass): string {
  return ofCanary(pass, 'has timed out progressing.')
}

function ofCanary(pass: Pass, what: string): string {
  return pass.words(() => `ReplicaSet "${pass.canary.live.name}" ${what}`)
}

function abortOverdue(pass: Pass): void {
  const message = timedOut(pass)
  pass.addAbort(message)
  pass.view.journal.event?.(`Rollout/${pass.spec.name}`, 'Warning', 'RolloutAborted', message)
}

function wakeWhenStuck(pass: Pass, next: Status): void {
  const { last, spec } = pass
  const progressing = findCondition(last.conditions, 'Progressing')
  if (!progressing || progressing.reason === 'ProgressDeadlineExceeded') return
  const waitsByNature = last.pauses.length > 0 || spec.paused || last.abort || isStepUntimed(pass)
  if (waitsByNature || isAllDone(pass, next)) return
  const dueMs = progressing.lastUpdateMs + spec.progressDeadlineMs
  const restMs = dueMs - pass.nowMs
  // With less than a second left the controller asks for a pass at once, again and again, for as long as it isn't told
  // (argo-rollouts 1.10.1). The one right after the deadline tells; those before and long after find nothing to do.
  if (restMs >= 1000) pass.wakeAt(dueMs + 1000)
  else if (restMs >= 0) pass.wakeAt(dueMs + timerLatenessMs)
}

function isStepUntimed(pass: Pass): boolean {
  const step = currentStep(pass.rollout)
  if (step?.kind === 'pause' || partOf(step, 'analysis') || partOf(step, 'experiment')) return true
  return findCondition(pass.last.conditions, 'Paused')?.status === 'True'
}

function tellPauses(pass: Pass, next: Status): void {
  const wasPaused = pass.last.pauses.length > 0
  const isPaused = next.pauses.length > 0
  if (wasPaused === isPaused) return
  const on = `Rollout/${pass.spec.name}`
  if (isPaused) {
    pass.view.journal.event?.(on, 'Normal', 'RolloutPaused', `Rollout is paused (${next.pauses[0]!.reason})`)
  } else if (Number.isNaN(next.abortedAtMs)) {
    pass.view.journal.event?.(on, 'Normal', 'RolloutResumed', 'Rollout is resumed')
  }
}
