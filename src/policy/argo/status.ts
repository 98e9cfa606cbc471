// The status of a Rollout: what the controller has decided so far, and the phase that people read off it.

import type { Conditions } from '../conditions.js'
import { isCompleted, type RunPhase } from './analysis-run.js'
import type { BlueGreenSpec, PingPong, RolloutSpec } from './rollout-spec.js'

export type Phase = '' | 'Healthy' | 'Degraded' | 'Progressing' | 'Paused'

export type PauseReason = 'CanaryPauseStep' | 'BlueGreenPause' | 'InconclusiveAnalysisRun' | 'InconclusiveExperiment'

export interface Pause {
  readonly reason: PauseReason
  /** Kept in whole seconds, like every time in a status. */
  readonly startMs: number
}

export interface Weights {
  readonly canary: number
  readonly stable: number
  readonly canaryHash: string
  readonly stableHash: string
  /** True where the router says so; most say nothing. */
  readonly verified: boolean | undefined
  /** What templates of an experiment get of stable's part. */
  readonly additional: readonly AdditionalWeight[]
}

export interface AdditionalWeight {
  readonly weight: number
  readonly service: string
  readonly hash: string
}

export interface RunStatus {
  readonly name: string
  readonly phase: RunPhase
  readonly message: string
}

export interface Status {
  phase: Phase
  message: string
  /** False only where a person wrote it: `retry` leaves the word in the object, and the controller keeps it. */
  abort: boolean | undefined
  /** NaN when the rollout isn't aborted. */
  abortedAtMs: number
  pauses: readonly Pause[]
  /** False where `promote` wrote it, past an inconclusive analysis. */
  controllerPause: boolean | undefined
  promoteFull: boolean
  /** The time of the last restart that is over; NaN when there was none. */
  restartedAtMs: number
  /** −1 when the rollout has no steps. */
  stepIndex: number
  stepsKey: string
  currentHash: string
  stableHash: string
  /** Which of the two Services leads to the stable version; undefined before the first promotion. */
  stableIs: keyof PingPong | undefined
  replicas: number
  updated: number
  ready: number
  available: number
  /** What an autoscaler reads: all pods that there are, kept even by a pass that only resizes. */
  hpaReplicas: number
  observedGeneration: number
  /** Generation of the workload that the template comes from; 0 where it is the Rollout's own. */
  workloadGeneration: number
  conditions: Conditions
  weights: Weights | undefined
  stepRun: RunStatus | undefined
  backgroundRun: RunStatus | undefined
  /** Name of the experiment that the current step waits for; empty without one. */
  experiment: string
  /** What step plugins have been called for, in the order of the calls. */
  plugins: readonly PluginStatus[]
  /** Of blue-green: what the two Services select, empty before they have been adopted. */
  activeSelector: string
  previewSelector: string
  scaleUpCheckpoint: boolean
  preRun: RunStatus | undefined
  postRun: RunStatus | undefined
}

export function emptyStatus(): Status {
  return {
    phase: '',
    message: '',
    abort: undefined,
    abortedAtMs: Number.NaN,
    pauses: noPauses,
    controllerPause: undefined,
    promoteFull: false,
    restartedAtMs: Number.NaN,
    stepIndex: -1,
    stepsKey: '',
    currentHash: '',
    stableHash: '',
    stableIs: undefined,
    replicas: 0,
    updated: 0,
    ready: 0,
    available: 0,
    hpaReplicas: 0,
    observedGeneration: 0,
    workloadGeneration: 0,
    conditions: [],
    weights: undefined,
    stepRun: undefined,
    backgroundRun: undefined,
    experiment: '',
    plugins: noPlugins,
    activeSelector: '',
    previewSelector: '',
    scaleUpCheckpoint: false,
    preRun: undefined,
    postRun: undefined,
  }
}

/** What has become of one operation of the plugin of a step. */
export interface PluginStatus {
  /** Of the step, counted from 0. */
  readonly index: number
  readonly name: string
  readonly operation: 'Run' | 'Terminate' | 'Abort'
  readonly phase: '' | 'Running' | 'Successful' | 'Failed' | 'Error'
  readonly message: string
  readonly isDisabled: boolean
  /** How often it was called. */
  readonly executions: number
  /** For how long it isn't called again. */
  readonly backoffMs: number
  readonly startedAtMs: number
  readonly updatedAtMs: number
  readonly finishedAtMs: number
  /** What it remembers. */
  readonly state: number
}

export const noPlugins: readonly PluginStatus[] = []

export const noPauses: readonly Pause[] = []

export function pauseFor(status: Status, reason: PauseReason): Pause | undefined {
  return status.pauses.find((pause) => pause.reason === reason)
}

