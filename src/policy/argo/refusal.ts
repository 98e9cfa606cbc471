// What the controller refuses a Rollout for as InvalidSpec, in its own words: a problem carries them, and the first counts.
import { isJsonObject, type Json } from '../../scenario/json.js'
import type { Problem } from '../../scenario/problem.js'
import { type Fields, pathText } from '../fields.js'
import { quote } from './condition/value/quote.js'

export interface Refusal {
  /** As the condition has it; without words the Rollout gets no status at all. */
  readonly words: string | undefined
  /** When it is looked at again; undefined with the growing delay of errors. */
  readonly retryMs: number | undefined
}

/** Of a workload that the Rollout refers to and that can't be had: another way of trying again (argo-rollouts 1.10.1). */
export const unresolvedWorkload = 'unresolved-workload'
const workloadRetryMs = 20_000

/** Problems are found in the order in which the controller looks: its first complaint is all that it tells. */
export function refusalOf(problems: readonly Problem[]): Refusal | undefined {
  const first = problems.find(isRefusal)
  return (
    first && {
      words: first.verbatim === '' ? undefined : first.verbatim,
      retryMs: first.code === unresolvedWorkload ? workloadRetryMs : undefined,
    }
  )
}

export function isRefusal({ verbatim }: Problem): boolean {
  return verbatim !== undefined
}

/** What is told of a value: the controller's words for it, and ours if there is more to say. */
interface Complaint {
  /** Of a kind of its own; otherwise it is one of many. */
  readonly code?: string
  /** Where the controller sees the value, if not where it is written. */
  readonly path?: string
  /** How the controller prints the value, if not as JSON. */
  readonly shown?: string | undefined
  readonly detail: string
  readonly message?: string
  readonly hint?: string
}

export function tellInvalid(fields: Fields, key: string | undefined, value: Json | undefined, told: Complaint): void {
  const { code = 'invalid-spec', path = pathSeen(fields, key), shown = asJson(value), detail, hint } = told
  const { message = detail } = told
  fields.error(key, code, message, { hint, verbatim: `${path}: Invalid value: ${shown}: ${detail}` })
}

export function tellRequired(fields: Fields, key: string | undefined, { path, detail, hint }: Complaint): void {
  fields.error(key, 'invalid-spec', detail, {
    hint,
    verbatim: `${path ?? pathSeen(fields, key)}: Required value: ${detail}`,
  })
}

/** A check of the spec leaves out which strategy it is; of a PodTemplate it sees what the Rollout has taken over. */
export function pathSeen({ path }: Fields, key: string | undefined): string {
  return pathText(key === undefined ? path : [...path, key])
    .replace(/^spec\.strategy\.(canary|blueGreen)/, 'spec.strategy')
    .replace(/^template\b/, 'spec.template')
}

export function invalidValue(path: string, value: Json | undefined, detail: string): string {
  return `${path}: Invalid value: ${asJson(value)}: ${detail}`
}

function asJson(value: Json | undefined): string {
  return typeof value === 'string' ? quote(value) : goJson(value)
}

/** As Go writes JSON: with the characters escaped that mean something in HTML. */
function goJson(value: Json | undefined): string {
  return JSON.stringify(value ?? null).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
}

/** The keys of a mapping in the order of a Go struct, without those that aren't there. */
export function inOrder(value: Json | undefined, keys: readonly string[]): Json | undefined {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(keys.flatMap((key) => (value[key] == null ? [] : [[key, value[key]]])))
}
