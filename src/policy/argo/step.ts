// A step of a canary: what it says, what steps have set so far, and the words that tell of one.
import type { Json, JsonObject } from '../../scenario/json.js'
import type { AnalysisRequest } from './analysis-template.js'
import type { ExperimentRequest } from './experiment-request.js'
import type { Behaviours } from './version.js'

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

/** What the steps have set so far. */
export interface Setting {
  readonly weight: number
  /** Undefined where nothing was said, or where it was taken back. */
  readonly scale: CanaryScale | undefined
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
