// A pod template as far as the world cares: what makes two of them equal, and what the first container runs.
import { isJsonObject, type Json, type JsonObject } from '../scenario/json.js'
import type { Labels, PodTemplate } from '../world/cluster/objects.js'
import { canonicalJson } from './canonical-json.js'
import { podSpecOf } from './pod-spec.js'

export interface ManifestTemplate extends PodTemplate {
  readonly value: Json
  /** Labels of its pods. */
  readonly labels: Labels
  /** Whether its containers name ports, as a Service of theirs needs. */
  readonly hasPorts: boolean
  /** Name of the first container. */
  readonly container: string
}

export function podTemplate(value: Json): ManifestTemplate {
  const key = canonicalJson(value)
  const containers = containersOf(value)
  const { image, name } = containers[0] ?? {}
  const hasPorts = containers.some(({ ports }) => Array.isArray(ports) && ports.length > 0)
  return {
    key,
    hash: hashOf(key),
    image: textOf(image),
    value,
    labels: labelsOf(value),
    hasPorts,
    container: textOf(name),
    spec: podSpecOf(value),
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function labelsOf(value: Json): Labels {
  const metadata = isJsonObject(value) ? value['metadata'] : undefined
  const labels = isJsonObject(metadata) ? metadata['labels'] : undefined
  return isJsonObject(labels)
    ? Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, String(text)]))
    : {}
}

/** The same template with another image in its first container: what a release changes. */
export function withImage(template: ManifestTemplate, image: string): ManifestTemplate {
  const value = isJsonObject(template.value) ? template.value : {}
  const spec = isJsonObject(value['spec']) ? value['spec'] : {}
  const containers = containersOf(value).map((container, index) => (index === 0 ? { ...container, image } : container))
  return podTemplate({ ...value, spec: { ...spec, containers } })
}

/** Every controller hashes in its own way, so that ReplicaSets of two owners of one name have different names. */
export function hashedFor(kind: string, template: ManifestTemplate): ManifestTemplate {
  return { ...template, hash: hashOf(`${kind} ${template.key}`) }
}

/**
 * The pods that an experiment makes of a version, with labels and annotations of its own: the same key, as they run the
 * same, and another hash. The controller takes that of a ReplicaSet's template, in which the API server has filled in
 * defaults, so that it is never the version's own (argo-rollouts 1.10.1, observed).
 */
export function withMetadata(version: ManifestTemplate, labels: Labels, annotations: Labels): ManifestTemplate {
  const all = { ...version.labels, ...labels }
  const hash = hashOf(canonicalJson([version.value, labels, annotations]))
  return { ...version, hash, labels: all, ...(Object.keys(labels).length > 0 ? { otherLabels: all } : {}) }
}

function containersOf(value: Json): readonly JsonObject[] {
  const spec = isJsonObject(value) ? value['spec'] : undefined
  const containers = isJsonObject(spec) ? spec['containers'] : undefined
  return Array.isArray(containers) ? (containers as readonly Json[]).filter(isJsonObject) : []
}

/** Kubernetes leaves out vowels and look-alikes, so that no hash spells a word. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

function hashOf(text: string): string {
  return [...String(fnv1a(text))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}

/** A number of 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}
