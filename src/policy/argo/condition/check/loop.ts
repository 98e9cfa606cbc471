// The type check of the builtins that take a predicate.

import type { LoopName } from '../syntax/builtin-name.js'
import type { BuiltinNode } from '../syntax/tree.js'
import { GROUP_MAP } from '../value/go-type.js'
import {
  BOOL_NATURE,
  dereferenced,
  INT_NATURE,
  isArray,
  isBool,
  isUnknown,
  itemOf,
  LIST_NATURE,
  listOf,
  type Nature,
  nameOf,
  natureOf,
  UNKNOWN,
} from '../value/nature.js'
import type { Visitor } from './visitor.js'

const INDEX = { name: 'index', nature: INT_NATURE }
const ACCUMULATOR = { name: 'acc', nature: UNKNOWN }

const ASKS_YES_OR_NO: ReadonlySet<LoopName> = new Set([
  'all',
  'none',
  'any',
  'one',
  'filter',
  'count',
  'find',
  'findLast',
  'findIndex',
  'findLastIndex',
])

/** Undefined for a sum() over nothing, which is left to the general check of builtins. */
export function checkLoop(checker: Visitor, name: LoopName, { args }: BuiltinNode): Nature | undefined {
  const collection = dereferenced(checker.visit(args[0]!))
  if (!isArray(collection) && !isUnknown(collection)) {
    return checker.fail(`builtin ${name} takes only array (got ${nameOf(collection)})`)
  }
  const predicate = args[1]
  if (predicate === undefined) return name === 'sum' ? itemOf(collection) : INT_NATURE

  const variables = name === 'map' ? [INDEX] : name === 'reduce' ? [INDEX, ACCUMULATOR] : []
  const nature = checker.within(collection, variables, predicate)
  if (args[2] !== undefined) checker.visit(args[2])

  const result = nature.type!.signature!.results[0]
  if (result === undefined) {
    if (name === 'sum') return undefined
    return checker.fail(`predicate should has ${name === 'reduce' ? 'two' : 'one'} input and one output param`)
  }
  const given = natureOf(result)
  if (ASKS_YES_OR_NO.has(name) && !isBool(given) && !isUnknown(given)) {
    return checker.fail(`predicate should return boolean (got ${nameOf(given)})`)
  }
  return loopResult(name, collection, given, nature.item!)
}

function loopResult(name: LoopName, collection: Nature, given: Nature, body: Nature): Nature {
  switch (name) {
    case 'filter':
      return isUnknown(collection) ? LIST_NATURE : listOf(itemOf(collection))
    case 'map':
      return listOf(body)
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return INT_NATURE
    case 'sum':
      return given
    case 'find':
    case 'findLast':
      return isUnknown(collection) ? UNKNOWN : itemOf(collection)
    case 'groupBy':
      return natureOf(GROUP_MAP)
    case 'sortBy':
      return collection
    case 'reduce':
      return body
    default:
      return BOOL_NATURE
  }
}
