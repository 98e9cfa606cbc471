// What the API server does with a manifest before anyone else sees it: it drops what it doesn't know, and refuses what is
// of another type than it should be, missing, or there twice.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import { nearName } from '../../scenario/near-name.js'
import type { Problems } from '../../scenario/problem.js'
import type { Path } from '../../scenario/yaml-value.js'
import { pathText } from '../fields.js'
import { typeNamed, typeOfKind } from './known-types.js'
import type { Key, Shape, Type } from './outline.js'
import { wantOf } from './word.js'

/** The manifest without what is dropped; what is wrong with it is among the problems. */
export function admit(manifest: Manifest, problems: Problems): Manifest {
  const type = typeOfKind(manifest.kind)
  if (!type) return manifest
  const { apiVersion, kind, status, ...rest } = manifest.value
  const kept = new Admission(manifest, problems).mapping(rest, type, [], [])
  return { ...manifest, value: { apiVersion: apiVersion!, kind: kind!, ...kept, ...(status && { status }) } }
}

/** A type, and where in the manifest a value of it stands. */
interface Level {
  readonly type: Type
  readonly path: Path
}

class Admission {
  constructor(
    private readonly manifest: Manifest,
    private readonly problems: Problems,
  ) {}

  mapping(value: JsonObject, type: Type, path: Path, above: readonly Level[]): JsonObject {
    const levels = [...above, { type, path }]
    const kept: Record<string, Json> = {}
    for (const [key, inner] of Object.entries(value)) {
      const field = type.get(key)
      if (!field) this.tellUnknown(key, levels)
      // A null is an absent field.
      else if (inner !== null) kept[key] = this.value(inner, field.shape, [...path, key], levels)
    }
    for (const [key, { isRequired }] of type) {
      if (isRequired && kept[key] === undefined) {
        this.error('missing-field', path, `${pathText([...path, key])}: Required value`)
      }
    }
    return kept
  }

  /** What is of the wrong type is kept: whoever reads it finds it as it is written. */
  private value(value: Json, shape: Shape, path: Path, above: readonly Level[]): Json {
    switch (shape.is) {
      case 'type':
        if (!isJsonObject(value)) return this.wrongType(value, 'a mapping', path)
        return this.mapping(value, typeNamed(shape.name), path, above)
      case 'map':
        if (!isJsonObject(value)) return this.wrongType(value, 'a mapping', path)
        return Object.fromEntries(
          Object.entries(value).flatMap(([key, inner]) =>
            inner === null ? [] : [[key, this.value(inner, shape.of, [...path, key], above)]],
          ),
        )
      case 'list': {
        if (!Array.isArray(value)) return this.wrongType(value, 'a list', path)
        const items: readonly Json[] = value
        this.checkKeys(items, shape.keys, path)
        return items.map((item, index) => this.value(item, shape.of, [...path, index], above))
      }
      case 'choice':
        if (typeof value === 'string' && shape.texts.includes(value)) return value
        return this.wrongType(value, `one of ${shape.texts.join(', ')}`, path)
      case 'empty':
        if (!isJsonObject(value)) return this.wrongType(value, 'a mapping', path)
        return this.mapping(value, new Map(), path, above)
      default: {
        const { isIt, expected } = wantOf[shape.is]
        return isIt(value) ? value : this.wrongType(value, expected, path)
      }
    }
  }

  private checkKeys(items: readonly Json[], keys: readonly Key[], path: Path): void {
    if (keys.length === 0) return
    const seen = new Set<string>()
    for (const [index, item] of items.entries()) {
      const key = JSON.stringify(isJsonObject(item) ? keyOf(item, keys) : item)
      if (seen.has(key))
        this.error('duplicate-value', [...path, index], `${pathText([...path, index])}: Duplicate value: ${key}`)
      seen.add(key)
    }
  }

  private tellUnknown(key: string, levels: readonly Level[]): void {
    const { type, path } = levels.at(-1)!
    const inside = [...path, key]
    const place = { file: this.manifest.file, ...this.manifest.keyPositionOf(inside) }
    const message = `unknown field ${pathText(inside)}: the API server drops it`
    this.problems.warning('unknown-field', place, message, { hint: nearHint(key, type) ?? elsewhereHint(key, levels) })
  }

  private wrongType(value: Json, expected: string, path: Path): Json {
    const isScalar = typeof value === 'number' || typeof value === 'boolean'
    const hint = expected === wantOf.text.expected && isScalar ? `Put it in quotes: "${value}".` : undefined
    const place = placeOf(this.manifest, path)
    this.problems.error('wrong-type', place, `${pathText(path)} must be ${expected}`, { expected, hint })
    return value
  }

  private error(code: string, path: Path, message: string): void {
    this.problems.error(code, placeOf(this.manifest, path), message)
  }
}

function keyOf(item: JsonObject, keys: readonly Key[]): JsonObject {
  return Object.fromEntries(keys.map(({ name, otherwise }) => [name, item[name] ?? otherwise]))
}

/** Ends the hint of a field that is known in other letters. */
export const caseMatters = 'To the API server the case of letters matters.'

function nearHint(key: string, type: Type): string | undefined {
  const near = nearName(key, type.keys())
  if (near === undefined) return undefined
  const isCase = near.toLowerCase() === key.toLowerCase()
  return `Did you mean ${near}?${isCase ? ` ${caseMatters}` : ''}`
}

/** A field that is known a level further in, or further out. */
function elsewhereHint(key: string, levels: readonly Level[]): string | undefined {
  const { type, path } = levels.at(-1)!
  for (const [name, { shape }] of type) {
    if (shape.is === 'type' && typeNamed(shape.name).has(key)) return belongsTo([...path, name])
  }
  const outer = levels.findLast((level) => level.type.has(key))
  return outer && belongsTo(outer.path)
}

function belongsTo(path: Path): string {
  return path.length === 0 ? 'It belongs to the manifest itself.' : `It belongs to ${pathText(path)}.`
}
