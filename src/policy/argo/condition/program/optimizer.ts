// The rewrites that expr 1.17.7 does between checking and running. They are here because they show: what is rewritten
// evaluates in another order, skips errors, or fails with another message.

import { print } from '../syntax/printer.js'
import { type BinaryNode, type BuiltinNode, type Node, type PredicateNode, replaceChildren } from '../syntax/tree.js'
import { INT_SET, STRING_SET } from '../value/go-type.js'
import { BOOL_NATURE, natureOf } from '../value/nature.js'
import { AnyMap, type GoValue, int, mapKey } from '../value/value.js'
import { fold } from './fold.js'

type Rewrite = (node: Node) => Node

export function optimize(tree: Node): Node {
  return REWRITES.reduce(rewriteAll, fold(rewriteAll(tree, lookUpInSet)))
}

function rewriteAll(tree: Node, rewrite: Rewrite): Node {
  replaceChildren(tree, (child) => rewriteAll(child, rewrite))
  return rewrite(tree)
}

/** `x in [1, 2]` for an int, `x in ["a", "b"]` for whatever x is. */
function lookUpInSet(node: Node): Node {
  if (node.kind !== 'binary' || node.operator !== 'in' || node.right.kind !== 'array') return node
  const { nodes } = node.right
  if (nodes.length === 0) return node
  const integers = nodes.flatMap((item) => (item.kind === 'integer' ? [int(item.value)] : []))
  if (node.left.nature.type?.kind === 'int' && integers.length === nodes.length) return withSet(node, integers)
  const strings = nodes.flatMap((item) => (item.kind === 'string' ? [item.value] : []))
  return strings.length === nodes.length ? withSet(node, strings) : node
}

function withSet(node: BinaryNode, members: readonly GoValue[]): Node {
  const type = typeof members[0] === 'string' ? STRING_SET : INT_SET
  const set = new AnyMap(type, new Map(members.map((key) => [mapKey(key), { key, value: true }])))
  return { ...node, right: { kind: 'constant', range: node.right.range, nature: natureOf(type), value: set } }
}

/** `x in 1..3` for an int is two comparisons. */
function compareWithRange(node: Node): Node {
  if (node.kind !== 'binary' || node.operator !== 'in' || node.left.nature.type?.kind !== 'int') return node
  const range = node.right
  if (range.kind !== 'binary' || range.operator !== '..') return node
  if (range.left.kind !== 'integer' || range.right.kind !== 'integer') return node
  const compare = (operator: string, right: Node): Node => ({ ...node, operator, right })
  return { ...node, operator: 'and', left: compare('>=', range.left), right: compare('<=', range.right) }
}

/** map(filter(…)) becomes a filter that maps. */
function mapInFilter(node: Node): Node {
  if (!isBuiltin(node, 'map', 2) || usesIndex(node.args[1]!)) return node
  const [filter, predicate] = node.args
  if (predicate?.kind !== 'predicate' || filter?.kind !== 'builtin' || filter.name !== 'filter') return node
  if (filter.map !== undefined) return node
  return { ...node, name: 'filter', args: filter.args, map: predicate.body }
}

function countInsteadOfFilter(node: Node): Node {
  const filter = isBuiltin(node, 'len', 1) ? filterIn(node.args[0]!) : undefined
  return filter === undefined ? node : { ...filter, nature: node.nature, name: 'count', map: undefined }
}

function findLastInsteadOfFilter(node: Node): Node {
  return find(node, -1, 'last', 'findLast')
}

function findInsteadOfFilter(node: Node): Node {
  return find(node, 0, 'first', 'find')
}

/** filter(…)[0] must fail as an index does where nothing is found; first(filter(…)) is nil there. */
function find(node: Node, index: number, end: string, name: string): Node {
  if (node.kind === 'member' && !node.optional && node.property.kind === 'integer' && node.property.value === index) {
    const filter = filterIn(node.node)
    return filter === undefined ? node : { ...filter, nature: node.nature, name, throws: true }
  }
  const filter = isBuiltin(node, end, 1) ? filterIn(node.args[0]!) : undefined
  return filter === undefined ? node : { ...filter, nature: node.nature, name, throws: false }
}

/** Two questions about the same list are asked in one walk. */
function combinePredicates(node: Node): Node {
  if (node.kind !== 'binary') return node
  const { left, right } = node
  if (left.kind !== 'builtin' || right.kind !== 'builtin' || left.name !== right.name) return node
  const operator = combinedOperator(left.name, node.operator)
  if (operator === undefined || !sameList(left, right)) return node
  const [list, first] = left.args as [Node, PredicateNode]
  const second = right.args[1] as PredicateNode
  const both: BinaryNode = { ...node, nature: BOOL_NATURE, operator, left: first.body, right: second.body }
  const predicate: Node = { ...first, body: combinePredicates(both) }
  return { ...left, nature: node.nature, args: [list, predicate], throws: false, map: undefined }
}

function combinedOperator(name: string, operator: string): string | undefined {
  const isAnd = operator === 'and' || operator === '&&'
  const isOr = operator === 'or' || operator === '||'
  if ((name === 'all' && isAnd) || (name === 'any' && isOr)) return operator
  return name === 'none' && isAnd ? (operator === 'and' ? 'or' : '||') : undefined
}

function sameList(left: BuiltinNode, right: BuiltinNode): boolean {
  const [a, b] = [left.args[0]!, right.args[0]!]
  return a.nature.type === b.nature.type && print(a) === print(b)
}

/** sum([a, b, c]) is a + (b + c), which rounds otherwise than adding from the left. */
function addItems(node: Node): Node {
  const array = isBuiltin(node, 'sum', 1) ? node.args[0]! : undefined
  if (array?.kind !== 'array' || array.nodes.length < 2) return node
  const { range, nature } = node
  return array.nodes.reduceRight((right, left) => ({ kind: 'binary', range, nature, operator: '+', left, right }))
}

function sumWithPredicate(node: Node): Node {
  const map = isBuiltin(node, 'sum', 1) ? node.args[0]! : undefined
  return map !== undefined && isBuiltin(map, 'map', 2) ? { ...(node as BuiltinNode), args: map.args } : node
}

const REWRITES: readonly Rewrite[] = [
  compareWithRange,
  mapInFilter,
  countInsteadOfFilter,
  findLastInsteadOfFilter,
  findInsteadOfFilter,
  combinePredicates,
  addItems,
  sumWithPredicate,
]

function isBuiltin(node: Node, name: string, count: number): node is BuiltinNode {
  return node.kind === 'builtin' && node.name === name && node.args.length === count
}

function filterIn(node: Node): BuiltinNode | undefined {
  return isBuiltin(node, 'filter', 2) ? node : undefined
}

function usesIndex(node: Node): boolean {
  if (node.kind === 'pointer') return node.name === 'index'
  let found = false
  replaceChildren(node, (child) => {
    found ||= usesIndex(child)
    return child
  })
  return found
}
