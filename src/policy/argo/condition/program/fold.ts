// Works out at once what consists of literals only, as expr does before it runs anything.

import type { BinaryNode, BuiltinNode, Node, UnaryNode } from '../syntax/tree.js'
import { replaceChildren } from '../syntax/tree.js'
import type { Integer } from '../value/integer.js'
import * as integer from '../value/integer.js'
import { BOOL_NATURE, FLOAT_NATURE, INT_NATURE, LIST_NATURE, STRING_NATURE } from '../value/nature.js'
import { Panic } from '../value/panic.js'
import { pow } from '../value/power.js'
import { int, list } from '../value/value.js'

/** Folds until nothing changes; a division of integers by a literal zero fails here, wherever it stands. */
export function fold(tree: Node): Node {
  let folding = true
  const visit = (node: Node): Node => {
    replaceChildren(node, visit)
    const folded = foldNode(node)
    if (folded !== undefined) folding = true
    return folded ?? node
  }
  let node = tree
  while (folding) {
    folding = false
    node = visit(node)
  }
  return node
}

/** Undefined where there is nothing to fold. */
function foldNode(node: Node): Node | undefined {
  switch (node.kind) {
    case 'unary':
      return foldUnary(node)
    case 'binary':
      return foldBinary(node)
    case 'array':
      return foldArray(node, node.nodes)
    case 'builtin':
      return foldFilter(node)
    default:
      return undefined
  }
}

function foldUnary(node: UnaryNode): Node | undefined {
  const { operator, operand } = node
  if (operator === '!' || operator === 'not') return operand.kind === 'bool' ? bool(node, !operand.value) : undefined
  const negative = operator === '-'
  if (operand.kind === 'integer') return whole(node, negative ? integer.negate(operand.value) : operand.value)
  if (operand.kind === 'float') return float(node, negative ? -operand.value : operand.value)
  return undefined
}

function foldBinary(node: BinaryNode): Node | undefined {
  const { operator, left, right } = node
  switch (operator) {
    case 'and':
    case '&&':
      return foldLogical(node, true)
    case 'or':
    case '||':
      return foldLogical(node, false)
    case '==':
      if (left.kind === 'integer' && right.kind === 'integer') return bool(node, left.value === right.value)
      if (left.kind === 'string' && right.kind === 'string') return bool(node, left.value === right.value)
      if (left.kind === 'bool' && right.kind === 'bool') return bool(node, left.value === right.value)
      return undefined
    case '+':
      if (left.kind === 'string' && right.kind === 'string') {
        return { kind: 'string', range: node.range, nature: STRING_NATURE, value: left.value + right.value }
      }
      return foldArithmetic(node, integer.add, (x, y) => x + y)
    case '-':
      return foldArithmetic(node, integer.subtract, (x, y) => x - y)
    case '*':
      return foldArithmetic(node, integer.multiply, (x, y) => x * y)
    case '/':
      return foldArithmetic(node, undefined, (x, y) => x / y)
    case '**':
    case '^':
      return foldArithmetic(node, undefined, pow)
    case '%':
      return foldRemainder(node)
    default:
      return undefined
  }
}

/** `x and true` is x, even where x turns out to be no bool. */
function foldLogical(node: BinaryNode, isAnd: boolean): Node | undefined {
  const { left, right } = node
  if (left.kind === 'bool' && left.value === isAnd) return right
  if (right.kind === 'bool' && right.value === isAnd) return left
  return left.kind === 'bool' || right.kind === 'bool' ? bool(node, !isAnd) : undefined
}

function foldArithmetic(
  node: BinaryNode,
  integers: ((a: Integer, b: Integer) => Integer) | undefined,
  floats: (x: number, y: number) => number,
): Node | undefined {
  const { left, right } = node
  const numbers =
    (left.kind === 'integer' || left.kind === 'float') && (right.kind === 'integer' || right.kind === 'float')
  if (!numbers) return undefined
  if (integers !== undefined && left.kind === 'integer' && right.kind === 'integer') {
    return whole(node, integers(left.value, right.value))
  }
  return float(node, floats(Number(left.value), Number(right.value)))
}

function foldRemainder(node: BinaryNode): Node | undefined {
  const { left, right } = node
  if (left.kind !== 'integer' || right.kind !== 'integer') return undefined
  if (right.value === 0) throw new Panic('integer divide by zero')
  return whole(node, integer.remainder(left.value, right.value))
}

function foldArray(node: Node, nodes: readonly Node[]): Node | undefined {
  if (nodes.length === 0) return undefined
  const values = []
  for (const item of nodes) {
    if (item.kind === 'integer') values.push(int(item.value))
    else if (item.kind === 'float' || item.kind === 'string' || item.kind === 'bool') values.push(item.value)
    else return undefined
  }
  return { kind: 'constant', range: node.range, nature: LIST_NATURE, value: list(values) }
}

/** A filter of a filter asks both questions in one go. */
function foldFilter(node: BuiltinNode): Node | undefined {
  const [inner, second] = node.args
  if (node.name !== 'filter' || inner?.kind !== 'builtin' || inner.name !== 'filter') return undefined
  const first = inner.args[1]
  if (first?.kind !== 'predicate' || second?.kind !== 'predicate') return undefined
  const body: Node = {
    kind: 'binary',
    range: node.range,
    nature: BOOL_NATURE,
    operator: '&&',
    left: first.body,
    right: second.body,
  }
  const predicate: Node = { ...second, body }
  return { ...node, args: [inner.args[0]!, predicate], map: undefined }
}

function bool(node: Node, value: boolean): Node {
  return { kind: 'bool', range: node.range, nature: BOOL_NATURE, value }
}

function whole(node: Node, value: Integer): Node {
  return { kind: 'integer', range: node.range, nature: INT_NATURE, value }
}

function float(node: Node, value: number): Node {
  return { kind: 'float', range: node.range, nature: FLOAT_NATURE, value }
}
