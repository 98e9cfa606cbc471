// From paths to scenarios and manifests: what lies there is read within limits, and every problem is told at once.
import type { ChaosTimes } from './chaos/surroundings.js'
import { referenceFrom } from './fault-from.js'
import { type FileContent, type Files, pathFrom, pathIn } from './files.js'
import { isJsonObject, type Json } from './json.js'
import { limits } from './limits.js'
import { looksLikeScenario, type Manifest, manifestsIn } from './manifest.js'
import { type Place, Problems, wholeFile } from './problem.js'
import { type Scenario, scenarioFrom } from './scenario.js'
import { type ScenarioFields, scenarioSchema } from './schema.js'
import { validate } from './schema-problems.js'
import { textOf } from './text-file.js'
import { parseYaml, type YamlDocument } from './yaml.js'
import type { Path } from './yaml-value.js'

export interface ScenarioFile {
  /** Undefined if there are errors among the problems. */
  readonly scenario: Scenario | undefined
  /** Paths of the policy, as seen from the program. */
  readonly policy: readonly string[]
  /** Rule files that could be read. */
  readonly rules: readonly RuleFile[]
  /** What its faults have in files of their own. */
  readonly chaos: readonly ChaosFile[]
  placeOf(inside: Path): Place
  /** By its place among the faults that the scenario itself tells of. */
  placeOfFault(index: number, inside?: Path): Place
}

export interface ChaosFile {
  readonly manifests: readonly Manifest[]
  readonly times: ChaosTimes
  /** Where the scenario names it. */
  readonly place: Place
}

export interface RuleFile {
  /** As seen from the program. */
  readonly path: string
  readonly text: string
}

/** Whether a file is a scenario, or begins as one: manifests say what they are, and a scenario says what it needs. */
export function isScenario(path: string, files: Files): boolean {
  const content = files.read(path, limits.manifestBytes)
  if (!('text' in content)) return false
  const [value] = parseYaml(content.text, path, 'yaml-1.2', new Problems()).map((document) => document.value)
  return looksLikeScenario(value)
}

/** Undefined if it isn't even a document. */
export function readScenario(path: string, files: Files, problems: Problems): ScenarioFile | undefined {
  const content = files.read(path, limits.scenarioBytes)
  const text = textOf(path, content, limits.scenarioBytes, wholeFile(path), files, problems)
  if (text === undefined) return undefined
  const errors = problems.errorCount
  const documents = parseYaml(text, path, 'yaml-1.2', problems).filter(({ value }) => value !== null)
  if (tellManifest(documents, path, problems)) return undefined
  const document = onlyDocument(documents, path, errors, problems)
  if (document === undefined) return undefined
  const fields = validate(scenarioSchema, document, path, problems)
  const policy = Object.freeze(policyIn(document).map((written) => pathFrom(path, written)))
  const placeOf = (inside: Path): Place => ({ file: path, ...document.positionOf(inside) })
  const isSound = fields !== undefined && problems.errorCount === errors
  const scenario = isSound ? Object.freeze({ ...scenarioFrom(fields), policy }) : undefined
  const rules = readRuleFiles(path, document, files, problems, placeOf)
  const chaos = readChaos(path, fields, files, problems, placeOf)
  const own = (fields?.faults ?? []).flatMap(({ manifest }, index) => (manifest === undefined ? [index] : []))
  const placeOfFault = (index: number, inside: Path = []) => placeOf(['faults', own[index] ?? index, ...inside])
  return { scenario, policy, rules, chaos, placeOf, placeOfFault }
}

function readChaos(
  scenario: string,
  fields: ScenarioFields | undefined,
  files: Files,
  problems: Problems,
  placeOf: ScenarioFile['placeOf'],
): readonly ChaosFile[] {
  return (fields?.faults ?? []).flatMap((fault, index) => {
    const place = placeOf(['faults', index, 'manifest'])
    return referenceFrom(fault).flatMap(({ path, times }) => {
      const errors = problems.errorCount
      const manifests = readManifests([pathFrom(scenario, path)], files, problems, () => place)
      // What isn't there, or can't be read, has been told.
      return manifests.length === 0 && problems.errorCount > errors ? [] : [{ manifests, times, place }]
    })
  })
}

/** The policy's paths as far as they can be read, so that its files are looked at whatever else is wrong. */
function policyIn({ value }: YamlDocument): readonly string[] {
  const policy = isJsonObject(value) ? value['policy'] : undefined
  const paths = Array.isArray(policy) ? (policy as readonly Json[]) : [policy]
  return paths.filter((path) => typeof path === 'string')
}

