// What a Rollout's manifest asks for, as the controller works with it.
import type { JsonObject } from '../../scenario/json.js'
import type { Place } from '../../scenario/problem.js'
import type { AnalysisRequest } from './analysis-template.js'
import type { ManifestTemplate } from './pod-template.js'
import type { Bound, ProgressThreshold } from './replica-counts.js'
import type { Behaviours } from './version.js'

export interface RolloutSpec {
  readonly name: string
  readonly namespace: string
  readonly replicas: number
  readonly template: ManifestTemplate
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
  /** Canonical text of the steps: another text is another list of steps, and starts the update over. */
  readonly stepsKey: string
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

export type Step =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without a duration the pause ends when a person promotes. */
  | { readonly kind: 'pause'; readonly durationMs: number | undefined; readonly asWritten: string | undefined }
  | { readonly kind: 'analysis'; readonly analysis: AnalysisRequest }
  | { readonly kind: 'setCanaryScale'; readonly scale: CanaryScale }
  | RouteStep

/** Adds a route for some of the requests; without conditions it takes the route away. */
export type RouteStep =
  | { readonly kind: 'setHeaderRoute'; readonly name: string; readonly match: RouteConditions | undefined }
  | {
      readonly kind: 'setMirrorRoute'
      readonly name: string
      readonly match: RouteConditions | undefined
      readonly percent: number
    }

/** As the router has them; a request that fits one of them fits. */
type RouteConditions = readonly JsonObject[]

/** The first of these that is given holds. */
export interface CanaryScale {
  readonly matchTrafficWeight: boolean
  readonly replicas: number | undefined
  readonly weight: number | undefined
}

export interface BackgroundAnalysis extends AnalysisRequest {
  /** Index of the step from which it runs; from the first pass when undefined. */
  readonly startingStep: number | undefined
}

/** The routers that split traffic, in the order in which the controller writes them. */
export interface Routing {
  readonly istio: IstioRouting | undefined
  readonly nginx: NginxRouting | undefined
  readonly alb: AlbRouting | undefined
  readonly smi: { readonly trafficSplit: string } | undefined
  readonly traefik: PlacedName | undefined
  /** Names of the routes that steps may add, in the order in which they are tried. */
  readonly managedRoutes: readonly string[]
}

export interface IstioRouting {
  /** Which of the two fields names them. */
  readonly field: 'virtualService' | 'virtualServices'
  readonly virtualServices: readonly VirtualServiceReference[]
  readonly destinationRule:
    | { readonly name: string; readonly canarySubset: string; readonly stableSubset: string }
    | undefined
}

export interface VirtualServiceReference {
  readonly name: string
  /** Of the Rollout when undefined. */
  readonly namespace: string | undefined
  /** Names of the http routes that are managed; without any it is the only one. */
  readonly routes: readonly string[]
  /** Where it is written. */
  readonly place: Place
}

export interface NginxRouting {
  readonly field: 'stableIngress' | 'stableIngresses'
  readonly stableIngresses: readonly PlacedName[]
}

export interface AlbRouting {
  readonly field: 'ingress' | 'ingresses'
  readonly ingresses: readonly PlacedName[]
  /** The Service that the rules of the Ingresses name; the stable one when undefined. */
  readonly rootService: string | undefined
}

export interface PlacedName {
  readonly name: string
  /** Where it is written. */
  readonly place: Place
}

export interface PlacedAnalysis {
  readonly request: AnalysisRequest
  /** Under `spec.strategy`. */
  readonly path: readonly (string | number)[]
  /** What waits for its end needs metrics that end. */
  readonly mustEnd: boolean
}

export function analysesOf({ canary, blueGreen }: RolloutSpec): readonly PlacedAnalysis[] {
  const found: PlacedAnalysis[] = []
  const add = (request: AnalysisRequest | undefined, path: PlacedAnalysis['path'], mustEnd: boolean) => {
    if (request) found.push({ request, path, mustEnd })
  }
  for (const [index, step] of canary.steps.entries()) {
    if (step.kind === 'analysis') add(step.analysis, ['canary', 'steps', index, 'analysis'], true)
  }
  add(canary.background, ['canary', 'analysis'], false)
  add(blueGreen?.prePromotion, ['blueGreen', 'prePromotionAnalysis'], true)
  add(blueGreen?.postPromotion, ['blueGreen', 'postPromotionAnalysis'], true)
  return found
}

/** Text of a step in the event that tells of its completion. */
export function describeStep(step: Step, does: Behaviours): string {
  switch (step.kind) {
    case 'setWeight':
      return `setWeight: ${step.weight}`
    case 'pause':
      return step.asWritten === undefined ? 'pause' : `pause: ${step.asWritten}`
    case 'analysis':
      return 'analysis'
    case 'setCanaryScale':
      return `setCanaryScale${describeScale(step.scale)}`
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return does.describeRouteSteps ? `${step.kind}: ${step.name}` : 'invalid'
  }
}

function describeScale({ matchTrafficWeight, replicas, weight }: CanaryScale): string {
  if (matchTrafficWeight) return '{matchTrafficWeight: true}'
  if (replicas !== undefined) return `{replicas: ${replicas}}`
  return weight === undefined ? '' : `{weight: ${weight}}`
}
