// What a Rollout's manifest asks for, as the controller works with it.
import type { ManifestTemplate } from '../pod-template.js'
import type { AnalysisRequest } from './analysis-template.js'
import type { ExperimentRequest } from './experiment-request.js'
import type { Bound, ProgressThreshold } from './replica-counts.js'
import type { Routing } from './routing-spec.js'
import { partOf, type Setting, type Step } from './step.js'
import type { WorkloadReference } from './workload-reference.js'

export interface RolloutSpec {
  readonly name: string
  readonly namespace: string
  readonly replicas: number
  /** Its own, or that of the workload it refers to as it is now. */
  readonly template: ManifestTemplate
  readonly workloadRef: WorkloadReference | undefined
  readonly minReadyMs: number
  readonly revisionHistoryLimit: number
  /** How many ended analysis runs are kept. */
  readonly runHistory: { readonly successful: number; readonly unsuccessful: number }
  /** Over how many versions back an undo skips steps, pauses and analyses; 0 for none. */
  readonly rollbackWindow: number
  readonly progressDeadlineMs: number
  readonly progressDeadlineAbort: boolean
  /** False where somebody wrote it, undefined where nobody did. */
  readonly paused: boolean | undefined
  /** Pods that were made before this instant shall be replaced. */
  readonly restartAtMs: number | undefined
  /** Text of a field of the object with such a pod template, for arguments that refer to one. */
  readonly field: (path: string, template: ManifestTemplate) => string | undefined
  /** Of a blue-green Rollout one that asks for nothing. */
  readonly canary: CanarySpec
  readonly blueGreen: BlueGreenSpec | undefined
}

export interface BlueGreenSpec {
  readonly activeService: string
  readonly previewService: string | undefined
  /** Size of the new version until it has been judged; full size if undefined. */
  readonly previewReplicaCount: number | undefined
  /** How many pods a restart may take away at once. */
  readonly maxUnavailable: Bound | undefined
  /** False: only a person ends the pause before the cutover. */
  readonly autoPromotes: boolean
  /** How long that pause lasts; 0 for none. */
  readonly autoPromotionMs: number
  readonly prePromotion: AnalysisRequest | undefined
  readonly postPromotion: AnalysisRequest | undefined
  /** How long a former version keeps its pods. */
  readonly scaleDownDelayMs: number
  readonly isScaleDownDelayWritten: boolean
  readonly scaleDownDelayRevisionLimit: number
  /** How long an aborted version keeps its pods; for good if undefined. */
  readonly abortScaleDownDelayMs: number | undefined
}

export interface CanarySpec {
  readonly canaryService: string | undefined
  readonly stableService: string | undefined
  /** Two Services that take turns in being the stable one. */
  readonly pingPong: PingPong | undefined
  readonly maxSurge: Bound | undefined
  readonly maxUnavailable: Bound | undefined
  readonly steps: readonly Step[]
  /** By step: the weight and the size that have been set by then. */
  readonly settings: readonly Setting[]
  /** Canonical text of the steps: another text is another list of steps, and starts the update over. */
  readonly stepsKey: string
  /** Whether some of them add routes to a router. */
  readonly addsRoutes: boolean
  readonly routing: Routing | undefined
  /** What counts as all of the traffic. */
  readonly maxWeight: number
  /** Whether stable's size follows its share of the traffic; with a router only. */
  readonly dynamicStableScale: boolean
  /** A side that has pods at all has this many; 0 for no bound. With a router only. */
  readonly minPods: number
  readonly progressThreshold: ProgressThreshold | undefined
  readonly background: BackgroundAnalysis | undefined
  /** How long an old version keeps its pods after promotion; with a router only. */
  readonly scaleDownDelayMs: number
  /** How many old versions may wait for their delay at once. */
  readonly scaleDownDelayRevisionLimit: number
  /** How long an aborted canary keeps its pods; undefined removes them with the weight. With a router only. */
  readonly abortScaleDownDelayMs: number | undefined
  readonly isAbortDelayWritten: boolean
}

export interface PingPong {
  readonly ping: string
  readonly pong: string
}

export interface BackgroundAnalysis extends AnalysisRequest {
  /** Index of the step from which it runs; from the first pass when undefined. */
  readonly startingStep: number | undefined
}

export interface PlacedAnalysis {
  readonly request: AnalysisRequest
  /** Under `spec.strategy`. */
  readonly path: readonly (string | number)[]
  /** What waits for its end needs metrics that end. */
  readonly mustEnd: boolean
  /** The experiment that it is part of: nobody looks at it before that begins. */
  readonly experiment: ExperimentRequest | undefined
}

/** The Services that the strategy names. */
export function namedServices({ canary, blueGreen }: RolloutSpec): readonly string[] {
  const { canaryService, stableService, pingPong } = canary
  const { activeService, previewService } = blueGreen ?? {}
  return [canaryService, stableService, pingPong?.ping, pingPong?.pong, activeService, previewService].filter(
    (name) => name !== undefined,
  )
}

export function analysesOf({ canary, blueGreen }: RolloutSpec): readonly PlacedAnalysis[] {
  const found: PlacedAnalysis[] = []
  const add = (request: AnalysisRequest | undefined, path: PlacedAnalysis['path'], mustEnd: boolean) => {
    if (request) found.push({ request, path, mustEnd, experiment: undefined })
  }
  for (const [index, step] of canary.steps.entries()) {
    add(partOf(step, 'analysis')?.analysis, ['canary', 'steps', index, 'analysis'], true)
    const experiment = partOf(step, 'experiment')?.experiment
    if (!experiment) continue
    for (const [place, { request }] of experiment.analyses.entries()) {
      const path = ['canary', 'steps', index, 'experiment', 'analyses', place]
      found.push({ request, path, mustEnd: false, experiment })
    }
  }
  add(canary.background, ['canary', 'analysis'], false)
  add(blueGreen?.prePromotion, ['blueGreen', 'prePromotionAnalysis'], true)
  add(blueGreen?.postPromotion, ['blueGreen', 'postPromotionAnalysis'], true)
  return found
}