/** Each once, however often it is named. */
function readRuleFiles(
  scenario: string,
  { value }: YamlDocument,
  files: Files,
  problems: Problems,
  placeOf: ScenarioFile['placeOf'],
): readonly RuleFile[] {
  const observability = isJsonObject(value) ? value['observability'] : undefined
  const rules = isJsonObject(observability) ? observability['rules'] : undefined
  const found = new Map<string, RuleFile>()
  for (const [index, written] of (Array.isArray(rules) ? (rules as readonly Json[]) : []).entries()) {
    if (typeof written !== 'string') continue
    const path = pathFrom(scenario, written)
    if (found.has(path)) continue
    const content = files.read(path, limits.ruleBytes)
    const place = placeOf(['observability', 'rules', index])
    const text = textOf(path, content, limits.ruleBytes, place, files, problems)
    if (text !== undefined) found.set(path, { path, text })
  }
  return [...found.values()]
}

/** What could be read; `mentioned` tells where the path of an index was written, if not on the command line. */
export function readManifests(
  paths: readonly string[],
  files: Files,
  problems: Problems,
  mentioned: (index: number) => Place = (index) => wholeFile(paths[index]!),
): Manifest[] {
  const reading: Reading = { files, problems, manifests: [], seen: new Set(), characters: 0 }
  for (const [index, path] of paths.entries()) {
    const content = files.read(path, limits.manifestBytes)
    if ('directory' in content) readDirectory(reading, path, content.directory, mentioned(index))
    else readFile(reading, path, content, mentioned(index), 'error')
  }
  return reading.manifests
}

interface Reading {
  readonly files: Files
  readonly problems: Problems
  readonly manifests: Manifest[]
  /** A file named twice, or by itself and with its directory, is read once. */
  readonly seen: Set<string>
  characters: number
}

/** Like kubectl: not what lies in directories inside, and only names that end as manifests do. */
function readDirectory(reading: Reading, directory: string, names: readonly string[], place: Place): void {
  const { files, problems } = reading
  const chosen = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort()
  if (chosen.length > limits.filesInDirectory) {
    problems.error('limit-files', place, `more than ${limits.filesInDirectory} manifest files in \`${directory}\``)
    return
  }
  let empty = true
  for (const name of chosen) {
    const path = pathIn(directory, name)
    const content = files.read(path, limits.manifestBytes)
    if ('directory' in content) continue
    if (readFile(reading, path, content, wholeFile(path), 'warning')) empty = false
  }
  if (!empty) return
  const hint = 'Files that end in .yaml, .yml or .json are read; directories inside are not.'
  problems.error('directory-empty', place, `no manifests in the directory \`${directory}\``, { hint })
}

/** False if the file turned out to be empty. */
function readFile(
  reading: Reading,
  path: string,
  content: FileContent,
  mentioned: Place,
  ifEmpty: 'error' | 'warning',
): boolean {
  const { files, problems, manifests, seen } = reading
  const identity = pathIn('.', path)
  if (seen.has(identity)) return true
  seen.add(identity)
  const text = textOf(path, content, limits.manifestBytes, mentioned, files, problems)
  if (text === undefined || isOver(reading, text, mentioned)) return true
  const errors = problems.errorCount
  const documents = parseYaml(text, path, 'kubernetes', problems)
  for (const document of documents) for (const each of manifestsIn(document, path, problems)) manifests.push(each)
  const empty = problems.errorCount === errors && documents.every(({ value }) => value === null)
  if (empty) problems[ifEmpty]('file-empty', wholeFile(path), 'this file holds no manifest')
  return !empty
}

/** Says once, at the file that was too much, that nothing more is read. */
function isOver(reading: Reading, text: string, mentioned: Place): boolean {
  const wasOver = reading.characters > limits.policyBytes
  reading.characters += text.length
  if (wasOver || reading.characters <= limits.policyBytes) return wasOver
  const message = `the manifests have more than ${limits.policyBytes} bytes together: the rest is not read`
  reading.problems.error('limit-policy-size', mentioned, message)
  return true
}

/** A policy is easily given in place of the scenario that names it. */
function tellManifest([document]: readonly YamlDocument[], path: string, problems: Problems): boolean {
  if (!document || !isJsonObject(document.value)) return false
  const { apiVersion, kind } = document.value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false
  const message = `this is a manifest (${kind}), not a scenario`
  const hint = `\`coalmine check ${path}\` flies it without a scenario, and \`coalmine init ${path}\` writes one.`
  problems.error('scenario-is-manifest', { file: path, ...document.positionOf([]) }, message, { hint })
  return true
}

function onlyDocument(
  [document, second]: readonly YamlDocument[],
  path: string,
  errorsBefore: number,
  problems: Problems,
): YamlDocument | undefined {
  if (document === undefined && problems.errorCount === errorsBefore) {
    problems.error('file-empty', wholeFile(path), 'this file holds no scenario')
  }
  if (second === undefined) return document
  problems.error('scenario-documents', { file: path, ...second.positionOf([]) }, 'a file holds one scenario, not two')
  return undefined
}
