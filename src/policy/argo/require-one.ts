// Fields of which a router takes one name or a list of them.
import { type Fields, pathText } from '../fields.js'

/** An empty list counts as none. */
export function requireOne(fields: Fields, single: string, several: string): void {
  const list = fields.raw(several)
  const hasSeveral = list !== undefined && !(Array.isArray(list) && list.length === 0)
  if (fields.has(single) !== hasSeveral) return
  const message = `${pathText(fields.path)} needs either ${single} or ${several}`
  fields.error(undefined, 'invalid-spec', message)
}
