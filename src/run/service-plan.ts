// How the versions answer in a flight, as its plan: what the scenario says of them, and of the faults in their answers.
import type { Dependency } from '../scenario/dependencies.js'
import type { FaultEffect, ScenarioFault } from '../scenario/faults.js'
import type { LatencyShape } from '../scenario/latency.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Answers, Cold, VersionBehaviour } from '../scenario/service.js'
import type { BehaviourBase } from '../world/behaviour.js'
import { codesWith, TIMEOUT } from '../world/codes.js'
import { Conditions } from '../world/conditions.js'
import { type AnswerEffect, concernsAnswers, type Fault, isSizedByFlight } from '../world/fault.js'
import { Latency } from '../world/latency/latency.js'
import type { RequestFault, ServicePlan } from '../world/service.js'
import { isSelected, type Strand } from '../world/strand.js'
import { type Stack, stable } from './stacks.js'

/** Where something hangs and the scenario doesn't say how long clients wait: the timeout of a route of Envoy. */
const defaultTimeoutMs = 15_000

/** Response codes that there can be in a flight. */
export function codesOf(scenario: Scenario): readonly number[] {
  const statuses = scenario.faults.flatMap(({ effect }) => ('status' in effect ? [effect.status] : []))
  const { stable, canary } = scenario.service
  const answers = [stable, canary].flatMap((behaviour) => [behaviour, ...behaviour.parts])
  for (const { otherErrors = [] } of answers) statuses.push(...otherErrors.map(({ status }) => status))
  return codesWith(timeoutOf(scenario) === undefined ? statuses : [...statuses, TIMEOUT])
}

export function servicePlanOf(
  scenario: Scenario,
  stacks: readonly Stack[],
  strands: readonly Strand[],
  faults: readonly Fault[],
): ServicePlan {
  const behaviours = stacks.map(({ version }) => behaviourOf(scenario, version))
  return {
    codes: codesOf(scenario),
    timeoutMs: timeoutOf(scenario),
    strands,
    bases: behaviours.map((behaviour) => basesOf(behaviour, strands)),
    cold: behaviours.map(({ cold }) => coldEffects(cold)),
    faults: faults.flatMap((fault, index) =>
      requestFaults(fault, scenario.faults[index]!, scenario, strands, [...stacks.keys()]),
    ),
    conditions: new Conditions(),
  }
}

export function behaviourOf({ service }: Scenario, version: number): VersionBehaviour {
  return version === stable ? service.stable : service.canary
}

function timeoutOf({ clients, faults }: Scenario): number | undefined {
  const hangs = faults.some(({ effect }) => effect.kind === 'hang')
  return clients.timeoutMs ?? (hangs ? defaultTimeoutMs : undefined)
}

/** By strand; what takes equally long has one law. */
function basesOf(behaviour: VersionBehaviour, strands: readonly Strand[]): readonly BehaviourBase[] {
  const laws = new Map<LatencyShape, Latency>()
  return strands.map((strand) => {
    const part = answersOf(behaviour, strand)
    const law = laws.get(part.latency) ?? Latency.of(part.latency)
    laws.set(part.latency, law)
    return baseOf(behaviour, part, law)
  })
}

/** What is said of a part of the requests goes before what is said of all. */
export function answersOf(behaviour: VersionBehaviour, strand: Strand): Answers {
  return behaviour.parts.findLast((part) => isSelected(strand, part)) ?? behaviour
}

function baseOf(behaviour: VersionBehaviour, { errorRatio, otherErrors }: Answers, latency: Latency): BehaviourBase {
  return {
    errorRatio,
    ...(otherErrors && { otherErrors }),
    latency,
    capacityPerPod: behaviour.capacityPerSecond ?? Number.POSITIVE_INFINITY,
    ...(behaviour.places && { places: behaviour.places }),
  }
}

function coldEffects(cold: Cold | undefined): readonly AnswerEffect[] {
  const effects: AnswerEffect[] = []
  if (cold?.errorRatio !== undefined) effects.push({ kind: 'errors', ratio: cold.errorRatio, status: 500 })
  if (cold?.latency !== undefined) effects.push({ kind: 'latency', change: cold.latency })
  return effects
}

/** None, where it changes no answers. */
function requestFaults(
  fault: Fault,
  written: ScenarioFault,
  scenario: Scenario,
  strands: readonly Strand[],
  everyVersion: readonly number[],
): readonly RequestFault[] {
  const { on, when, effect } = written
  const answers = answerEffectOf(effect)
  if (answers === undefined) return []
  const dependency = scenario.dependencies.find(({ name }) => name === on.dependency)
  const shares = strands.map((strand) =>
    isSelected(strand, on) ? (on.shareRatio ?? 1) * callShare(dependency, strand) : 0,
  )
  const selected = (_: number, strand: number) => shares[strand]!
  return [
    {
      ...fault,
      index: scenario.faults.indexOf(written),
      effect: answers,
      // Who reads what is spoiled is whoever comes, not only those who spoil it.
      share: effect.kind === 'poison' ? () => 1 : selected,
      causes: (version, strand) => (fault.versions.includes(version) ? selected(version, strand) : 0),
      // Of what is spoiled nobody is spared.
      versions: effect.kind === 'poison' ? everyVersion : fault.versions,
      isOfSomePods: fault.where !== undefined,
      isOfRelease: effect.kind === 'poison' || effect.kind === 'skew',
      isLatent: when.after !== 'release' || isSizedByFlight(effect),
    },
  ]
}

/** What readers of spoiled or changed data get are errors, and how many depends on the flight. */
function answerEffectOf(effect: FaultEffect): AnswerEffect | undefined {
  if (effect.kind === 'poison') return { kind: 'errors', ratio: 1, status: effect.status }
  if (effect.kind === 'skew') return { kind: 'errors', ratio: effect.ratio, status: effect.status }
  const struck = { effect }
  return concernsAnswers(struck) ? struck.effect : undefined
}

/** What of the requests of a strand calls the dependency that a fault is of. */
function callShare(dependency: Dependency | undefined, { route }: Strand): number {
  if (dependency === undefined) return 1
  const { routes, shareRatio } = dependency
  return routes === undefined || (route !== undefined && routes.includes(route)) ? shareRatio : 0
}
