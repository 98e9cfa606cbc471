// The world of a flight, as its plan: what the scenario says of traffic, versions and faults, for each stack of pods.
import { logNormalFrom } from '../kernel/lognormal.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { replicasOf } from '../policy/argo/workload-reference.js'
import { type ClusterSpec, plainCluster } from '../scenario/cluster-spec.js'
import type { ScenarioFault } from '../scenario/faults.js'
import type { Percentiles } from '../scenario/percentiles.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Delay } from '../world/cluster/delay.js'
import type { PodFault } from '../world/cluster/pod-faults.js'
import type { ClusterPlan, PodLifePlan } from '../world/cluster/pod-life.js'
import type { CookiePlan } from '../world/cookies.js'
import { courseOf, later, never } from '../world/course.js'
import { concernsAnswers, concernsPods, type Fault } from '../world/fault.js'
import type { FlowPlan } from '../world/flow.js'
import type { Polyline } from '../world/polyline.js'
import type { Population } from '../world/population.js'
import { ShapedTraffic } from '../world/shaped-traffic.js'
import { faultFactor } from '../world/traffic-shapes.js'
import { couplingOf } from './coupling.js'
import type { Observation } from './observation.js'
import { behaviourOf } from './service-plan.js'
import { canary, type Stack, stable } from './stacks.js'

export function faultsOf(scenario: Scenario, stacks: readonly Stack[]): readonly Fault[] {
  return scenario.faults.map((fault) => faultOf(fault, scenario, stacks))
}

export function podLifePlanOf(scenario: Scenario, stacks: readonly Stack[], faults: readonly Fault[]): PodLifePlan {
  const behaviours = stacks.map(({ version }) => behaviourOf(scenario, version))
  const podFaults = faults.map((fault, index) => podFaultOf(fault, scenario.faults[index]!))
  // Only where images are pulled they can be missing.
  const cluster = scenario.cluster ?? (podFaults.some((fault) => fault?.effect.kind === 'image-pull') && plainCluster)
  return {
    starts: behaviours.map(({ start }) => delayOf(start)),
    shutdownsMs: behaviours.map(({ shutdownMs }) => shutdownMs ?? 0),
    memories: behaviours.map(({ memory }) => memory),
    faults: podFaults,
    ...(cluster ? { cluster: clusterPlanOf(cluster) } : {}),
  }
}

/** Undefined where it strikes whole versions, and their pods are well. */
function podFaultOf(fault: Fault, written: ScenarioFault): PodFault | undefined {
  if (concernsPods(fault)) return fault
  if (!concernsAnswers(fault)) return undefined
  const passesProbes = !hangsPods(written)
  return fault.where !== undefined || !passesProbes ? { ...fault, passesProbes } : undefined
}

/** What hangs for some requests only, or in part, passes its probes. */
function hangsPods({ on, when, effect }: ScenarioFault): boolean {
  const isOfSome = (on.route ?? on.segment ?? on.dependency ?? on.shareRatio) !== undefined
  return effect.kind === 'hang' && effect.ratio === 1 && when.rampMs === 0 && !when.steps && !isOfSome
}

function clusterPlanOf({ nodes, schedule, pull, endpoints, mostPods, preStopMs }: ClusterSpec): ClusterPlan {
  const { add, remove } = endpoints
  return {
    nodes,
    schedule: delayOf(schedule),
    pull: delayOf(pull),
    endpoints: { add: delayOf(add), remove: remove ? delayOf(remove) : { fixedMs: 0 } },
    mostPods,
    preStopMs,
  }
}

export function flowPlanOf(
  scenario: Scenario,
  { rollout, workload, keepsUsers }: ArgoPolicy,
  stacks: readonly Stack[],
  population: Population,
  observation: Observation,
  faults: readonly Fault[],
): Omit<FlowPlan, 'answering'> {
  const { traffic, slo } = scenario
  const isCookie = traffic.sticky === 'cookie'
  const { objectiveRatio, windowMs, latencyMs } = slo
  const coupling = couplingOf(scenario, stacks)
  return {
    traffic: new ShapedTraffic(traffic, scenario.startsAtMs, scenario.durationMs, trafficFactors(faults)),
    isReleased: stacks.map(({ version }) => version === canary),
    stablePods: rollout.replicas + (workload ? replicasOf(workload) : 0),
    audience: {
      ...population,
      stickiness: isCookie ? 'request' : (traffic.sticky ?? (keepsUsers ? 'hash' : 'request')),
    },
    ...(isCookie ? { cookies: cookiesFor(traffic.cookieMs) } : {}),
    ...(coupling ? { coupling } : {}),
    objective: { ratio: objectiveRatio, windowMs, ...(latencyMs === undefined ? {} : { latencyMs }) },
    ...(observation.latencyBoundsMs ? { latencyBoundsMs: observation.latencyBoundsMs } : {}),
    horizonMs: scenario.durationMs,
    watched: observation.watched,
    looksApart: observation.isSpread && observation.perPod,
  }
}

function trafficFactors(faults: readonly Fault[]): readonly Polyline[] {
  return faults.flatMap((fault) => (fault.effect.kind === 'traffic' ? [faultFactor(fault, fault.effect.factor)] : []))
}

/** As Traefik sets them: once, and one for a version of weight 0 leads nowhere. */
function cookiesFor(lifetimeMs: number): CookiePlan {
  return { lifetimeMs, isRenewed: false, outlastsWeight: false }
}

function faultOf({ on, when, effect }: ScenarioFault, scenario: Scenario, stacks: readonly Stack[]): Fault {
  const struck = { stable: [stable], canary: [canary], both: [stable, canary], gateway: [] }[on.version]
  const versions = stacks.flatMap(({ version }, index) => ((struck as number[]).includes(version) ? [index] : []))
  const course = when.after === 'release' ? later(courseOf(when, scenario.durationMs), scenario.releaseAtMs) : never
  const { pods, zone, node } = on
  const selects = pods !== undefined || zone !== undefined || node !== undefined
  const where = { ...(pods ? { pods } : {}), ...(zone === undefined ? {} : { zone }), ...(node ? { node } : {}) }
  return { effect, versions, ...course, ...(selects ? { where } : {}) }
}

function delayOf({ p50Ms, p99Ms }: Percentiles): Delay {
  return p99Ms > p50Ms ? logNormalFrom({ p50: p50Ms, p99: p99Ms }) : { fixedMs: p50Ms }
}
