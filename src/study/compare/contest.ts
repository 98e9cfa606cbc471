// Reads two policies and the worlds in which both are flown, as far as they can be compared at all.
import { faultWords, struckBy } from '../../run/fault-words.js'
import type { Plan } from '../../run/plan.js'
import type { Logs } from '../../scenario/access-log/replay.js'
import { type Files, type Remembering, remembering } from '../../scenario/files.js'
import type { Manifest } from '../../scenario/manifest.js'
import { Problems, wholeFile } from '../../scenario/problem.js'
import type { Task } from '../pilot.js'
import { type Read, type Recipe, readRecipe } from '../recipe.js'
import type { World } from './comparison.js'
import { planInDefaultWorlds } from './default-worlds.js'
import { type Side, sideOf, textOf, worldOf } from './side.js'

export interface Contest {
  /** Whether both say the same. */
  readonly isIdentical: boolean
  /** That of the first world's scenario. */
  readonly seed: number
  readonly worlds: readonly ContestWorld[]
}

export interface ContestWorld extends Pick<World, 'scenario' | 'faults' | 'fidelity'> {
  readonly task: Task
}

export interface ToCompare {
  /** Manifests, folders, - for standard input, several separated by commas; or a scenario, for its policy. */
  readonly first: string
  readonly second: string
  /** Paths; without any, the worlds of the sides that are scenarios, or else one that is assumed, with default faults. */
  readonly scenarios: readonly string[]
  /** In the world that is assumed. */
  readonly ratePerSecond?: number | undefined
}

/** Undefined after everything that is wrong was told. */
export async function readContest(
  { first, second, scenarios, ratePerSecond }: ToCompare,
  files: Files,
  logs: Logs,
  problems: Problems,
): Promise<Contest | undefined> {
  const once = remembering(files)
  const found = new Problems()
  const sides = [first, second].map((written) => sideOf(written, once, found)) as [Side, Side]
  if (tellStandardInput([...sides.flatMap(({ paths }) => paths), ...scenarios], problems)) return undefined
  const worlds = scenarios.length > 0 ? [...new Set(scenarios)] : worldOf(sides, found)
  if (worlds.length > 0 && ratePerSecond !== undefined) tellRate(worlds[0]!, found)
  const paths = sides.map((side) => side.paths) as [Side['paths'], Side['paths']]
  const read = () =>
    worlds.length > 0
      ? readInScenarios(worlds, paths, once, logs, found)
      : readByDefault(paths, ratePerSecond, once, logs, found)
  const arena = found.hasErrors ? undefined : await read()
  tellOnce(found, problems)
  if (!arena || problems.hasErrors || tellOtherWorkload(arena.plans, second, problems)) return undefined
  const [one, other] = arena.manifests.map(textOf)
  return { isIdentical: one === other, seed: arena.plans[0].scenario.seed, worlds: arena.worlds }
}

/** Where both can be flown; the plans are those of the first world. */
interface Arena {
  readonly plans: readonly [Plan, Plan]
  readonly manifests: readonly [readonly Manifest[], readonly Manifest[]]
  readonly worlds: readonly ContestWorld[]
}

async function readInScenarios(
  scenarios: readonly string[],
  [first, second]: readonly [Side['paths'], Side['paths']],
  files: Files,
  logs: Logs,
  problems: Problems,
): Promise<Arena | undefined> {
  const read: (readonly [Read, Read])[] = []
  for (const scenario of scenarios) {
    const one = await readRecipe({ scenario, policy: first }, files, logs, problems)
    read.push([one, await readRecipe({ scenario, policy: second }, files, logs, problems)])
  }
  if (problems.hasErrors) return undefined
  const [one, other] = read[0]!
  return {
    plans: [one.plan!, other.plan!],
    manifests: [one.manifests, other.manifests],
    worlds: read.map(([{ plan, recipe }, { recipe: rival }]) => ({
      scenario: plan!.name,
      faults: plan!.scenario.faults.map((fault) => fault.name ?? `${struckBy(fault)}: ${faultWords(fault)}`),
      fidelity: plan!.fidelity.fidelity,
      task: taskOf(recipe, rival),
    })),
  }
}

async function readByDefault(
  paths: readonly [Side['paths'], Side['paths']],
  ratePerSecond: number | undefined,
  files: Remembering,
  logs: Logs,
  problems: Problems,
): Promise<Arena | undefined> {
  const planned = await planInDefaultWorlds(paths, ratePerSecond, files, logs, problems)
  const [one, other] = planned ?? []
  const [rival] = other?.flights ?? []
  if (!one || !other || !rival) return undefined
  const { plan, manifests } = one.subject
  return {
    plans: [plan!, other.subject.plan!],
    manifests: [manifests, other.subject.manifests],
    worlds: one.flights.map(({ fault, recipe, text }) => ({
      scenario: assumed,
      faults: fault.faults.length === 0 ? [] : [fault.title],
      fidelity: plan!.fidelity.fidelity,
      // What goes wrong is the same for both, also where it hangs on what the first one is like.
      task: taskOf(recipe, { ...rival.recipe, files: new Map([...rival.recipe.files, [recipe.scenario, { text }]]) }),
    })),
  }
}

const assumed = 'assumed world'

function taskOf(first: Recipe, second: Recipe): Task {
  return { arms: [first, second], pairs: [[0, 1]] }
}

/** What is said of a file that both sides read is said once. */
function tellOnce(found: Problems, problems: Problems): void {
  const told = new Set<string>()
  for (const problem of found.inOrder) {
    const text = JSON.stringify(problem)
    if (!told.has(text)) problems.add(problem)
    told.add(text)
  }
}

function tellStandardInput(paths: readonly string[], problems: Problems): boolean {
  if (paths.filter((path) => path === '-').length < 2) return false
  const hint = 'Write one of them to a file first.'
  problems.error('standard-input-twice', wholeFile('-'), 'standard input can be one of them only', { hint })
  return true
}

function tellRate(scenario: string, problems: Problems): void {
  const hint = 'Change `traffic.rate` there, or leave the scenario out.'
  problems.error('rate-twice', wholeFile(scenario), '--rate is for a world that is assumed, and this is a scenario', {
    hint,
  })
}

function tellOtherWorkload(plans: readonly [Plan, Plan], second: string, problems: Problems): boolean {
  const [a, b] = plans.map(({ policy: { rollout } }) => `${rollout.namespace}/${rollout.name}`)
  if (a === b) return false
  const hint = 'Two policies for one workload are compared: give their Rollouts one name and namespace.'
  problems.error('other-workload', wholeFile(second), `it releases \`${b}\`, the first policy \`${a}\``, { hint })
  return true
}
