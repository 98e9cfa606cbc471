// All that the queries of a flight can see, as far as they ask for its names at all.
import type { Dialect, Family, Side } from '../../metrics/dialects/dialect.js'
import { exposedNames, rejecting } from '../../metrics/dialects/exposure.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import type { Wanted } from '../../metrics/matcher.js'
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { hasLabels } from '../../world/cluster/objects.js'
import { canary, isOfExperiment, stable } from '../stacks.js'
import type { Workload } from '../workload.js'
import { type Sight, sees, sightsOn, type Way } from './sight.js'

export interface Sights {
  readonly all: readonly Sight[]
  /**
   * False where there are others: pods that a workload has beside the Rollout's have other labels, and stacks of
   * experiments have Services that are named when they are made.
   */
  readonly isComplete: boolean
}

export function sightsIn(
  policy: ArgoPolicy,
  workload: Workload,
  dialects: readonly Dialect[],
  selectors: readonly Wanted[],
): Sights {
  const stacks = workload.pods.map((_, stack) => stack)
  const all = dialects.flatMap(({ name, families }) =>
    families
      .filter((family) => isOf(workload, family) && selectors.some((selector) => isNamed(selector, family)))
      .flatMap((family) =>
        stacks.flatMap((stack) =>
          waysTo(policy, workload, family.side, stack).flatMap((way) => sightsOn(name, family, workload, stack, way)),
        ),
      ),
  )
  return { all, isComplete: policy.workload === undefined && !stacks.some(isOfExperiment) }
}

function isOf({ kind }: Workload, family: Family): boolean {
  return family.quantity !== 'state' || family.onlyOf === undefined || family.onlyOf === kind
}

function isNamed({ matchers }: Wanted, family: Family): boolean {
  const ofName = matchers.filter(({ label }) => label === METRIC_NAME)
  return exposedNames(family).some((name) => rejecting(ofName, { [METRIC_NAME]: name }) === undefined)
}

/** Whether any of the selectors depends on the requests of a stack; what the cluster's exporter tells does not. */
export function isWatched({ all }: Sights, stack: number, selectors: readonly Wanted[]): boolean {
  const own = all.filter((sight) => sight.stack === stack && sight.family.side !== 'cluster')
  return selectors.some(({ matchers }) => own.some((sight) => sees(matchers, sight)))
}

function waysTo(policy: ArgoPolicy, workload: Workload, side: Side, stack: number): readonly Way[] {
  return side === 'application' ? selectingWays(policy, workload, stack) : requestWays(policy, workload, stack)
}

/**
 * Which Services select the pods of a version: before and after an update those of either version select the only one
 * that there is. What everybody calls in a blue-green update is switched while it is under way.
 */
function selectingWays(
  { rollout: { canary: spec, blueGreen }, services }: ArgoPolicy,
  { entryService, pods }: Workload,
  stack: number,
): readonly Way[] {
  const ofStable = [spec.stableService, spec.pingPong?.ping]
  const ofCanary = [spec.canaryService, spec.pingPong?.pong, blueGreen?.previewService]
  const ofEither = [...ofStable, ...ofCanary, blueGreen?.activeService]
  const isMadeUp = services.every(({ name }) => name !== entryService)
  const all = isMadeUp ? [...services, { name: entryService, selector: {} }] : services
  return all
    .filter(({ name, selector }) => {
      return !isOfExperiment(stack) || (!ofEither.includes(name) && hasLabels(pods[stack]!.labels, selector))
    })
    .map(({ name }) => {
      const ofOther = stack === stable ? ofCanary : stack === canary ? ofStable : []
      return { service: name, isMeanwhile: !ofOther.includes(name) }
    })
}

/**
 * Through which Services requests come to a version: those to stable through the canary's have no weight, and only a
 * router sends any to the canary's; once the canary is stable, its requests come as those to stable did.
 */
function requestWays({ rollout }: ArgoPolicy, { entryService }: Workload, version: number): readonly Way[] {
  const { canary: spec } = rollout
  const canaryService = spec.canaryService ?? spec.pingPong?.pong
  if (version === stable || canaryService === undefined || spec.routing === undefined) {
    return [{ service: entryService, isMeanwhile: true }]
  }
  return [
    { service: entryService, isMeanwhile: false },
    // Requests to pods of an experiment come through a Service of their own, if at all.
    { service: canaryService, isMeanwhile: !isOfExperiment(version) },
  ]
}
