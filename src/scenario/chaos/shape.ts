// Whether a part of a Chaos Mesh document has the fields that its definition has, of the right kinds.
import { isJsonObject, type Json } from '../json.js'
import { nearName } from '../near-name.js'
import type { Part } from './part.js'

export type Shape = Readonly<Record<string, Field>>

export interface Field {
  /** `parts` is a list of mappings. */
  readonly kind: keyof typeof kinds | 'part' | 'parts'
  readonly isRequired?: true
  /** Of a mapping, or of each in a list of them. */
  readonly shape?: Shape
  /** The only texts that it takes. */
  readonly oneOf?: readonly string[]
  readonly least?: number
  readonly most?: number
}

/** False, and problems, unless all of it is right; what it has too much is only told. */
export function checkShape(part: Part, shape: Shape): boolean {
  const before = part.problems.errorCount
  for (const key of Object.keys(part.value)) {
    if (shape[key] === undefined) tellUnknown(part, key, shape)
  }
  for (const [key, field] of Object.entries(shape)) {
    if (part.has(key)) checkField(part, key, field)
    else if (field.isRequired) part.invalid(undefined, `${part.nameOf(key)} is missing`)
  }
  return part.problems.errorCount === before
}

function checkField(part: Part, key: string, field: Field): void {
  const { kind, shape = {} } = field
  const value = part.get(key)
  const name = part.nameOf(key)
  if (kind === 'part') {
    const inner = part.part(key)
    if (inner === undefined) part.invalid(key, `${name} must be a mapping`)
    else checkShape(inner, shape)
  } else if (kind === 'parts') {
    const items = part.parts(key)
    if (!Array.isArray(value) || items.length < value.length) part.invalid(key, `${name} must be a list of mappings`)
    for (const item of items) checkShape(item, shape)
  } else if (kinds[kind].is(value)) {
    checkValue(part, key, field)
  } else {
    part.invalid(key, `${name} must be ${kinds[kind].what}`)
  }
}

function checkValue(part: Part, key: string, { oneOf, least, most }: Field): void {
  const value = part.get(key)
  const name = part.nameOf(key)
  if (oneOf && !oneOf.includes(String(value))) {
    const near = nearName(String(value), oneOf)
    const meant = near === undefined ? '' : `: did you mean ${near}?`
    part.invalid(key, `${name} must be one of ${oneOf.join(', ')}, not ${String(value)}${meant}`)
  }
  if (typeof value !== 'number') return
  if (least !== undefined && value < least) part.invalid(key, `${name} must be at least ${least}`)
  if (most !== undefined && value > most) part.invalid(key, `${name} must be at most ${most}`)
}

function tellUnknown(part: Part, key: string, shape: Shape): void {
  const known = Object.keys(shape)
  const near = nearName(key, known)
  const meant = near === undefined ? '' : `: did you mean ${near}?`
  const hint = near === undefined ? `Known here are: ${known.join(', ')}.` : undefined
  part.warn(key, `Chaos Mesh has no field ${part.nameOf(key)}${meant}`, hint)
}

const kinds = {
  text: { is: (value: Json) => typeof value === 'string', what: 'text: put it in quotes' },
  whole: { is: (value: Json) => Number.isInteger(value), what: 'a whole number' },
  switch: { is: (value: Json) => typeof value === 'boolean', what: 'true or false' },
  texts: { is: isTexts, what: 'a list of texts' },
  words: { is: (value: Json) => isMapOf(value, (each) => typeof each === 'string'), what: 'a mapping to texts' },
  lists: { is: (value: Json) => isMapOf(value, isTexts), what: 'a mapping to lists of texts' },
  any: { is: () => true, what: 'anything' },
} as const

function isTexts(value: Json): boolean {
  return Array.isArray(value) && (value as readonly Json[]).every((each) => typeof each === 'string')
}

function isMapOf(value: Json, is: (each: Json) => boolean): boolean {
  return isJsonObject(value) && Object.values(value).every((each) => is(each ?? null))
}
