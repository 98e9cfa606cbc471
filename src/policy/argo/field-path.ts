// What an argument with a `fieldRef` gets: the value at a path of the Rollout, or the controller's complaint.

import { formatGoFloat } from '../../metrics/float.js'
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { ManifestTemplate } from '../pod-template.js'
import { uidOf } from './uid.js'

export type FieldValue = string | { readonly error: string }

/** The pod template is that of the live object, which releases replace. */
export function valueAt(manifest: Manifest, path: string, template?: ManifestTemplate): FieldValue {
  return path.startsWith('metadata') ? metadataAt(manifest, path) : valueIn(liveObject(manifest, template), path)
}

/** As the downward API of pods reads it: a label or annotation that isn't there is the empty text. */
function metadataAt(manifest: Manifest, path: string): FieldValue {
  if (path === 'metadata.name') return manifest.name
  if (path === 'metadata.uid') return uidOf('Rollout', manifest.name)
  if (path === 'metadata.namespace') return manifest.namespace ?? 'default'
  const [, kind, key] = /^metadata\.(labels|annotations)(?:\['(.*)'\])?$/.exec(path) ?? []
  if (kind === undefined) {
    return { error: 'Analyses arguments must refer to valid object metadata supported by downwardAPI' }
  }
  const metadata = manifest.value['metadata']
  const found = isJsonObject(metadata) ? metadata[kind] : undefined
  const entries = isJsonObject(found) ? found : {}
  if (key !== undefined) return textOf(entries[key])
  const lines = Object.keys(entries).sort()
  return lines.map((name) => `${name}=${JSON.stringify(textOf(entries[name]))}`).join('\n')
}

/** Names between dots and brackets; a quoted name is looked for with its quotes, and so never found. */
export function valueIn(rollout: Json, path: string): FieldValue {
  const invalid = { error: `invalid path ${path} in rollout` }
  let value: Json | undefined = rollout
  for (const section of path.split(/[.[\]]+/)) {
    if (section === '') continue
    if (Array.isArray(value)) {
      const items: readonly Json[] = value
      if (!/^[+-]?\d+$/.test(section)) return { error: `invalid index '${section}'` }
      if (!(Number(section) in items)) return { error: `index ${section} out of range` }
      value = items[Number(section)]
    } else if (isJsonObject(value)) value = Object.hasOwn(value, section) ? value[section] : undefined
    else return invalid
  }
  if (value === undefined || value === null) return invalid
  if (typeof value === 'object') return { error: `path ${path} in rollout must terminate in a primitive value` }
  return textOf(value)
}

/** The controller itself writes the number of replicas where nobody has. A template from elsewhere isn't in there. */
function liveObject({ value }: Manifest, template: ManifestTemplate | undefined): Json {
  const spec = value['spec']
  if (!isJsonObject(spec)) return value
  const isOwn = template !== undefined && spec['workloadRef'] === undefined
  const live = { ...spec, replicas: spec['replicas'] ?? 1, ...(isOwn ? { template: template.value } : {}) }
  return { ...value, spec: live }
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'number' ? formatGoFloat(value) : String(value)
}
