// A Deployment as an object of the cluster: what is asked for, and the status that its controller writes.
import type { Conditions } from '../conditions.js'
import type { ManifestTemplate } from '../pod-template.js'

export interface DeploymentSpec {
  readonly name: string
  readonly replicas: number
  readonly template: ManifestTemplate
  /** Undefined with the strategy Recreate. */
  readonly rolling: RollingUpdate | undefined
  readonly minReadyMs: number
  /** Infinity where nobody wants to know of a lack of progress. */
  readonly progressDeadlineMs: number
  readonly revisionHistoryLimit: number
  readonly paused: boolean
}

/** A number of pods, or a percentage of the replicas. */
export type PodsOrPercent = number | `${number}%`

export interface RollingUpdate {
  readonly maxSurge: PodsOrPercent
  readonly maxUnavailable: PodsOrPercent
}

export interface DeploymentStatus {
  readonly replicas: number
  readonly updated: number
  readonly ready: number
  readonly available: number
  readonly unavailable: number
  readonly terminating: number
  readonly observedGeneration: number
  readonly conditions: Conditions
}

export class Deployment {
  generation = 1
  deleted = false
  status: DeploymentStatus = emptyStatus

  constructor(public spec: DeploymentSpec) {}
}

const emptyStatus: DeploymentStatus = {
  replicas: 0,
  updated: 0,
  ready: 0,
  available: 0,
  unavailable: 0,
  terminating: 0,
  observedGeneration: 0,
  conditions: [],
}

/** How many pods more than `replicas` there may be; nothing with the strategy Recreate. */
export function surgeOf({ rolling, replicas }: DeploymentSpec): number {
  return rolling ? podsOf(rolling.maxSurge, replicas, Math.ceil) : 0
}

/** How many fewer may be available. When both come to nothing, one pod may be missing: else nothing would ever move. */
export function unavailableOf(spec: DeploymentSpec): number {
  const { rolling, replicas } = spec
  if (!rolling || replicas === 0) return 0
  const unavailable = podsOf(rolling.maxUnavailable, replicas, Math.floor)
  return unavailable === 0 && surgeOf(spec) === 0 ? 1 : Math.min(unavailable, replicas)
}

function podsOf(bound: PodsOrPercent, replicas: number, round: (x: number) => number): number {
  return typeof bound === 'number' ? bound : round((Number.parseInt(bound, 10) * replicas) / 100)
}

export function isComplete({ replicas }: DeploymentSpec, status: DeploymentStatus): boolean {
  return status.updated === replicas && status.replicas === replicas && status.available === replicas
}
