// Pairs of fields in the singular and the plural, of which the controller wants exactly one.
import { type Fields, pathText } from '../fields.js'

export function requireOne(fields: Fields, single: string, several: string): void {
  const configured = howMany(fields, single, several)
  if (configured === 1) return
  const which = configured === 0 ? 'Neither are configured.' : 'Both are configured.'
  const names = [single, several].map((name) => name[0]!.toUpperCase() + name.slice(1)).join(' or ')
  const message = `${pathText(fields.path)}: Either ${names} must be configured. ${which}`
  fields.error(undefined, 'invalid-spec', message)
}

/** How many of the two are there; an empty list counts as none. */
export function howMany(fields: Fields, single: string, several: string): number {
  const list = fields.raw(several)
  const hasSeveral = list !== undefined && !(Array.isArray(list) && list.length === 0)
  return Number(fields.has(single)) + Number(hasSeveral)
}
