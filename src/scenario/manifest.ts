// One Kubernetes object as it lies in a file.
import { isJsonObject, type Json, type JsonObject } from './json.js'
import type { Place, Problems } from './problem.js'
import type { Position, YamlDocument } from './yaml.js'
import type { Path } from './yaml-value.js'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  /** `metadata.name`, or `metadata.generateName` where the server is to make one up. */
  readonly name: string
  readonly namespace?: string
  readonly value: JsonObject
  readonly file: string
  /** Counts the documents of the file from 0; the items of a list share that of the list. */
  readonly documentIndex: number
  /** Where the value at a path stands, or the nearest thing around it. */
  positionOf(path: Path): Position
  /** Where the key of the entry at a path stands. */
  keyPositionOf(path: Path): Position
  /** Where a character of the text at a path stands, counted from 0. */
  positionWithin(path: Path, index: number): Position
}

export function placeOf(manifest: Manifest, path: Path = []): Place {
  return { file: manifest.file, ...manifest.positionOf(path) }
}

/** The objects of a document: none if it is empty, several if it is a list. */
export function manifestsIn(document: YamlDocument, file: string, problems: Problems): Manifest[] {
  if (document.value === null) return []
  const manifests: Manifest[] = []
  if (tellOther(document.value, { file, ...document.positionOf([]) }, problems)) return manifests
  collect({ document, file, problems, manifests }, document.value, [], {})
  return manifests
}

/** Manifests say what they are, and a scenario says what it needs. */
export function looksLikeScenario(value: Json | undefined): boolean {
  return isUntyped(value) && (Object.hasOwn(value, 'policy') || Object.hasOwn(value, 'teaches'))
}

/** What lies among manifests and isn't one; false if the document is none of it. */
function tellOther(value: Json, place: Place, problems: Problems): boolean {
  if (isUntyped(value) && Array.isArray(value['groups'])) {
    const hint = "Name it in the scenario's `observability.rules`."
    problems.error('manifest-is-rules', place, 'this is a rule file of Prometheus, not a manifest', { hint })
    return true
  }
  if (!looksLikeScenario(value)) return false
  const hint = 'A policy is manifests: keep scenarios in a folder of their own.'
  problems.error('manifest-is-scenario', place, 'this is a scenario, not a manifest', { hint })
  return true
}

function isUntyped(value: Json | undefined): value is JsonObject {
  return (
    isJsonObject(value ?? null) &&
    !Object.hasOwn(value as object, 'apiVersion') &&
    !Object.hasOwn(value as object, 'kind')
  )
}

interface Collecting {
  readonly document: YamlDocument
  readonly file: string
  readonly problems: Problems
  readonly manifests: Manifest[]
}

function collect(into: Collecting, value: Json, path: Path, listType: JsonObject): void {
  const { problems, manifests } = into
  const place = placeIn(into, path)
  if (!isJsonObject(value)) {
    problems.error('manifest-not-a-mapping', place, 'a manifest must be a mapping with apiVersion, kind and metadata')
    return
  }
  const untyped = value['apiVersion'] === undefined && value['kind'] === undefined
  const [what, hint] = untyped && path.length === 0 ? whatElse(value) : []
  if (what !== undefined) {
    problems.error('no-manifest', place, `this is ${what}, no manifest`, { hint })
    return
  }
  const typed = untyped ? { ...listType, ...value } : value
  const apiVersion = requiredText(into, typed, 'apiVersion', path)
  const kind = requiredText(into, typed, 'kind', path)
  if (apiVersion === undefined || kind === undefined) return
  if (Object.hasOwn(value, 'items')) {
    collectItems(into, value, apiVersion, kind, path)
    return
  }
  const manifest = manifestOf(into, typed, apiVersion, kind, path)
  if (manifest !== undefined) manifests.push(manifest)
}

