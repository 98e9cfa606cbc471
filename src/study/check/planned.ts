// A Rollout with the world that it is going to be flown in, and all the flights that are going to be flown.

import { type ArgoPolicy, readPolicy } from '../../policy/argo/policy.js'
import { metricsOf } from '../../run/asked-metrics.js'
import { flyHealthily } from '../../run/explain/healthy-flight.js'
import { assumedWorld } from '../../run/explain/healthy-world.js'
import { flyRecorded } from '../../run/fly.js'
import type { Plan } from '../../run/plan.js'
import type { Logs } from '../../scenario/access-log/replay.js'
import { type Budget, parseBudget } from '../../scenario/budget.js'
import { defined } from '../../scenario/defined.js'
import type { Files, Remembering } from '../../scenario/files.js'
import { limits } from '../../scenario/limits.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { type Place, type Problem, Problems } from '../../scenario/problem.js'
import { type Recipe, readRecipe } from '../recipe.js'
import { manifestsOf, type RolloutName, rolloutName, rolloutsIn } from '../select-rollout.js'
import { type DefaultFault, defaultFaults, type Release, scenariosWith, withoutFaults } from './faults.js'
import type { Subject } from './rule.js'
import { type InferredWorld, inferWorld } from './world.js'

export interface PlannedFlight {
  readonly fault: DefaultFault
  readonly recipe: Recipe
  /** Of its scenario. */
  readonly text: string
  readonly budgets: readonly Budget[]
}

export interface Planned {
  readonly rollout: RolloutName
  readonly place: Place
  /** Path of the scenario that was given. */
  readonly scenario: string | null
  readonly subject: Subject
  readonly problems: readonly Problem[]
  readonly release: Release | undefined
  /** Metrics that others than Prometheus answer, where nobody said what. */
  readonly unanswered: readonly string[]
  /** None where something keeps it from being flown. */
  readonly flights: readonly PlannedFlight[]
}

export interface Wishes {
  readonly scenario?: string | undefined
  /** The world to assume, if not that which this policy needs by itself. */
  readonly world?: InferredWorld
  readonly ratePerSecond?: number | undefined
  /** How a scenario for these manifests has to name them. */
  readonly policy?: readonly string[]
  readonly seed: number
  /** Of every flight. */
  readonly budgets: readonly Budget[]
}

export async function planRollout(
  written: Manifest,
  all: readonly Manifest[],
  wishes: Wishes,
  files: Remembering,
  logs: Logs,
): Promise<Planned> {
  const rollout = rolloutName(written)
  const manifests = manifestsOf(rollout, all)
  const policy = readPolicy(manifests, new Problems())
  const paths = [...new Set(manifests.map(({ file }) => file))]
  const read = (world: World, problems: Problems) => {
    const { path: scenario, text, isAssumed } = world
    const toRead = { scenario, policy: paths, rollout, audience: { isAssumed } }
    return readRecipe(toRead, text === undefined ? files : overlaid(files, scenario, text), logs, problems)
  }
  const problems = new Problems()
  const world = worldFor(policy, manifests, wishes, files)
  const { recipe, plan } = await read(world, problems)
  // What is assumed is nobody's mistake, and what a policy has no use for in it no news.
  const told = problems.sorted().filter(({ file }) => file !== assumedWorld)
  const unanswered = plan && world.isAssumed ? unansweredIn(plan) : []
  const isJudged = unanswered.length === 0
  const release = plan && releaseOf(plan, world.healthyMs ?? flyHealthily(plan).lastedMs, isJudged)
  return {
    rollout,
    place: placeOf(written),
    scenario: wishes.scenario ?? null,
    subject: {
      manifests,
      otherRollouts: rolloutsIn(all).filter((other) => other !== written),
      policy,
      plan,
      healthy: plan && flyRecorded(plan, wishes.seed),
      isRateAssumed: world.isAssumed && wishes.ratePerSecond === undefined,
    },
    problems: told,
    release,
    unanswered,
    flights: release ? flightsOf(recipe, world, release, wishes.budgets) : [],
  }
}

interface World {
  readonly path: string
  /** Undefined where there is none to be read. */
  readonly text: string | undefined
  readonly isAssumed: boolean
  readonly healthyMs?: number
}

function worldFor(
  policy: ArgoPolicy | undefined,
  manifests: readonly Manifest[],
  { scenario, world: assumed, ratePerSecond, policy: named }: Wishes,
  files: Files,
): World {
  if (scenario !== undefined) {
    const content = files.read(scenario, limits.scenarioBytes)
    return { path: scenario, text: 'text' in content ? withoutFaults(content.text) : undefined, isAssumed: false }
  }
  const known = defined({ ratePerSecond, policy: named })
  const world = assumed ?? (policy ? inferWorld(policy, manifests, known) : { text: '' })
  return { path: assumedWorld, isAssumed: true, ...world }
}

/** What others than Prometheus answer, nobody has said. */
function unansweredIn({ policy, release, scenario }: Plan): readonly string[] {
  const others = metricsOf(policy, release, scenario.people).filter(
    ({ metric }) => metric.provider.kind !== 'prometheus',
  )
  return [...new Set(others.map(({ metric }) => `${metric.name} (${metric.provider.kind})`))]
}

function releaseOf(plan: Plan, healthyMs: number, isJudged: boolean): Release {
  const { scenario } = plan
  const { durationMs, releaseAtMs, service, dependencies } = scenario
  const baseBytes = service.stable.memory?.baseBytes ?? 0
  const written = plan.policy.rollout.template.spec?.memoryLimitBytes
  const bounds = [service.stable.memory?.limitBytes, written, baseBytes + usualRoomBytes]
  const limitBytes = bounds.find((bytes) => bytes !== undefined && Number.isFinite(bytes))!
  return {
    healthyMs,
    longestMs: durationMs - releaseAtMs,
    memory: { baseBytes, limitBytes },
    dependency: dependencies[0]?.name ?? 'backend',
    isJudged,
  }
}

/** What a leak has to fill where no limit is written. */
const usualRoomBytes = 128 * 2 ** 20

function flightsOf(recipe: Recipe, world: World, release: Release, asked: readonly Budget[]): readonly PlannedFlight[] {
  const faults = defaultFaults(release)
  const texts = scenariosWith(world.text!, faults, release.dependency)
  return faults.map((fault, index) => {
    const text = texts[index]!
    const own = fault.budgets.flatMap((written) => {
      const parsed = parseBudget(written)
      return parsed.ok ? [parsed.value] : []
    })
    const overridden = own.filter(({ metric }) => asked.every((budget) => budget.metric !== metric))
    const flown = { ...recipe, files: new Map([...recipe.files, [recipe.scenario, { text }]]) }
    return { fault, recipe: flown, text, budgets: [...overridden, ...asked] }
  })
}

/** The same files, but for one that reads otherwise. */
function overlaid(files: Files, path: string, text: string): Files {
  return { read: (wanted, maxBytes) => (wanted === path ? { text } : files.read(wanted, maxBytes)) }
}
