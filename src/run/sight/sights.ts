// All that the queries of a flight can see, as far as they ask for its names at all.
import type { Dialect, Family } from '../../metrics/dialects/dialect.js'
import { exposedNames, rejecting } from '../../metrics/dialects/exposure.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import type { Wanted } from '../../metrics/matcher.js'
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { isOfExperiment, stable } from '../stacks.js'
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
          waysTo(policy, workload, stack).flatMap((way) => sightsOn(name, family, workload, stack, way)),
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

/**
 * Through which Services requests come to a version: those to stable through the canary's have no weight, and only a
 * router sends any to the canary's; once the canary is stable, its requests come as those to stable did.
 */
function waysTo({ rollout: { canary } }: ArgoPolicy, { entryService }: Workload, version: number): readonly Way[] {
  const canaryService = canary.canaryService ?? canary.pingPong?.pong
  if (version === stable || canaryService === undefined || canary.routing === undefined) {
    return [{ service: entryService, isMeanwhile: true }]
  }
  return [
    { service: entryService, isMeanwhile: false },
    { service: canaryService, isMeanwhile: true },
  ]
}
