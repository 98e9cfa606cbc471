// One of two policies as the command line names it, and the world that comes with it if it is a scenario.
import { canonicalJson } from '../../policy/canonical-json.js'
import type { Files } from '../../scenario/files.js'
import { limits } from '../../scenario/limits.js'
import { isScenario, readScenario, type ScenarioFile } from '../../scenario/load.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'

export interface Side {
  readonly paths: readonly string[]
  readonly scenario: SideScenario | undefined
}

interface SideScenario {
  readonly path: string
  readonly file: ScenarioFile
}

export function sideOf(written: string, files: Files, problems: Problems): Side {
  const paths = pathsIn(written, files)
  const [path] = paths
  if (paths.length !== 1 || !isScenario(path!, files)) return { paths, scenario: undefined }
  const file = readScenario(path!, files, problems)
  return { paths: file?.policy ?? [], scenario: file && { path: path!, file } }
}

/** A file whose name has a comma in it is that file. */
function pathsIn(written: string, files: Files): readonly string[] {
  if (!written.includes(',') || !('missing' in files.read(written, limits.manifestBytes))) return [written]
  return written.split(',').filter((path) => path !== '')
}

/** That of the scenario that stands for a policy; of two, that of both. */
export function worldOf([first, second]: readonly [Side, Side], problems: Problems): readonly string[] {
  const [one, other] = [first.scenario, second.scenario].filter((scenario) => scenario !== undefined)
  if (one && other) tellOtherWorld(one, other, problems)
  return one ? [one.path] : []
}

function tellOtherWorld(one: SideScenario, other: SideScenario, problems: Problems): void {
  const different = differentFields(one.file, other.file)
  if (different.length === 0) return
  // What isn't written there has the place of the whole file.
  const places = different.map((field) => other.file.placeOf([field]))
  const place = places.find(({ line }) => line > 1) ?? places[0]!
  const hint = `Say in which both are to be flown: --scenario ${one.path}, or --scenario ${other.path}, or both.`
  const fields = different.map((field) => `\`${field}\``).join(', ')
  problems.error('other-world', place, `its world is another than that of ${one.path}: ${fields}`, { hint })
}

/** Words of a scenario that don't say what the world is like. */
const aside = new Set(['teaches', 'policy', 'budgets', 'seed'])

function differentFields(one: ScenarioFile, other: ScenarioFile): readonly string[] {
  const [first, second] = [one, other].map(({ scenario, rules, chaos }) => ({
    ...scenario,
    rules: rules.map(({ text }) => text),
    chaos: chaos.map(({ manifests, times }) => ({ manifests: textOf(manifests), times })),
  })) as [object, object]
  const of = (fields: object, name: string) => JSON.stringify((fields as Readonly<Record<string, unknown>>)[name])
  const names = [...Object.keys(first), ...Object.keys(second)].filter((name) => !aside.has(name))
  return [
    ...new Set(names.filter((name) => of(first, name) !== of(second, name)).map((name) => writtenAs[name] ?? name)),
  ]
}

/** Where a file has another word for it. */
const writtenAs: Readonly<Record<string, string>> = {
  releaseAtMs: 'release',
  releaseImage: 'release',
  durationMs: 'duration',
  startsAtMs: 'startsAt',
  rules: 'observability',
  chaos: 'faults',
}

/** Whatever their order and their comments. */
export function textOf(manifests: readonly Manifest[]): string {
  return manifests
    .map(({ value }) => canonicalJson(value))
    .sort()
    .join('\n')
}
