// The tree of a condition. Every node knows which part of the text it stands for; the type checker adds what it
// found out about the node's value, and the optimiser replaces nodes.

import type { Integer } from '../value/integer.js'
import type { Nature } from '../value/nature.js'
import type { GoValue } from '../value/value.js'
import type { TextRange } from './token.js'

export type Node =
  | NilNode
  | IdentifierNode
  | IntegerNode
  | FloatNode
  | BoolNode
  | StringNode
  | ConstantNode
  | UnaryNode
  | BinaryNode
  | ChainNode
  | MemberNode
  | SliceNode
  | CallNode
  | BuiltinNode
  | PredicateNode
  | PointerNode
  | LetNode
  | SequenceNode
  | ConditionalNode
  | ArrayNode
  | MapNode

interface NodeBase {
  readonly range: TextRange
  nature: Nature
}

export interface NilNode extends NodeBase {
  readonly kind: 'nil'
}

export interface IdentifierNode extends NodeBase {
  readonly kind: 'identifier'
  readonly name: string
}

export interface IntegerNode extends NodeBase {
  readonly kind: 'integer'
  readonly value: Integer
}

export interface FloatNode extends NodeBase {
  readonly kind: 'float'
  readonly value: number
}

export interface BoolNode extends NodeBase {
  readonly kind: 'bool'
  readonly value: boolean
}

export interface StringNode extends NodeBase {
  readonly kind: 'string'
  readonly value: string
}

/** A list of literals, folded by the optimiser. */
export interface ConstantNode extends NodeBase {
  readonly kind: 'constant'
  readonly value: GoValue
}

export interface UnaryNode extends NodeBase {
  readonly kind: 'unary'
  readonly operator: string
  operand: Node
}

export interface BinaryNode extends NodeBase {
  readonly kind: 'binary'
  readonly operator: string
  left: Node
  right: Node
}

/** A chain of members of which one or more are optional: where one is nil, so is the whole. */
export interface ChainNode extends NodeBase {
  readonly kind: 'chain'
  node: Node
}

export interface MemberNode extends NodeBase {
  readonly kind: 'member'
  node: Node
  property: Node
  readonly optional: boolean
  /** It is called, so a message speaks of a method. */
  readonly called: boolean
}

export interface SliceNode extends NodeBase {
  readonly kind: 'slice'
  node: Node
  start: Node | undefined
  end: Node | undefined
}

export interface CallNode extends NodeBase {
  readonly kind: 'call'
  callee: Node
  readonly args: Node[]
}

export interface BuiltinNode extends NodeBase {
  readonly kind: 'builtin'
  readonly name: string
  readonly args: Node[]
  /** Set by the optimiser: find() that fails instead of giving nil. */
  readonly throws: boolean
  /** Set by the optimiser: what filter() or find() makes of each item it keeps. */
  readonly map: Node | undefined
}

export interface PredicateNode extends NodeBase {
  readonly kind: 'predicate'
  body: Node
}

/** `#`, `#index`, `#acc`, and the nothing before `.field`. */
export interface PointerNode extends NodeBase {
  readonly kind: 'pointer'
  readonly name: string
}

export interface LetNode extends NodeBase {
  readonly kind: 'let'
  readonly name: string
  value: Node
  body: Node
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence'
  readonly nodes: Node[]
}

export interface ConditionalNode extends NodeBase {
  readonly kind: 'conditional'
  readonly ternary: boolean
  condition: Node
  yes: Node
  no: Node
}

export interface ArrayNode extends NodeBase {
  readonly kind: 'array'
  readonly nodes: Node[]
}

export interface MapNode extends NodeBase {
  readonly kind: 'map'
  readonly pairs: MapPair[]
}

export interface MapPair {
  key: Node
  value: Node
}

/** Replaces each child by what `visit` makes of it. */
export function replaceChildren(node: Node, visit: (child: Node) => Node): void {
  const each = (nodes: Node[]) => {
    for (let i = 0; i < nodes.length; i++) nodes[i] = visit(nodes[i]!)
  }
  switch (node.kind) {
    case 'unary':
      node.operand = visit(node.operand)
      break
    case 'binary':
      node.left = visit(node.left)
      node.right = visit(node.right)
      break
    case 'chain':
      node.node = visit(node.node)
      break
    case 'member':
      node.node = visit(node.node)
      node.property = visit(node.property)
      break
    case 'slice':
      node.node = visit(node.node)
      if (node.start !== undefined) node.start = visit(node.start)
      if (node.end !== undefined) node.end = visit(node.end)
      break
    case 'call':
      node.callee = visit(node.callee)
      each(node.args)
      break
    case 'builtin':
      each(node.args)
      break
    case 'predicate':
      node.body = visit(node.body)
      break
    case 'let':
      node.value = visit(node.value)
      node.body = visit(node.body)
      break
    case 'sequence':
    case 'array':
      each(node.nodes)
      break
    case 'conditional':
      node.condition = visit(node.condition)
      node.yes = visit(node.yes)
      node.no = visit(node.no)
      break
    case 'map':
      for (const pair of node.pairs) {
        pair.key = visit(pair.key)
        pair.value = visit(pair.value)
      }
      break
  }
}
