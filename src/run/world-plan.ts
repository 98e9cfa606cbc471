// The world of a flight, as its plan: what the scenario says of traffic, versions and faults, for each stack of pods.
import { logNormalFrom } from '../kernel/lognormal.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { replicasOf } from '../policy/argo/workload-reference.js'
import type { ScenarioFault } from '../scenario/faults.js'
import type { Scenario } from '../scenario/scenario.js'
import type { VersionBehaviour } from '../scenario/service.js'
import type { PodLifePlan, Start } from '../world/cluster/pod-life.js'
import { courseOf, later } from '../world/course.js'
import { concernsPods, type Fault } from '../world/fault.js'
import type { FlowPlan } from '../world/flow.js'
import type { Population } from '../world/population.js'
import { ShapedTraffic } from '../world/shaped-traffic.js'
import type { Observation } from './observation.js'
import { behaviourOf } from './service-plan.js'
import { canary, type Stack, stable } from './stacks.js'

export function faultsOf(scenario: Scenario, stacks: readonly Stack[]): readonly Fault[] {
  return scenario.faults.map((fault) => faultOf(fault, scenario, stacks))
}

export function podLifePlanOf(scenario: Scenario, stacks: readonly Stack[], faults: readonly Fault[]): PodLifePlan {
  const starts = stacks.map(({ version }) => startOf(behaviourOf(scenario, version)))
  return { starts, faults: faults.filter(concernsPods) }
}

export function flowPlanOf(
  scenario: Scenario,
  { rollout, workload, keepsUsers }: ArgoPolicy,
  stacks: readonly Stack[],
  population: Population,
  observation: Observation,
): Omit<FlowPlan, 'answering'> {
  const { traffic, slo } = scenario
  const { objectiveRatio, windowMs, latencyMs } = slo
  return {
    traffic: new ShapedTraffic(traffic, scenario.startsAtMs, scenario.durationMs),
    isReleased: stacks.map(({ version }) => version === canary),
    stablePods: rollout.replicas + (workload ? replicasOf(workload) : 0),
    audience: {
      ...population,
      stickiness: traffic.sticky ?? (keepsUsers ? 'hash' : 'request'),
    },
    objective: { ratio: objectiveRatio, windowMs, ...(latencyMs === undefined ? {} : { latencyMs }) },
    ...(observation.latencyBoundsMs ? { latencyBoundsMs: observation.latencyBoundsMs } : {}),
    horizonMs: scenario.durationMs,
    watched: observation.watched,
    looksApart: observation.isSpread && observation.perPod,
  }
}

function faultOf({ on, when, effect }: ScenarioFault, scenario: Scenario, stacks: readonly Stack[]): Fault {
  const struck = { stable: [stable], canary: [canary], both: [stable, canary], gateway: [] }[on.version]
  const versions = stacks.flatMap(({ version }, index) => ((struck as number[]).includes(version) ? [index] : []))
  const course = later(courseOf(when, scenario.durationMs), scenario.releaseAtMs)
  return { effect, versions, ...course }
}

function startOf({ start: { p50Ms, p99Ms } }: VersionBehaviour): Start {
  return p99Ms > p50Ms ? logNormalFrom({ p50: p50Ms, p99: p99Ms }) : { fixedMs: p50Ms }
}
