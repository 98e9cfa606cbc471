// What the type checker knows about a value before there is one.

import {
  ANY_SLICE,
  BOOL,
  DURATION,
  FLOAT64,
  type GoType,
  INT,
  isInteger,
  isList,
  isNumber,
  STRING,
  TIME,
} from './go-type.js'

export interface Nature {
  /** Undefined for what can be anything, and for nil. */
  readonly type: GoType | undefined
  readonly isNil: boolean
  /** More exact than the type's: [1, 2] is a []interface {} of int. */
  readonly item: Nature | undefined
  /** A method value, whose type has the receiver for a first parameter. */
  readonly isMethod: boolean
  /** The builtin that this name stands for when it is not called at once. */
  readonly builtin: string | undefined
}

export const UNKNOWN = nature(undefined)
export const NIL: Nature = { ...UNKNOWN, isNil: true }

const known = new Map<GoType, Nature>()

export function natureOf(type: GoType | undefined): Nature {
  if (type === undefined) return UNKNOWN
  let found = known.get(type)
  if (found === undefined) {
    found = nature(type)
    known.set(type, found)
  }
  return found
}

export const BOOL_NATURE = natureOf(BOOL)
export const INT_NATURE = natureOf(INT)
export const FLOAT_NATURE = natureOf(FLOAT64)
export const STRING_NATURE = natureOf(STRING)
export const LIST_NATURE = natureOf(ANY_SLICE)

export function listOf(item: Nature): Nature {
  return { ...LIST_NATURE, item }
}

export function isUnknown({ type, isNil }: Nature): boolean {
  return type === undefined ? !isNil : type.kind === 'interface'
}

/** As messages name it. */
export function nameOf({ type }: Nature): string {
  return type?.name ?? 'unknown'
}

export function itemOf({ type, item }: Nature): Nature {
  return item ?? natureOf(type?.element)
}

export function isBool({ type }: Nature): boolean {
  return type?.kind === 'bool'
}

export function isString({ type }: Nature): boolean {
  return type?.kind === 'string'
}

export function isArray({ type }: Nature): boolean {
  return isList(type)
}

export function isNumeric({ type }: Nature): boolean {
  return isNumber(type)
}

export function isWhole({ type }: Nature): boolean {
  return isInteger(type)
}

export function isTime({ type }: Nature): boolean {
  return type === TIME
}

export function isDuration({ type }: Nature): boolean {
  return type === DURATION
}

function isPointer({ type }: Nature): boolean {
  return type?.kind === 'ptr'
}

/** Operators look through pointers. */
export function dereferenced(n: Nature): Nature {
  return isPointer(n) ? natureOf(n.type?.element) : n
}

export function assignable(from: Nature, to: Nature): boolean {
  const kind = to.type?.kind
  if (from.isNil) return kind === 'ptr' || kind === 'interface' || kind === 'func' || kind === 'map' || kind === 'slice'
  if (from.type === undefined || to.type === undefined) return false
  return from.type === to.type || kind === 'interface'
}

export function comparable(a: Nature, b: Nature): boolean {
  if (isUnknown(a) || isUnknown(b) || a.isNil || b.isNil) return true
  if (isNumeric(a) && isNumeric(b)) return true
  return (isArray(a) && isArray(b)) || assignable(a, b)
}

/** One of the two is unknown and the other, if known, is of a kind that the operator takes. */
export function maybe(a: Nature, b: Nature, ...kinds: readonly ((n: Nature) => boolean)[]): boolean {
  const fits = (n: Nature) => kinds.some((is) => is(n))
  if (isUnknown(a)) return isUnknown(b) || fits(b)
  return isUnknown(b) && fits(a)
}

function nature(type: GoType | undefined): Nature {
  return { type, isNil: false, item: undefined, isMethod: false, builtin: undefined }
}
