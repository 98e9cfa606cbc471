// What the next status of a pass starts from, and what becomes of it when the new version is promoted.
import { withoutCondition } from '../conditions.js'
import { type Pass, type Seen, totalAvailable } from './pass.js'
import { noPauses, noPlugins, type Status } from './status.js'

type Counted = Pick<Status, 'replicas' | 'updated' | 'ready' | 'available' | 'hpaReplicas'>

/** With blue-green, what is ready and available is that of the active version alone. */
export function countsOf(pass: Pass, activeSelector = pass.last.activeSelector): Counted {
  let replicas = 0
  let ready = 0
  let active: Seen | undefined
  for (const seen of pass.all) {
    replicas += seen.replicas
    ready += seen.ready
    if (seen.hash === activeSelector) active = seen
  }
  const updated = pass.canary.replicas
  if (active) {
    const { ready: readyPods, available, replicas: hpaReplicas } = active
    return { replicas, updated, ready: readyPods, available, hpaReplicas }
  }
  return { replicas, updated, ready, available: totalAvailable(pass.all), hpaReplicas: replicas }
}

/**
 * Pauses and abort are left out: they are written at the end. Written out, though most fields start as in a status that
 * nobody has touched: every pass makes one, and a spread costs a tenth of a flight's time.
 */
export function baseStatus(pass: Pass): Status {
  const { last, spec } = pass
  const { replicas, updated, ready, available, hpaReplicas } = countsOf(pass)
  return {
    phase: '',
    message: '',
    abort: undefined,
    abortedAtMs: Number.NaN,
    pauses: noPauses,
    controllerPause: undefined,
    promoteFull: last.promoteFull,
    restartedAtMs: pass.restartedAtMs,
    stepIndex: -1,
    stepsKey: spec.canary.stepsKey,
    currentHash: pass.canary.hash,
    stableHash: last.stableHash,
    stableIs: last.stableIs,
    replicas,
    updated,
    ready,
    available,
    hpaReplicas,
    observedGeneration: 0,
    workloadGeneration: 0,
    // A pass that gets this far has found the Rollout valid.
    conditions: withoutCondition(last.conditions, 'InvalidSpec'),
    weights: pass.weights,
    stepRun: pass.stepRun,
    backgroundRun: pass.backgroundRun,
    experiment: pass.experiment,
    plugins: pass.plugins,
    activeSelector: '',
    previewSelector: '',
    scaleUpCheckpoint: false,
    preRun: pass.preRun,
    postRun: pass.postRun,
  }
}

/** Another template, or other steps: whatever was decided about the update before is void. */
export function statusOfNewUpdate(pass: Pass): Status {
  const { steps } = pass.spec.canary
  const next = baseStatus(pass)
  pass.clearPauses()
  pass.removeAbort()
  next.promoteFull = false
  next.stepRun = undefined
  next.backgroundRun = undefined
  next.plugins = noPlugins
  next.preRun = undefined
  next.postRun = undefined
  next.stepIndex = steps.length > 0 ? 0 : -1
  return next
}

export function promote(pass: Pass, next: Status, reason: string): void {
  const { spec, rollout, last } = pass
  const { steps } = spec.canary
  pass.clearPauses()
  pass.removeAbort()
  next.promoteFull = false
  next.stepIndex = steps.length > 0 ? steps.length : -1
  if (next.stableHash !== next.currentHash) completeUpdate(pass, next, reason)
  if (rollout.revision === 1 && last.phase === 'Healthy' && spec.workloadRef?.scaleDown === 'onsuccess') {
    rollout.workload?.scale?.(0)
    // There is no Deployment of that name: a canary's pass fails by it, again and again (argo-rollouts 1.10.1).
    if (!rollout.workload?.scale && !spec.blueGreen) pass.hasFailed = true
  }
}

function completeUpdate({ spec, rollout, view }: Pass, next: Status, reason: string): void {
  next.stableHash = next.currentHash
  if (spec.canary.pingPong) next.stableIs = next.stableIs === 'ping' ? 'pong' : 'ping'
  view.journal.event?.(
    `Rollout/${spec.name}`,
    'Normal',
    'RolloutCompleted',
    `Rollout completed update to revision ${rollout.revision} (${next.currentHash}): ${reason}`,
  )
}
