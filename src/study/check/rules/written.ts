// What manifests say, as it is written there: for rules about what nobody reads, or reads otherwise.
import { isJsonObject, type Json, type JsonObject } from '../../../scenario/json.js'
import { type Manifest, placeOf } from '../../../scenario/manifest.js'
import type { Place } from '../../../scenario/problem.js'
import type { Path } from '../../../scenario/yaml-value.js'
import { namespaceOf } from '../../select-rollout.js'
import type { Subject } from '../rule.js'

/** A mapping of a manifest. */
export interface Written {
  readonly manifest: Manifest
  readonly path: Path
  readonly value: JsonObject
}

export function rolloutIn({ manifests }: Subject): Manifest | undefined {
  return manifests.find(({ kind, apiVersion }) => kind === 'Rollout' && apiVersion.startsWith('argoproj.io/'))
}

export function strategyPlace(subject: Subject, ...inside: Path): Place {
  return placeOf(rolloutIn(subject)!, ['spec', 'strategy', ...inside])
}

/** Of a step of the canary, or of something in it. */
export function stepPlace(subject: Subject, index: number, ...inside: Path): Place {
  return strategyPlace(subject, 'canary', 'steps', index, ...inside)
}

export function objectNamed(
  { manifests }: Subject,
  kind: string,
  name: string,
  namespace: string,
): Manifest | undefined {
  return manifests.find(
    (manifest) => manifest.kind === kind && manifest.name === name && namespaceOf(manifest) === namespace,
  )
}

/** The steps of the canary that are mappings. */
export function stepsIn(subject: Subject): readonly Written[] {
  const manifest = rolloutIn(subject)
  return manifest ? mappingsAt(manifest, ['spec', 'strategy', 'canary', 'steps']) : []
}

const templateKinds: readonly string[] = ['AnalysisTemplate', 'ClusterAnalysisTemplate']

/** The metrics of all templates, whoever refers to them. */
export function metricsIn({ manifests }: Subject): readonly Written[] {
  return manifests
    .filter(({ kind }) => templateKinds.includes(kind))
    .flatMap((manifest) => mappingsAt(manifest, ['spec', 'metrics']))
}

export function fieldAt(value: Json | undefined, path: Path): Json | undefined {
  let found = value
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Readonly<Record<string | number, Json>>)[part]
  }
  return found ?? undefined
}

/** Empty where there is none. */
export function listAt(value: Json | undefined, path: Path): readonly Json[] {
  const list = fieldAt(value, path)
  return Array.isArray(list) ? (list as readonly Json[]) : []
}

function mappingsAt(manifest: Manifest, path: Path): readonly Written[] {
  return listAt(manifest.value, path).flatMap((value, index) =>
    isJsonObject(value) ? [{ manifest, path: [...path, index], value }] : [],
  )
}
