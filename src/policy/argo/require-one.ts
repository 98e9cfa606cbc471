// Pairs of fields in the singular and the plural, of which the controller wants exactly one.
import { type Fields, pathText } from '../fields.js'

export function requireOne(fields: Fields, single: string, several: string): void {
  if (howMany(fields, single, several) === 1) return
  fields.error(undefined, 'invalid-spec', `${pathText(fields.path)} needs either ${single} or ${several}`)
}

/** How many of the two are there; an empty list counts as none. */
export function howMany(fields: Fields, single: string, several: string): number {
  const list = fields.raw(several)
  const hasSeveral = list !== undefined && !(Array.isArray(list) && list.length === 0)
  return Number(fields.has(single)) + Number(hasSeveral)
}
