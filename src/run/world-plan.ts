// The world of a flight, as its plan: what the scenario says of traffic, versions and faults, for each stack of pods.
import { logNormalFrom } from '../kernel/lognormal.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { replicasOf } from '../policy/argo/workload-reference.js'
import type { ScenarioFault } from '../scenario/faults.js'
import type { Scenario, VersionBehaviour } from '../scenario/scenario.js'
import { Behaviour } from '../world/behaviour.js'
import type { PodLifePlan, Start } from '../world/cluster/pod-life.js'
import { courseOf, later } from '../world/course.js'
import { concernsAnswers, concernsPods, type Fault } from '../world/fault.js'
import type { FlowPlan } from '../world/flow.js'
import { alike } from '../world/lanes.js'
import { Latency } from '../world/latency/latency.js'
import { populationOf } from '../world/population.js'
import { Traffic } from '../world/traffic.js'
import type { Observation } from './observation.js'
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
  faults: readonly Fault[],
  observation: Observation,
): FlowPlan {
  const { traffic, slo } = scenario
  const behaviour = (stack: number, base: VersionBehaviour) =>
    new Behaviour(
      {
        errorRatio: base.errorRatio,
        latency: Latency.of(base.latency),
        capacityPerPod: base.capacityPerSecond ?? Number.POSITIVE_INFINITY,
      },
      faults.filter(concernsAnswers).filter(({ versions }) => versions.includes(stack)),
    )
  const { objectiveRatio, windowMs, latencyMs } = slo
  return {
    traffic: new Traffic(linesOf(traffic.points)),
    answering: alike(stacks.map(({ version }, index) => behaviour(index, behaviourOf(scenario, version)))),
    isReleased: stacks.map(({ version }) => version === canary),
    stablePods: rollout.replicas + (workload ? replicasOf(workload) : 0),
    audience: {
      ...populationOf(traffic),
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

function behaviourOf({ service }: Scenario, version: number): VersionBehaviour {
  return version === stable ? service.stable : service.canary
}

/** A ramp starts from the rate before it; two points at one instant are a step. */
function linesOf(points: Scenario['traffic']['points']): { atMs: number; requestsPerSecond: number }[] {
  return points.flatMap(({ atMs, ratePerSecond, rampMs }, index) => {
    const before = points[index - 1]?.ratePerSecond ?? ratePerSecond
    return [
      { atMs, requestsPerSecond: before },
      { atMs: atMs + rampMs, requestsPerSecond: ratePerSecond },
    ]
  })
}

function startOf({ start: { p50Ms, p99Ms } }: VersionBehaviour): Start {
  return p99Ms > p50Ms ? logNormalFrom({ p50: p50Ms, p99: p99Ms }) : { fixedMs: p50Ms }
}
