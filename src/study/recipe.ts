// What a plan is made from: texts and wishes only, so that a worker anywhere makes the same plan of it.
import { type Audience, type Plan, prepare } from '../run/plan.js'
import { type Logs, withLog } from '../scenario/access-log/replay.js'
import { type FileContent, type Files, remembering, scenarioName } from '../scenario/files.js'
import { limits } from '../scenario/limits.js'
import { readManifests, readScenario, type ScenarioFile } from '../scenario/load.js'
import type { Manifest } from '../scenario/manifest.js'
import { Problems } from '../scenario/problem.js'
import { manifestsOf, type RolloutName } from './select-rollout.js'

export interface Recipe {
  /** Path of the scenario, as seen from the program. */
  readonly scenario: string
  /** Paths of manifests that are flown instead of those that the scenario names. */
  readonly policy?: readonly string[] | undefined
  /** Which of several Rollouts among them is meant. */
  readonly rollout?: RolloutName | undefined
  readonly audience: Audience
  /** Whatever was read, by its path. */
  readonly files: ReadonlyMap<string, FileContent>
  /** Requests of each second, where a log is replayed: it may be too large to be read twice. */
  readonly counts?: readonly number[] | undefined
}

export interface Read {
  readonly recipe: Recipe
  /** Undefined if there is nothing to fly; why is among the problems. */
  readonly plan: Plan | undefined
  readonly file: ScenarioFile | undefined
  readonly manifests: readonly Manifest[]
}

export interface ToRead {
  readonly scenario: string
  readonly policy?: readonly string[] | undefined
  readonly rollout?: RolloutName | undefined
  readonly audience?: Audience
}

/** All files are read once, whoever asks for them later. */
export async function readRecipe(
  { scenario, policy, rollout, audience = {} }: ToRead,
  files: Files,
  logs: Logs,
  problems: Problems,
): Promise<Read> {
  const once = remembering(files)
  const read = readScenario(scenario, once, problems)
  const file = read && (await withLog(read, logs, problems))
  const counts = file?.scenario?.traffic.replay?.counts
  const recipe = { scenario, policy, rollout, audience, files: once.known, counts }
  return { recipe, ...make(recipe, file, once, problems) }
}

/** Of a recipe that has been made before. */
export function planFrom(recipe: Recipe): Plan {
  const { scenario, files, counts } = recipe
  const problems = new Problems()
  const known: Files = { read: (path) => files.get(path) ?? { missing: true } }
  const read = readScenario(scenario, known, problems)
  const { plan } = make(recipe, read && withCounts(read, counts), known, problems)
  problems.throwIfAny()
  return plan!
}

function make(
  { scenario, policy, rollout, audience }: Recipe,
  file: ScenarioFile | undefined,
  files: Files,
  problems: Problems,
) {
  const manifests = policy
    ? manifestsAt(policy, rollout, files, problems)
    : chosen(
        rollout,
        readManifests(file?.policy ?? [], files, problems, (index) => file!.placeOf(['policy', index])),
      )
  const plan = prepare(scenarioName(scenario), file, manifests, problems, audience)
  return { plan: problems.hasErrors ? undefined : plan, file, manifests }
}

/** What was read last: studies fly one policy in many worlds. */
let lastRead: LastRead | undefined

interface LastRead {
  readonly paths: readonly string[]
  readonly texts: readonly (string | undefined)[]
  readonly rollout: RolloutName | undefined
  readonly manifests: readonly Manifest[]
}

/** Of the same texts they are read once, if nothing was wrong with them. */
function manifestsAt(
  paths: readonly string[],
  rollout: RolloutName | undefined,
  files: Files,
  problems: Problems,
): readonly Manifest[] {
  const texts = paths.map((path) => {
    const content = files.read(path, limits.manifestBytes)
    return 'text' in content ? content.text : undefined
  })
  const isKnown = lastRead && isSame(lastRead.paths, paths) && isSame(lastRead.texts, texts)
  if (isKnown && isSameRollout(lastRead!.rollout, rollout)) return lastRead!.manifests
  const { count } = problems
  const manifests = chosen(rollout, readManifests(paths, files, problems))
  if (!texts.includes(undefined) && problems.count === count) lastRead = { paths, texts, rollout, manifests }
  return manifests
}

function chosen(rollout: RolloutName | undefined, manifests: readonly Manifest[]): readonly Manifest[] {
  return rollout ? manifestsOf(rollout, manifests) : manifests
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

function isSameRollout(one: RolloutName | undefined, other: RolloutName | undefined): boolean {
  return one?.name === other?.name && one?.namespace === other?.namespace
}

function withCounts(file: ScenarioFile, counts: readonly number[] | undefined): ScenarioFile {
  const { scenario } = file
  const replay = scenario?.traffic.replay
  if (!scenario || !replay || counts === undefined) return file
  return { ...file, scenario: { ...scenario, traffic: { ...scenario.traffic, replay: { ...replay, counts } } } }
}
