// The Service manifests around a Rollout: which pods they select.
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Manifest } from '../../scenario/manifest.js'
import type { Problems } from '../../scenario/problem.js'
import type { Labels } from '../../world/cluster/objects.js'
import { Fields } from '../fields.js'
import type { Found } from './find-references.js'
import { invalidValue } from './refusal.js'

/** The controller leaves its name at every Service that it steers. */
const managedBy = 'argo-rollouts.argoproj.io/managed-by-rollouts'

/** Tells of labels that a Service of the strategy wants and the pods of the Rollout haven't, and of one that is another Rollout's. */
export function checkService(
  { manifest, path }: Found,
  labels: Readonly<Record<string, string>>,
  rollout: string,
  problems: Problems,
): void {
  const top = Fields.of(manifest, problems)
  const tell = (at: Fields, key: string, message: string, hint?: string) =>
    at.error(key, 'invalid-spec', message, { hint, verbatim: invalidValue(path, manifest.name, message) })
  const spec = top.fields('spec')
  const selector = spec?.fields('selector')
  for (const key of selector?.keys() ?? []) {
    const wanted = selector!.text(key)
    if (wanted === undefined || key === hashLabel || labels[key] === wanted) continue
    const message = `Service ${JSON.stringify(manifest.name)} has unmatch label ${JSON.stringify(key)} in rollout`
    const has = labels[key] === undefined ? `no label ${key}` : `${key}: ${labels[key]}`
    tell(selector!, key, message, `The pods of the Rollout have ${has}.`)
  }
  const annotations = top.fields('metadata')?.fields('annotations')
  const manager = annotations?.raw(managedBy)
  if (annotations && typeof manager === 'string' && manager !== rollout) {
    tell(annotations, managedBy, `Service ${JSON.stringify(manifest.name)} is managed by another Rollout`)
  }
}

/** Whether requests to the Service may reach pods with these labels; without a selector its endpoints are set by hand. */
export function mayReach({ value }: Manifest, labels: Readonly<Record<string, string>>): boolean {
  const spec = value['spec']
  if (!isJsonObject(spec)) return true
  const selector = spec['selector'] ?? {}
  if (spec['type'] === 'ExternalName' || !isJsonObject(selector)) return false
  return Object.entries(selector).every(([key, label]) => labels[key] === label)
}

/** What it selects by beside the hash, which the controller writes. */
export function selectorOf({ value }: Manifest): Labels {
  const spec = value['spec']
  const selector = isJsonObject(spec) ? spec['selector'] : undefined
  const labels = isJsonObject(selector) ? Object.entries(selector) : []
  return Object.fromEntries(labels.flatMap(([key, label]) => (key === hashLabel ? [] : [[key, String(label)]])))
}

export function portOf({ value }: Manifest): number | undefined {
  const spec = value['spec']
  const ports = isJsonObject(spec) ? spec['ports'] : undefined
  const first = Array.isArray(ports) ? (ports as readonly Json[])[0] : undefined
  const port = isJsonObject(first) ? first['port'] : undefined
  return typeof port === 'number' ? port : undefined
}

/** The controller writes this one itself. */
const hashLabel = 'rollouts-pod-template-hash'
