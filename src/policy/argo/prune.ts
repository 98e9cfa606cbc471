// What the API server of an older version drops from a Rollout: fields that came later. Each is told by name.
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import { pathText } from '../fields.js'
import type { Version } from './version.js'

type Path = readonly (string | number)[]

export function prune(manifest: Manifest, { minor, unknownFields }: Version, problems: Problems): Manifest {
  let { value } = manifest
  for (const path of unknownFields.flatMap((pattern) => matches(value, pattern.split(/\.|(?=\[\])/)))) {
    value = without(value, path) as Manifest['value']
    const message = `${pathText(path)} is ignored by Argo Rollouts ${minor}: its API server drops it`
    problems.warning('later-field', placeOf(manifest, path), message)
  }
  return { ...manifest, value }
}

/** Paths of the values that a pattern such as `spec.steps[].pause` means. */
function matches(value: Json | undefined, [first, ...rest]: readonly string[], path: Path = []): readonly Path[] {
  if (value === undefined || value === null) return []
  if (first === undefined) return [path]
  if (first === '[]') {
    const items = Array.isArray(value) ? (value as readonly Json[]) : []
    return items.flatMap((item, index) => matches(item, rest, [...path, index]))
  }
  return isJsonObject(value) ? matches(value[first], rest, [...path, first]) : []
}

function without(value: Json, [first, ...rest]: Path): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => (index === first ? without(item, rest) : item))
  }
  const { [String(first)]: inner, ...others } = value as Record<string, Json>
  return rest.length === 0 ? others : { ...others, [String(first)]: without(inner!, rest) }
}
