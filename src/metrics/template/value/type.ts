// The types of Go that a template's values have.
import type { Kind, Methods, Type } from './shape.js'

export const BOOL = plain('bool', 'bool')
export const INT = plain('int', 'int')
export const INT64 = plain('int64', 'int')
export const UINT8 = plain('uint8', 'uint')
export const UINT64 = plain('uint64', 'uint')
export const FLOAT64 = plain('float64', 'float')
export const STRING = plain('string', 'string')
export const ANY = plain('interface {}', 'interface')
export const STRING_MAP = mapOf(STRING)
export const ANY_MAP = mapOf(ANY)

/** The parameter of a builtin that takes anything as it is, an interface for one, and nothing at all. */
export const ANYTHING: Type = Object.freeze({ name: 'reflect.Value', kind: 'struct', fields: [], isComparable: true })

export function plain(name: string, kind: Kind, methods?: Methods): Type {
  return Object.freeze({ name, kind, isComparable: true, ...(methods && { methods }) })
}

export function sliceOf(element: Type, name = `[]${element.name}`): Type {
  return Object.freeze({ name, kind: 'slice', element, isComparable: false })
}

export function structOf(name: string, fields: readonly string[], isComparable: boolean, methods?: Methods): Type {
  const named = fields.map((field) => Object.freeze({ name: field, isExported: /^\p{Lu}/u.test(field) }))
  return Object.freeze({
    name,
    kind: 'struct',
    fields: Object.freeze(named),
    isComparable,
    ...(methods && { methods }),
  })
}

const pointers = new WeakMap<Type, Type>()

/** One type for all pointers to the same. */
export function pointerTo(element: Type): Type {
  let type = pointers.get(element)
  if (type === undefined) {
    type = Object.freeze({ name: `*${element.name}`, kind: 'pointer', element, isComparable: true })
    pointers.set(element, type)
  }
  return type
}

function mapOf(element: Type): Type {
  return Object.freeze({ name: `map[string]${element.name}`, kind: 'map', element, isComparable: false })
}

export function canBeNil(type: Type): boolean {
  return type === ANYTHING || ['interface', 'map', 'pointer', 'slice'].includes(type.kind)
}

export function isAssignable(from: Type, to: Type): boolean {
  return from === to || to === ANY
}
