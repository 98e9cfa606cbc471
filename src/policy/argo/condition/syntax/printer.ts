// Writes a tree back as text: the same tree comes out when it is parsed again.

import { formatGoFloat } from '../../../../metrics/float.js'
import { formatAny } from '../value/format.js'
import { encodeJson } from '../value/json-encode.js'
import { quote } from '../value/quote.js'
import { AnyMap } from '../value/value.js'
import { BINARY_PRECEDENCE, isOrder, isRightAssociative, UNARY_PRECEDENCE } from './operator.js'
import { isIdentifier } from './token.js'
import type { BinaryNode, BuiltinNode, ConditionalNode, MemberNode, Node, UnaryNode } from './tree.js'

export function print(node: Node): string {
  switch (node.kind) {
    case 'nil':
      return 'nil'
    case 'identifier':
      return node.name
    case 'integer':
      return String(node.value)
    case 'float':
      return printFloat(node.value)
    case 'bool':
      return String(node.value)
    case 'string':
      return quote(node.value)
    case 'constant':
      return node.value instanceof AnyMap ? formatAny(node.value) : encodeJson(node.value)
    case 'unary':
      return printUnary(node)
    case 'binary':
      return printBinary(node)
    case 'chain':
      return print(node.node)
    case 'member':
      return printMember(node)
    case 'slice':
      return `${postfixBase(node.node)}[${printBound(node.start)}:${printBound(node.end)}]`
    case 'call':
      return `${node.callee.kind === 'member' ? printMember(node.callee) : print(node.callee)}(${printAll(node.args)})`
    case 'builtin':
      return printBuiltin(node)
    case 'predicate':
      return `{${print(node.body)}}`
    case 'pointer':
      return `#${node.name}`
    case 'let':
      return `let ${node.name} = ${printInner(node.value)}; ${print(node.body)}`
    case 'sequence':
      return node.nodes.map(printInner).join('; ')
    case 'conditional':
      return printConditional(node)
    case 'array':
      return `[${printAll(node.nodes)}]`
    case 'map':
      return `{${node.pairs.map(({ key, value }) => `${printKey(key)}: ${printInner(value)}`).join(', ')}}`
  }
}

/** Where a sequence would be cut short. */
function printInner(node: Node): string {
  return node.kind === 'sequence' || node.kind === 'let' ? `(${print(node)})` : print(node)
}

function printBound(node: Node | undefined): string {
  return node === undefined ? '' : printInner(node)
}

function printAll(nodes: readonly Node[]): string {
  return nodes.map(printInner).join(', ')
}

/** A float keeps its point, or it would read back as an integer. */
function printFloat(value: number): string {
  const text = formatGoFloat(value)
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text
}

function printKey(key: Node): string {
  if (key.kind !== 'string') return `(${print(key)})`
  return isIdentifier(key.value) ? key.value : quote(key.value)
}

function printUnary({ operator, operand }: UnaryNode): string {
  const text = operator === 'not' ? 'not ' : operator
  return text + printOperand(operand, UNARY_PRECEDENCE.get(operator)! + 1)
}

function printBinary(node: BinaryNode): string {
  const { operator, left, right } = node
  const precedence = BINARY_PRECEDENCE.get(operator)!
  const isRight = isRightAssociative(operator)
  const leftText = printOperand(left, isRight || isOrder(operator) ? precedence + 1 : precedence, operator)
  return `${leftText} ${operator} ${printOperand(right, isRight ? precedence : precedence + 1, operator)}`
}

/** In brackets unless it binds at least as tightly as the place it stands in asks for. */
function printOperand(node: Node, least: number, operator = ''): string {
  if (node.kind === 'conditional' || node.kind === 'let' || node.kind === 'sequence') return `(${print(node)})`
  if (node.kind === 'unary' && UNARY_PRECEDENCE.get(node.operator)! < least) return `(${print(node)})`
  if (node.kind === 'binary') {
    const mixed = node.operator === '??' && operator !== '??'
    if (mixed || BINARY_PRECEDENCE.get(node.operator)! < least) return `(${print(node)})`
  }
  return print(node)
}

function printMember({ node, property, optional }: MemberNode): string {
  const base = node.kind === 'pointer' && node.name === '' ? '#' : postfixBase(node)
  if (property.kind === 'string' && isIdentifier(property.value))
    return `${base}${optional ? '?.' : '.'}${property.value}`
  return `${base}${optional ? '?.' : ''}[${printInner(property)}]`
}

/** Literals take no member after them, and operators would be split by it. */
function postfixBase(node: Node): string {
  const bare = !['nil', 'integer', 'float', 'bool', 'unary', 'binary', 'conditional', 'let', 'sequence'].includes(
    node.kind,
  )
  return bare ? print(node) : `(${print(node)})`
}

function printBuiltin({ name, args, map }: BuiltinNode): string {
  const text = `${name}(${printAll(args)})`
  return map === undefined ? text : `map(${text}, {${print(map)}})`
}

function printConditional({ ternary, condition, yes, no }: ConditionalNode): string {
  const [c, y, n] = [condition, yes, no].map((node) =>
    ternary && (node.kind === 'conditional' || node.kind === 'let' || node.kind === 'sequence')
      ? `(${print(node)})`
      : print(node),
  )
  return ternary ? `${c} ? ${y} : ${n}` : `if ${printInner(condition)} { ${y} } else { ${n} }`
}
