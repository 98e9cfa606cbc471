// The Rollout as the controller sees it: what the manifest asks for, frozen, and the status that passes write.
import type { AnalysisRequest } from './analysis-template.js'
import type { ManifestTemplate } from './pod-template.js'
import type { Bound } from './replica-counts.js'
import type { Status } from './status.js'

export interface RolloutSpec {
  readonly name: string
  readonly namespace: string
  readonly replicas: number
  readonly template: ManifestTemplate
  readonly minReadyMs: number
  readonly revisionHistoryLimit: number
  readonly progressDeadlineMs: number
  readonly progressDeadlineAbort: boolean
  /** False where somebody wrote it, undefined where nobody did. */
  readonly paused: boolean | undefined
  /** Text of a field of the manifest, for arguments that refer to one. */
  readonly field: (path: string) => string | undefined
  readonly canary: CanarySpec
}

export interface CanarySpec {
  readonly canaryService: string | undefined
  readonly stableService: string | undefined
  readonly maxSurge: Bound | undefined
  readonly maxUnavailable: Bound | undefined
  readonly steps: readonly Step[]
  /** Canonical text of the steps: another text is another list of steps, and starts the update over. */
  readonly stepsKey: string
  readonly routing: Routing | undefined
  readonly background: BackgroundAnalysis | undefined
  /** How long an old version keeps its pods after promotion; with a router only. */
  readonly scaleDownDelayMs: number
  /** How long an aborted canary keeps its pods; undefined removes them with the weight. With a router only. */
  readonly abortScaleDownDelayMs: number | undefined
}

export type Step =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without a duration the pause ends when a person promotes. */
  | { readonly kind: 'pause'; readonly durationMs: number | undefined; readonly asWritten: string | undefined }
  | { readonly kind: 'analysis'; readonly analysis: AnalysisRequest }

export interface BackgroundAnalysis extends AnalysisRequest {
  /** Index of the step from which it runs; from the first pass when undefined. */
  readonly startingStep: number | undefined
}

/** The routers that split traffic, in the order in which the controller writes them. */
export interface Routing {
  readonly istio: IstioRouting | undefined
  readonly nginx: NginxRouting | undefined
}

export interface IstioRouting {
  readonly virtualServices: readonly { readonly name: string; readonly routes: readonly string[] }[]
  readonly destinationRule:
    | { readonly name: string; readonly canarySubset: string; readonly stableSubset: string }
    | undefined
}

export interface NginxRouting {
  readonly stableIngresses: readonly string[]
}

export const maxWeight = 100

/** The live object: people and automation replace its spec, the controller its status. */
export class Rollout {
  generation = 1
  revision = 0
  status: Status

  constructor(
    public spec: RolloutSpec,
    status: Status,
  ) {
    this.status = status
  }
}

/** Text of a step in the event that tells of its completion. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'setWeight':
      return `setWeight: ${step.weight}`
    case 'pause':
      return step.asWritten === undefined ? 'pause' : `pause: ${step.asWritten}`
    case 'analysis':
      return 'analysis'
  }
}

/** The step at the current index: undefined without steps and after the last one. */
export function currentStep(rollout: Rollout): Step | undefined {
  return rollout.spec.canary.steps[Math.max(0, rollout.status.stepIndex)]
}

export function isFullyPromoted(status: Status): boolean {
  return status.stableHash === status.currentHash
}

/** The weight that the steps ask for now: the nearest setWeight at or before the current step. */
export function currentSetWeight(rollout: Rollout): number {
  const { steps } = rollout.spec.canary
  if (rollout.status.abort) return 0
  if (!currentStep(rollout)) return maxWeight
  return nearestWeight(steps, Math.max(0, rollout.status.stepIndex))
}

/** The last setWeight among the first steps, up to and including `index`; 0 when there is none. */
export function nearestWeight(steps: readonly Step[], index: number): number {
  for (let i = Math.min(index, steps.length - 1); i >= 0; i--) {
    const step = steps[i]!
    if (step.kind === 'setWeight') return step.weight
  }
  return 0
}
