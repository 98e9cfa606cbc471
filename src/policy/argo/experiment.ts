// An Experiment: what a step asked for, and what has become of its templates and analyses so far.
import type { Owner, ReplicaSet, Service } from '../../world/cluster/objects.js'
import type { WorkItem } from '../../world/cluster/work-queue.js'
import type { ManifestTemplate } from '../pod-template.js'
import { type AnalysisRun, isCompleted, type RunPhase } from './analysis-run.js'
import type { RolloutArg } from './analysis-template.js'
import type { ExperimentAnalysis } from './experiment-request.js'

export interface ExperimentSpec {
  /** Then it never gets as much as a phase. */
  readonly isInvalid: boolean
  readonly templates: readonly TemplateSpec[]
  readonly durationMs: number | undefined
  readonly progressDeadlineMs: number
  readonly scaleDownDelayMs: number
  readonly analyses: readonly AnalysisSpec[]
}

export interface TemplateSpec {
  readonly name: string
  readonly replicas: number
  readonly template: ManifestTemplate
  readonly minReadyMs: number
  /** Whether it gets a Service, and what that is called if not as its ReplicaSet. */
  readonly service: { readonly name: string | undefined } | undefined
}

export interface AnalysisSpec extends ExperimentAnalysis {
  /** What the Rollout gives the arguments; `{{templates.…}}` in them is filled in by the experiment. */
  readonly values: ReadonlyMap<RolloutArg, string>
}

type TemplatePhase = '' | 'Progressing' | 'Running' | 'Successful' | 'Failed' | 'Error'

export interface TemplateStatus {
  readonly name: string
  status: TemplatePhase
  message: string
  replicas: number
  ready: number
  available: number
  /** When anything last changed, in whole seconds; the progress deadline counts from it. */
  lastTransitionMs: number
  serviceName: string
  hash: string
}

export interface AnalysisStatus {
  readonly name: string
  phase: RunPhase
  message: string
  /** Empty until there is one. */
  run: string
}

export interface ExperimentStatus {
  phase: RunPhase
  message: string
  /** When all templates first ran, in whole seconds; NaN before. */
  availableAtMs: number
  templates: readonly TemplateStatus[]
  analyses: readonly AnalysisStatus[]
}

export class Experiment {
  status: ExperimentStatus = { phase: '', message: '', availableAtMs: Number.NaN, templates: [], analyses: [] }
  /** Whether somebody asked for its end. */
  terminate = false
  deleted = false
  /** By template. */
  readonly replicaSets = new Map<string, ReplicaSet>()
  readonly services = new Map<string, Service>()
  readonly runs: AnalysisRun[] = []
  /** Of its ReplicaSets. */
  readonly owner: Owner
  work: WorkItem | undefined

  constructor(
    readonly name: string,
    /** Template hash of the version that is updated to. */
    readonly hash: string,
    readonly spec: ExperimentSpec,
  ) {
    this.owner = { kind: 'Experiment', name }
  }

  get phase(): RunPhase {
    return this.status.phase
  }
}

export function isCompletedTemplate({ status }: TemplateStatus): boolean {
  return status === 'Successful' || status === 'Failed' || status === 'Error'
}

/** Whether it has come to its end, or to something that will end it: from then on it only tidies up. */
export function isEnding({ spec, terminate }: Experiment, status: ExperimentStatus): boolean {
  return (
    terminate ||
    isCompleted(status.phase) ||
    status.templates.some((template) => template.status === 'Failed' || template.status === 'Error') ||
    status.analyses.some(({ phase }) => isCompleted(phase) && phase !== 'Successful') ||
    isAllRequiredSuccessful(spec, status)
  )
}

export function isAllRequiredSuccessful({ analyses }: ExperimentSpec, status: ExperimentStatus): boolean {
  const required = analyses.filter(({ isRequired }) => isRequired)
  const isSuccessful = (name: string) =>
    status.analyses.find((analysis) => analysis.name === name)?.phase === 'Successful'
  return required.length > 0 && required.every(({ name }) => isSuccessful(name))
}

/** How many pods a template should have now. */
export function wantedReplicas(experiment: Experiment, status: ExperimentStatus, { name, replicas }: TemplateSpec) {
  const template = status.templates.find((candidate) => candidate.name === name)
  return isEnding(experiment, status) || (template && isCompletedTemplate(template)) ? 0 : replicas
}

/** When its duration is over; infinity without one, and before it has begun. */
export function endOf({ spec, status }: Experiment): number {
  const begun = !Number.isNaN(status.availableAtMs)
  return begun && spec.durationMs !== undefined ? status.availableAtMs + spec.durationMs : Number.POSITIVE_INFINITY
}
