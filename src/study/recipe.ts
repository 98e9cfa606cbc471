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
  const all = policy
    ? manifestsAt(policy, files, problems)
    : readManifests(file?.policy ?? [], files, problems, (index) => file!.placeOf(['policy', index]))
  const manifests = rollout ? manifestsOf(rollout, all) : all
  const plan = prepare(scenarioName(scenario), file, manifests, problems, audience)
  return { plan: problems.hasErrors ? undefined : plan, file, manifests }
}

/** What was read last: studies fly one policy in many worlds. */
let lastRead: { readonly contents: readonly FileContent[]; readonly manifests: readonly Manifest[] } | undefined

/** Of the same contents they are read once, if nothing was wrong with them. */
function manifestsAt(paths: readonly string[], files: Files, problems: Problems): readonly Manifest[] {
  const contents = paths.map((path) => files.read(path, limits.manifestBytes))
  const isSame = (content: FileContent, index: number) => content === lastRead?.contents[index]
  if (lastRead?.contents.length === contents.length && contents.every(isSame)) return lastRead.manifests
  const { count } = problems
  const manifests = readManifests(paths, files, problems)
  const isWhole = contents.every((content) => 'text' in content) && problems.count === count
  if (isWhole) lastRead = { contents, manifests }
  return manifests
}

function withCounts(file: ScenarioFile, counts: readonly number[] | undefined): ScenarioFile {
  const { scenario } = file
  const replay = scenario?.traffic.replay
  if (!scenario || !replay || counts === undefined) return file
  return { ...file, scenario: { ...scenario, traffic: { ...scenario.traffic, replay: { ...replay, counts } } } }
}
