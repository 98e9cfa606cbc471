// What a Rollout's manifest asks for, as the controller works with it.
import type { Json, JsonObject } from '../../scenario/json.js'
import type { Place } from '../../scenario/problem.js'
import type { ManifestTemplate } from '../pod-template.js'
import type { AnalysisRequest } from './analysis-template.js'
import type { ExperimentRequest } from './experiment-request.js'
import type { Bound, ProgressThreshold } from './replica-counts.js'
import type { Behaviours } from './version.js'
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

/** What the steps have set so far. */
export interface Setting {
  readonly weight: number
  /** Undefined where nothing was said, or where it was taken back. */
  readonly scale: CanaryScale | undefined
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

/** Its kind is what ends it; what else the step says holds all the same. */
export type Step = StepPart & { readonly besides?: readonly StepPart[] }

export type StepPart =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without a duration the pause ends when a person promotes. */
  | { readonly kind: 'pause'; readonly durationMs: number | undefined; readonly asWritten: string | undefined }
  | { readonly kind: 'analysis'; readonly analysis: AnalysisRequest }
  | { readonly kind: 'setCanaryScale'; readonly scale: CanaryScale }
  | { readonly kind: 'experiment'; readonly experiment: ExperimentRequest }
  /** Waits for what an operator has added to the controller. */
  | { readonly kind: 'plugin'; readonly name: string; readonly config: Json | undefined }
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
  readonly ambassador: { readonly mappings: readonly PlacedName[] } | undefined
  readonly appMesh: AppMeshRouting | undefined
  readonly traefik: PlacedName | undefined
  readonly apisix: ApisixRouting | undefined
  readonly plugins: readonly PluginRouting[] | undefined
  /** Names of the routes that steps may add, in the order in which they are tried. */
  readonly managedRoutes: readonly string[]
}

export interface IstioRouting {
  /** Which of the two fields names them. */
  readonly field: 'virtualService' | 'virtualServices'
  readonly virtualServices: readonly VirtualServiceReference[]
  readonly destinationRule:
    | {
        readonly name: string
        readonly canarySubset: string
        readonly stableSubset: string
        /** Those that keep the weight that they have. */
        readonly additionalSubsets: readonly string[]
      }
    | undefined
}

export interface VirtualServiceReference {
  readonly name: string
  /** Of the Rollout when undefined. */
  readonly namespace: string | undefined
  /** Names of the http routes that are managed; without any it is the only one. */
  readonly routes: readonly string[]
  readonly tlsRoutes: readonly TlsRoute[]
  readonly tcpRoutes: readonly TlsRoute[]
  /** Where it is written. */
  readonly place: Place
}

/** What routes are told by that have no names; a tcp route by its port alone. */
export interface TlsRoute {
  readonly port: number
  readonly sniHosts: readonly string[]
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
  /** Where it says that the load balancer keeps users with the version that they got, if it does. */
  readonly stickyPlace: Place | undefined
}

export interface AppMeshRouting {
  readonly virtualService: PlacedName
  /** Of the router's routes those that are managed; without any all of them. */
  readonly routes: readonly string[]
  readonly canaryNode: string
  readonly stableNode: string
}

export interface ApisixRouting extends PlacedName {
  /** Of its rules those that are managed; without any the one of the route's own name. */
  readonly rules: readonly string[]
}

export interface PluginRouting extends PlacedName {
  /** Of argoproj-labs/gatewayAPI. */
  readonly gateway: GatewayRouting | undefined
}

export interface GatewayRouting {
  readonly namespace: string | undefined
  readonly routes: readonly GatewayRoute[]
}

export interface GatewayRoute extends PlacedName {
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'
  readonly takesHeaderRoutes: boolean
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

/** What a step says of a kind. */
export function partOf<K extends StepPart['kind']>(
  step: Step | undefined,
  kind: K,
): Extract<StepPart, { kind: K }> | undefined {
  if (step === undefined) return undefined
  if (step.kind === kind) return step as Extract<StepPart, { kind: K }>
  if (step.besides === undefined) return undefined
  for (const part of step.besides) if (part.kind === kind) return part as Extract<StepPart, { kind: K }>
  return undefined
}

export function settingsOf(steps: readonly Step[]): readonly Setting[] {
  let weight = 0
  let scale: CanaryScale | undefined
  return steps.map((step) => {
    weight = partOf(step, 'setWeight')?.weight ?? weight
    const said = partOf(step, 'setCanaryScale')?.scale
    if (said) scale = said.matchTrafficWeight ? undefined : said
    return { weight, scale }
  })
}

/** Whether a step adds a route to a router, or takes one away. */
export function setsRoute(step: Step): boolean {
  return partOf(step, 'setHeaderRoute') !== undefined || partOf(step, 'setMirrorRoute') !== undefined
}

/** Of a step that says several things the event tells the first of these. */
const toldFirst: readonly StepPart['kind'][] = [
  'setWeight',
  'pause',
  'experiment',
  'analysis',
  'setCanaryScale',
  'plugin',
  'setHeaderRoute',
]

/** Text of a step in the event that tells of its completion. */
export function describeStep(step: Step, does: Behaviours): string {
  const kind = toldFirst.find((candidate) => partOf(step, candidate) !== undefined)
  return describePart(kind === undefined ? step : partOf(step, kind)!, does)
}

function describePart(part: StepPart, does: Behaviours): string {
  switch (part.kind) {
    case 'setWeight':
      return `setWeight: ${part.weight}`
    case 'pause':
      return part.asWritten === undefined ? 'pause' : `pause: ${part.asWritten}`
    case 'analysis':
    case 'experiment':
      return part.kind
    case 'setCanaryScale':
      return `setCanaryScale${describeScale(part.scale)}`
    case 'plugin':
    case 'setHeaderRoute':
    case 'setMirrorRoute':
      return does.describeRouteSteps ? `${part.kind}: ${part.name}` : 'invalid'
  }
}

function describeScale({ matchTrafficWeight, replicas, weight }: CanaryScale): string {
  if (weight !== undefined) return `{weight: ${weight}}`
  if (matchTrafficWeight) return '{matchTrafficWeight: true}'
  return replicas === undefined ? '' : `{replicas: ${replicas}}`
}
