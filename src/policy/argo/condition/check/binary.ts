// The type check of operators between two values.

import { compileRegexp } from '../regexp.js'
import type { BinaryNode, Node } from '../syntax/tree.js'
import { DURATION, INT, TIME } from '../value/go-type.js'
import {
  assignable,
  BOOL_NATURE,
  comparable,
  dereferenced,
  FLOAT_NATURE,
  INT_NATURE,
  isArray,
  isBool,
  isDuration,
  isNumeric,
  isString,
  isTime,
  isUnknown,
  isWhole,
  itemOf,
  listOf,
  maybe,
  type Nature,
  NIL,
  nameOf,
  natureOf,
  STRING_NATURE,
  UNKNOWN,
} from '../value/nature.js'
import { Panic } from '../value/panic.js'
import type { Visitor } from './visitor.js'

const DURATION_NATURE = natureOf(DURATION)
const TIME_NATURE = natureOf(TIME)

export function checkBinary(checker: Visitor, node: BinaryNode): Nature {
  const left = checker.visit(node.left)
  const right = checker.visit(node.right)
  const l = dereferenced(left)
  const r = dereferenced(right)
  const { operator } = node
  if (operator === '??') return coalesced(l, r)
  const wrong = operator === 'in' ? wrongIn(l, r) : operator === 'matches' ? wrongPattern(node.right) : undefined
  if (wrong !== undefined) return checker.fail(wrong)
  const names = `${nameOf(l)} and ${nameOf(r)}`
  return resultOf(operator, l, r) ?? checker.fail(`invalid operation: ${operator} (mismatched types ${names})`)
}

/** Undefined where the operator is not for these two. */
function resultOf(operator: string, l: Nature, r: Nature): Nature | undefined {
  switch (operator) {
    case '==':
    case '!=':
      return comparable(l, r) ? BOOL_NATURE : undefined
    case 'or':
    case '||':
    case 'and':
    case '&&':
      return (isBool(l) && isBool(r)) || maybe(l, r, isBool) ? BOOL_NATURE : undefined
    case '<':
    case '>':
    case '>=':
    case '<=':
      return ordered(l, r) || maybe(l, r, isNumeric, isString, isTime, isDuration) ? BOOL_NATURE : undefined
    case '+':
      return sum(l, r)
    case '-':
      return difference(l, r)
    case '*':
      return product(l, r)
    case '/':
    case '**':
    case '^':
      return (isNumeric(l) && isNumeric(r)) || maybe(l, r, isNumeric) ? FLOAT_NATURE : undefined
    case '%':
      return (isWhole(l) && isWhole(r)) || maybe(l, r, isWhole) ? INT_NATURE : undefined
    case 'in':
      return isMembership(l, r) ? BOOL_NATURE : undefined
    case 'matches':
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return (isString(l) && isString(r)) || maybe(l, r, isString) ? BOOL_NATURE : undefined
    case '..':
      return (isWhole(l) && isWhole(r)) || maybe(l, r, isWhole) ? listOf(natureOf(INT)) : undefined
    default:
      return undefined
  }
}

function ordered(l: Nature, r: Nature): boolean {
  return [isNumeric, isString, isTime, isDuration].some((is) => is(l) && is(r))
}

function numeric(l: Nature, r: Nature): Nature | undefined {
  if (!isNumeric(l) || !isNumeric(r)) return undefined
  return isWhole(l) && isWhole(r) ? INT_NATURE : FLOAT_NATURE
}

function sum(l: Nature, r: Nature): Nature | undefined {
  if (isString(l) && isString(r)) return STRING_NATURE
  if ((isTime(l) && isDuration(r)) || (isDuration(l) && isTime(r))) return TIME_NATURE
  if (isDuration(l) && isDuration(r)) return DURATION_NATURE
  return numeric(l, r) ?? (maybe(l, r, isNumeric, isString, isTime, isDuration) ? UNKNOWN : undefined)
}

function difference(l: Nature, r: Nature): Nature | undefined {
  if ((isTime(l) && isTime(r)) || (isDuration(l) && isDuration(r))) return DURATION_NATURE
  if (isTime(l) && isDuration(r)) return TIME_NATURE
  return numeric(l, r) ?? (maybe(l, r, isNumeric, isTime, isDuration) ? UNKNOWN : undefined)
}

function product(l: Nature, r: Nature): Nature | undefined {
  const scales = (n: Nature) => isDuration(n) || isNumeric(n)
  if ((isDuration(l) && scales(r)) || (isNumeric(l) && isDuration(r))) return DURATION_NATURE
  return numeric(l, r) ?? (maybe(l, r, isNumeric, isDuration) ? UNKNOWN : undefined)
}

function isMembership(l: Nature, r: Nature): boolean {
  const kind = r.type?.kind
  if (kind === 'struct') return isString(l) || isUnknown(l)
  return kind === 'map' || isArray(r) || isUnknown(r) || (isUnknown(l) && isString(r))
}

function wrongIn(l: Nature, r: Nature): string | undefined {
  if (r.type?.kind === 'map') {
    const key = natureOf(r.type.key)
    const fits = isUnknown(l) || assignable(l, key)
    return fits ? undefined : `cannot use ${nameOf(l)} as type ${nameOf(key)} in map key`
  }
  if (!isArray(r) || comparable(l, itemOf(r))) return undefined
  return `cannot use ${nameOf(l)} as type ${nameOf(itemOf(r))} in array`
}

function wrongPattern(pattern: Node): string | undefined {
  if (pattern.kind !== 'string') return undefined
  try {
    compileRegexp(pattern.value)
    return undefined
  } catch (error) {
    if (error instanceof Panic) return asFormat(error.message)
    throw error
  }
}

/** The checker takes the message for a format without arguments, so percent signs in the pattern come out odd. */
function asFormat(message: string): string {
  return message.replace(/%[-+# 0]*[0-9]*(?:\.[0-9]*)?(.?)/gsu, (_, verb: string) => {
    if (verb === '%') return '%'
    return verb === '' ? '%!(NOVERB)' : `%!${verb}(MISSING)`
  })
}

function coalesced(l: Nature, r: Nature): Nature {
  if (l.isNil && r.isNil) return NIL
  if (l.isNil) return r
  if (r.isNil) return l
  return assignable(r, l) ? l : UNKNOWN
}
