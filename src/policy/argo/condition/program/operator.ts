// Closures for operators between two values, with short ways for the numbers that metrics are.

import { toBytes } from '../../../../metrics/go/bytes.js'
import type { Regexp } from '../../../../metrics/regexp/regexp.js'
import { compileRegexp } from '../regexp.js'
import { isLogical, type Order } from '../syntax/operator.js'
import type { BinaryNode, Node } from '../syntax/tree.js'
import { isIn } from '../value/access.js'
import {
  addValues,
  COMPARE,
  divideValues,
  isBuiltinInt,
  multiplyValues,
  powerOfValues,
  remainderOfValues,
  subtractValues,
  toInteger,
} from '../value/arithmetic.js'
import { equal } from '../value/equal.js'
import { INT, STRING } from '../value/go-type.js'
import { add, canonical } from '../value/integer.js'
import { badConversion } from '../value/panic.js'
import { contains, endsWith, isWellFormed, startsWith } from '../value/text.js'
import { asBool, asString, type GoValue, int, ints, isNil, typeName, typeOf } from '../value/value.js'
import type { Evaluate, Frame } from './frame.js'

type Apply = (a: GoValue, b: GoValue, frame: Frame) => GoValue

/** Whether the operator can do without one of its values, or without evaluating its right side. */
export function isLazy({ operator, right }: BinaryNode): boolean {
  return isLogical(operator) || operator === '??' || (operator === 'matches' && right.kind === 'string')
}

export function lazyOperator(node: BinaryNode, compile: (node: Node) => Evaluate): Evaluate {
  const left = compile(node.left)
  if (node.operator === 'matches' && node.right.kind === 'string') {
    return matchesConstant(left, compileRegexp(node.right.value))
  }
  const right = compile(node.right)
  if (node.operator === 'and' || node.operator === '&&') {
    return (frame) => (asBool(left(frame)) ? right(frame) : false)
  }
  if (node.operator === 'or' || node.operator === '||') {
    return (frame) => (asBool(left(frame)) ? true : right(frame))
  }
  return (frame) => {
    const value = left(frame)
    return isNil(value) ? right(frame) : value
  }
}

/** What to do with the two values. */
export function applyOperator(node: BinaryNode): Apply {
  switch (node.operator) {
    case '==':
      return equality(node)
    case '!=': {
      const same = equality(node)
      return (a, b, frame) => !same(a, b, frame)
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return COMPARE[node.operator]
    case '+':
      return addValues
    case '-':
      return subtractValues
    case '*':
      return multiplyValues
    case '/':
      return divideValues
    case '%':
      return remainderOfValues
    case '**':
    case '^':
      return powerOfValues
    case 'in':
      return isIn
    case 'matches':
      return matches
    case 'contains':
      return onStrings(contains)
    case 'startsWith':
      return onStrings(startsWith)
    case 'endsWith':
      return onStrings(endsWith)
    default:
      return range
  }
}

/** For a comparison with a literal number: one type test and one comparison of doubles. */
export function compareWithLiteral(operator: Order, left: Evaluate, literal: GoValue): Evaluate | undefined {
  const limit = isBuiltinInt(literal) ? Number(literal.value) : literal
  if (typeof limit !== 'number') return undefined
  const compare = COMPARE[operator]
  switch (operator) {
    case '<':
      return (frame) => {
        const value = left(frame)
        return typeof value === 'number' ? value < limit : compare(value, literal)
      }
    case '<=':
      return (frame) => {
        const value = left(frame)
        return typeof value === 'number' ? value <= limit : compare(value, literal)
      }
    case '>':
      return (frame) => {
        const value = left(frame)
        return typeof value === 'number' ? value > limit : compare(value, literal)
      }
    case '>=':
      return (frame) => {
        const value = left(frame)
        return typeof value === 'number' ? value >= limit : compare(value, literal)
      }
  }
}

/** Two static ints or strings are compared as such, which fails where one of them turns out to be nil. */
function equality({ left, right }: BinaryNode): (a: GoValue, b: GoValue, frame: Frame) => boolean {
  const type = left.nature.type
  if (type !== right.nature.type || (type !== INT && type !== STRING)) return equal
  return (a, b) => {
    for (const value of [a, b]) if (typeOf(value) !== type) throw badConversion(typeName(value), type.name)
    return equal(a, b)
  }
}

function onStrings(test: (text: string, part: string) => boolean): Apply {
  return (a, b) => {
    if (isNil(a) || isNil(b)) return false
    const [text, part] = [asString(a), asString(b)]
    // Both or neither as bytes, since text cut inside a character can only be found that way.
    const wellFormed = isWellFormed(text) && isWellFormed(part)
    return wellFormed ? test(text, part) : test(toBytes(text), toBytes(part))
  }
}

function matches(a: GoValue, b: GoValue, { isFormer }: Frame): GoValue {
  if (isNil(a) || isNil(b)) return nothingMatches(isFormer)
  // Go turns to bytes whatever is no string, and says so when it is neither.
  const pattern = asString(b)
  if (typeof a !== 'string') throw badConversion(typeName(a), '[]uint8')
  return compileRegexp(pattern).test(a)
}

function matchesConstant(left: Evaluate, pattern: Regexp): Evaluate {
  return (frame) => {
    const text = left(frame)
    if (isNil(text)) return nothingMatches(frame.isFormer)
    if (typeof text !== 'string') throw badConversion(typeName(text), '[]uint8')
    return pattern.test(text)
  }
}

function nothingMatches(isFormer: boolean): boolean {
  if (isFormer) throw badConversion('<nil>', 'string')
  return false
}

function range(a: GoValue, b: GoValue, frame: Frame): GoValue {
  const first = toInteger(a)
  const size = Math.max(0, Number(canonical(BigInt(toInteger(b)) - BigInt(first) + 1n)))
  frame.grow(size)
  return ints(Array.from({ length: size }, (_, at) => int(add(first, at))))
}