/** The first line that fits decides: the order is the controller's. */
export function phaseOf(spec: RolloutSpec, status: Status): { phase: Phase; message: string } {
  for (const { type, reason, message } of status.conditions) {
    if (type === 'InvalidSpec') return { phase: 'Degraded', message: `${type}: ${message}` }
    if (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded') {
      return { phase: 'Degraded', message: `${reason}: ${message}` }
    }
  }
  if (spec.paused) return { phase: 'Paused', message: 'manually paused' }
  const pause = status.pauses[0]
  if (pause) return { phase: 'Paused', message: pause.reason }
  const progressing = whyProgressing(spec, status)
  return progressing ? { phase: 'Progressing', message: progressing } : { phase: 'Healthy', message: '' }
}

function whyProgressing(spec: RolloutSpec, status: Status): string | undefined {
  if (spec.restartAtMs !== undefined && status.restartedAtMs !== spec.restartAtMs) return 'rollout is restarting'
  if (status.updated < spec.replicas) return 'more replicas need to be updated'
  if (status.available < status.updated) return 'updated replicas are still becoming available'
  if (spec.blueGreen) return whyNotCutOver(spec.blueGreen, status)
  if (!spec.canary.routing && status.replicas > status.updated) return 'old replicas are pending termination'
  if (status.stableHash === '' || status.stableHash !== status.currentHash) return 'waiting for all steps to complete'
  return undefined
}

function whyNotCutOver({ postPromotion }: BlueGreenSpec, status: Status): string | undefined {
  if (status.activeSelector === '' || status.activeSelector !== status.currentHash) {
    return 'active service cutover pending'
  }
  if (status.stableHash !== '' && status.stableHash === status.currentHash) return undefined
  const isAnalysed = !postPromotion || (status.postRun !== undefined && isCompleted(status.postRun.phase))
  return isAnalysed ? 'waiting for post-promotion verification to complete' : 'waiting for analysis to complete'
}

/** Whether writing `next` over `last` would change the object. */
export function isSameStatus(last: Status, next: Status): boolean {
  return (
    last.phase === next.phase &&
    last.message === next.message &&
    last.abort === next.abort &&
    Object.is(last.abortedAtMs, next.abortedAtMs) &&
    last.controllerPause === next.controllerPause &&
    last.promoteFull === next.promoteFull &&
    Object.is(last.restartedAtMs, next.restartedAtMs) &&
    last.stepIndex === next.stepIndex &&
    last.stepsKey === next.stepsKey &&
    last.currentHash === next.currentHash &&
    last.stableHash === next.stableHash &&
    last.stableIs === next.stableIs &&
    last.replicas === next.replicas &&
    last.updated === next.updated &&
    last.ready === next.ready &&
    last.available === next.available &&
    last.hpaReplicas === next.hpaReplicas &&
    last.observedGeneration === next.observedGeneration &&
    last.workloadGeneration === next.workloadGeneration &&
    last.activeSelector === next.activeSelector &&
    last.previewSelector === next.previewSelector &&
    last.scaleUpCheckpoint === next.scaleUpCheckpoint &&
    last.experiment === next.experiment &&
    isSameList(last.plugins, next.plugins, isSamePlugin) &&
    isSameList(last.pauses, next.pauses, isSamePause) &&
    isSameList(last.conditions, next.conditions, isSameCondition) &&
    isSameWeights(last.weights, next.weights) &&
    isSameRun(last.stepRun, next.stepRun) &&
    isSameRun(last.backgroundRun, next.backgroundRun) &&
    isSameRun(last.preRun, next.preRun) &&
    isSameRun(last.postRun, next.postRun)
  )
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) {
    const [one, other] = [a[index]!, b[index]!]
    if (one !== other && !isSame(one, other)) return false
  }
  return true
}

function isSamePlugin(a: PluginStatus, b: PluginStatus): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function isSamePause(a: Pause, b: Pause): boolean {
  return a.reason === b.reason && a.startMs === b.startMs
}

function isSameCondition(a: Conditions[number], b: Conditions[number]): boolean {
  return (
    a.type === b.type &&
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.lastUpdateMs === b.lastUpdateMs
  )
}

export function isSameWeights(a: Weights | undefined, b: Weights | undefined): boolean {
  if (!a || !b) return a === b
  return (
    a.canary === b.canary &&
    a.stable === b.stable &&
    a.canaryHash === b.canaryHash &&
    a.stableHash === b.stableHash &&
    isSameAdditional(a.additional, b.additional)
  )
}

export function isSameAdditional(a: Weights['additional'], b: Weights['additional']): boolean {
  return isSameList(a, b, isSameDestination)
}

function isSameDestination(a: AdditionalWeight, b: AdditionalWeight): boolean {
  return a.weight === b.weight && a.service === b.service && a.hash === b.hash
}

function isSameRun(a: RunStatus | undefined, b: RunStatus | undefined): boolean {
  if (!a || !b) return a === b
  return a.name === b.name && a.phase === b.phase && a.message === b.message
}
