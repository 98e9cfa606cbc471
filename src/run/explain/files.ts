// From the files that a person names to an explanation: manifests of a policy, or a scenario with its own.
import { isChaos } from '../../scenario/chaos/chaos.js'
import { type Files, remembering, scenarioName } from '../../scenario/files.js'
import { isScenario, readManifests, readScenario, type ScenarioFile } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import { type Problem, Problems } from '../../scenario/problem.js'
import { prepare } from '../plan.js'
import { type Explanation, explain } from './explain.js'
import { assumedWorld, healthyWorldFor } from './healthy-world.js'

export interface FilesRead {
  /** Of the scenario; null for manifests alone. */
  readonly name: string | null
  readonly file: ScenarioFile | undefined
  readonly manifests: readonly Manifest[]
}

export function readForExplanation(paths: readonly string[], files: Files, problems: Problems): FilesRead {
  const once = remembering(files)
  const [path] = paths
  if (paths.length !== 1 || !isScenario(path!, once)) {
    return { name: null, file: undefined, manifests: readManifests(paths, once, problems) }
  }
  const file = readScenario(path!, once, problems)
  const mentioned = (index: number) => file!.placeOf(['policy', index])
  const manifests = readManifests(file?.policy ?? [], once, problems, mentioned)
  return { name: scenarioName(path!), file, manifests }
}

/** Undefined when there is nothing to explain; why is among the problems. */
export function explainFiles({ name, file, manifests }: FilesRead, problems: Problems): Explanation | undefined {
  const world = name === null ? healthyWorldFor(manifests) : file && withoutFaults(file)
  const found = new Problems()
  const peaceful = manifests.filter((manifest) => !isChaos(manifest))
  const plan = prepare(name ?? assumedWorld, world, peaceful, found)
  // That the policy has no use for something assumed is nobody's mistake.
  const isOurs = ({ file, severity }: Problem) => file === assumedWorld && severity === 'warning'
  for (const problem of found.inOrder) if (!isOurs(problem)) problems.add(problem)
  return plan && explain(plan, name, !problems.hasErrors)
}

function withoutFaults(file: ScenarioFile): ScenarioFile {
  return file.scenario ? { ...file, chaos: [], scenario: { ...file.scenario, faults: [] } } : file
}
