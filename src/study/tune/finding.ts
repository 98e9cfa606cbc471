// What whoever looks for knobs goes by: what there is room for, and where what is found is put.
import { isJsonObject, type Json, type JsonObject } from '../../scenario/json.js'
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Knob, Unturnable } from './knob.js'
import type { Source } from './source.js'

/** What bounds the values that make sense. */
export interface Room {
  /** From the release to the end of the scenario. */
  readonly longestSeconds: number
  readonly scrapeSeconds: number
  readonly maxWeight: number
}

/** Where knobs are put as they are found. */
export interface Finding {
  readonly rollout: Manifest
  readonly room: Room
  readonly source: (file: string) => Source
  readonly add: (knob: Knob | undefined, otherwise: Unturnable) => void
  readonly leave: (unturnable: Unturnable) => void
}

export function field(
  manifest: Manifest,
  path: readonly (string | number)[],
): {
  readonly value: Json | undefined
  readonly place: Unturnable['place']
} {
  let value: Json | undefined = manifest.value
  for (const step of path) value = (value as Record<string | number, Json> | null | undefined)?.[step]
  return { value, place: placeOf(manifest, path) }
}

export function objectAt(manifest: Manifest, path: readonly (string | number)[]): JsonObject {
  const { value } = field(manifest, path)
  return isJsonObject(value ?? null) ? (value as JsonObject) : {}
}
