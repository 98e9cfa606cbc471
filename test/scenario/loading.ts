// Loads scenarios and manifests that should be sound; throws a ProblemError with everything that is wrong with them.
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import type { Manifest } from '../../src/scenario/manifest.js'
import { type Problem, Problems } from '../../src/scenario/problem.js'
import type { Scenario } from '../../src/scenario/scenario.js'

export function loadScenario(path: string, files: Files): Scenario {
  const problems = new Problems()
  const read = readScenario(path, files, problems)
  problems.throwIfAny()
  return read!.scenario!
}

/** Warnings are lost, unless the collector is yours. */
export function loadManifests(paths: readonly string[], files: Files, problems = new Problems()): Manifest[] {
  const manifests = readManifests(paths, files, problems)
  problems.throwIfAny()
  return manifests
}

export interface Flight {
  readonly scenario: Scenario
  readonly manifests: readonly Manifest[]
  readonly warnings: readonly Problem[]
}

/** A scenario and the policy it names. */
export function loadFlight(path: string, files: Files): Flight {
  const problems = new Problems()
  const read = readScenario(path, files, problems)
  const manifests = readManifests(read?.policy ?? [], files, problems, (index) => read!.placeOf(['policy', index]))
  problems.throwIfAny()
  return { scenario: read!.scenario!, manifests, warnings: problems.sorted() }
}
