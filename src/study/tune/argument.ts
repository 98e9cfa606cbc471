// Where the number stands that an argument brings into a template: with whoever asks, or in the template as a default.
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Place } from '../../scenario/problem.js'

type Path = readonly (string | number)[]

export type Argument =
  | { readonly value: string | number; readonly place: Place }
  /** Why nobody can turn it. */
  | { readonly why: string }

export function argumentOf(name: string, template: Manifest, rollout: Manifest): Argument {
  const given = [...requestsIn(rollout.value, [])].filter(({ value }) => asksFor(value, template.name))
  const paths = given
    .map(({ path, value }) => pathOfValue(name, value['args'], [...path, 'args']))
    .filter((path) => path !== undefined)
  if (paths.length > 1) return { why: `argument \`${name}\` is given in ${paths.length} places` }
  const own = pathOfValue(name, (template.value['spec'] as { args?: Json }).args, ['spec', 'args'])
  const manifest = paths[0] ? rollout : template
  const path = paths[0] ?? own
  if (path === undefined) return { why: `argument \`${name}\` has no default` }
  const value = valueAt(manifest.value, path)
  if (typeof value === 'string' || typeof value === 'number') return { value, place: placeOf(manifest, path) }
  return { why: `argument \`${name}\` has no value that is written here` }
}

interface Request {
  readonly path: Path
  readonly value: Readonly<Record<string, Json>>
}

function* requestsIn(value: Json, path: Path): Generator<Request> {
  if (Array.isArray(value)) {
    for (const [index, each] of (value as readonly Json[]).entries()) yield* requestsIn(each, [...path, index])
  } else if (isJsonObject(value)) {
    if (Array.isArray(value['templates'])) yield { path, value }
    for (const [key, each] of Object.entries(value)) yield* requestsIn(each, [...path, key])
  }
}

function asksFor({ templates }: Request['value'], name: string): boolean {
  return (templates as readonly Json[]).some((each) => isJsonObject(each) && each['templateName'] === name)
}

function pathOfValue(name: string, args: Json | undefined, path: Path): Path | undefined {
  if (!Array.isArray(args)) return undefined
  const index = (args as readonly Json[]).findIndex((each) => isJsonObject(each) && each['name'] === name)
  return index < 0 ? undefined : [...path, index, 'value']
}

function valueAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root
  for (const step of path) value = (value as Record<string | number, Json> | null | undefined)?.[step]
  return value
}