/** kubectl takes anything with `items` for a list, and gives its items what `FooList` says: they are `Foo`s. */
function collectItems(into: Collecting, list: JsonObject, apiVersion: string, kind: string, path: Path): void {
  const items = list['items'] ?? []
  if (!Array.isArray(items)) {
    into.problems.error('manifest-list', placeIn(into, [...path, 'items']), 'the items of a list must be a list')
    return
  }
  if (path.length > 2 * MOST_NESTED_LISTS) {
    into.problems.error('limit-lists', placeIn(into, path), `more than ${MOST_NESTED_LISTS} lists inside each other`)
    return
  }
  const itemKind = kind.replace(/List$/, '')
  const listType: JsonObject = itemKind === '' ? {} : { apiVersion, kind: itemKind }
  for (const [index, item] of (items as readonly Json[]).entries()) {
    collect(into, item, [...path, 'items', index], listType)
  }
}

const MOST_NESTED_LISTS = 8

function manifestOf(
  into: Collecting,
  value: JsonObject,
  apiVersion: string,
  kind: string,
  path: Path,
): Manifest | undefined {
  const { document, file, problems } = into
  const metadata = value['metadata'] ?? {}
  if (!isJsonObject(metadata)) {
    problems.error('manifest-metadata', placeIn(into, [...path, 'metadata']), 'metadata must be a mapping')
    return undefined
  }
  const nameKey = metadata['name'] === undefined && metadata['generateName'] !== undefined ? 'generateName' : 'name'
  const name = requiredText(into, metadata, nameKey, [...path, 'metadata'])
  const namespace = metadata['namespace'] ?? undefined
  if (namespace !== undefined && typeof namespace !== 'string') {
    problems.error('manifest-namespace', placeIn(into, [...path, 'metadata', 'namespace']), 'namespace must be text')
    return undefined
  }
  if (name === undefined) return undefined
  return Object.freeze({
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    value: Object.freeze(value),
    file,
    documentIndex: document.index,
    positionOf: (inside: Path) => document.positionOf([...path, ...inside]),
    keyPositionOf: (inside: Path) => document.keyPositionOf([...path, ...inside]),
    positionWithin: (inside: Path, index: number) => document.positionWithin([...path, ...inside], index),
  })
}

/** Other files of ours and of Prometheus, as they begin. */
function whatElse(value: JsonObject): readonly [what: string, hint: string] | readonly [] {
  if (value['teaches'] !== undefined || value['policy'] !== undefined) {
    return ['a scenario', 'Give it alone: it names the manifests of its policy itself.']
  }
  if (Array.isArray(value['groups'])) {
    return [
      'a file of rules',
      'Name it in a scenario (observability: {rules: [FILE]}), or wrap it in a PrometheusRule.',
    ]
  }
  return []
}

function requiredText(into: Collecting, object: JsonObject, key: string, path: Path): string | undefined {
  const value = object[key]
  if (typeof value === 'string' && value !== '') return value
  const code = `manifest-${key === 'apiVersion' ? 'api-version' : key === 'generateName' ? 'name' : key}`
  const field = [...path.filter((step) => step === 'metadata'), key].join('.')
  const missing = value === undefined || value === null || value === ''
  const message = missing ? `this manifest has no ${field}` : `${field} must be text, not \`${JSON.stringify(value)}\``
  into.problems.error(code, placeIn(into, missing ? path : [...path, key]), message, { hint: hintFor(into, missing) })
  return undefined
}

function hintFor({ file }: Collecting, missing: boolean): string | undefined {
  if (!missing) return 'Put it in quotes.'
  if (/(^|[/\\])kustomization\.ya?ml$/.test(file))
    return 'Build it first: `kustomize build DIRECTORY | coalmine … --policy -`.'
  if (/(^|[/\\])(Chart|values[^/\\]*)\.ya?ml$/.test(file))
    return 'Render the chart first: `helm template … | coalmine … --policy -`.'
  return undefined
}

function placeIn({ document, file }: Collecting, path: Path): Place {
  return { file, ...document.positionOf(path) }
}
