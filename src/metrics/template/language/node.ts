// What a template is made of: frozen nodes, each with its byte position in the text.

interface Placed {
  readonly at: number
}

/** What stands between two delimiters' ends: runs one after the other. */
export type Node = TextNode | ActionNode | BranchNode | BreakNode | CallNode

interface TextNode extends Placed {
  readonly kind: 'text'
  readonly text: string
}

interface ActionNode extends Placed {
  readonly kind: 'action'
  readonly pipe: PipeNode
}

export interface BranchNode extends Placed {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: PipeNode
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[] | undefined
}

export interface BreakNode extends Placed {
  readonly kind: 'break' | 'continue'
}

/** `{{template "name" pipeline}}`. */
export interface CallNode extends Placed {
  readonly kind: 'template'
  readonly name: string
  readonly pipe: PipeNode | undefined
}

export interface PipeNode extends Placed {
  readonly kind: 'pipe'
  readonly variables: readonly VariableNode[]
  /** The variables exist already (`=`, not `:=`). */
  readonly isAssignment: boolean
  readonly commands: readonly CommandNode[]
}

export interface CommandNode extends Placed {
  readonly kind: 'command'
  readonly operands: readonly Operand[]
}

export type Operand =
  | PipeNode
  | VariableNode
  | FieldNode
  | ChainNode
  | IdentifierNode
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode

/** `$`, `$x` and `$x.A.B`. */
export interface VariableNode extends Placed {
  readonly kind: 'variable'
  readonly name: string
  readonly fields: readonly string[]
}

export interface FieldNode extends Placed {
  readonly kind: 'field'
  readonly fields: readonly string[]
}

/** `(pipeline).A.B` and `function.A`. */
export interface ChainNode extends Placed {
  readonly kind: 'chain'
  readonly of: Operand
  readonly fields: readonly string[]
}

export interface IdentifierNode extends Placed {
  readonly kind: 'identifier'
  readonly name: string
}

interface DotNode extends Placed {
  readonly kind: 'dot'
}

export interface NilNode extends Placed {
  readonly kind: 'nil'
}

export interface BoolNode extends Placed {
  readonly kind: 'bool'
  readonly value: boolean
}

export interface NumberNode extends Placed {
  readonly kind: 'number'
  readonly text: string
  readonly number: NumberLiteral
}

/** A literal has no type of its own: what it can be, by Go's rules for constants. */
export interface NumberLiteral {
  /** From -2^63 to 2^63 - 1. */
  readonly integer: bigint | undefined
  /** From 0 to 2^64 - 1. */
  readonly unsigned: bigint | undefined
  readonly float: number
  /** What it is where no type is asked for. */
  readonly isFloat: boolean
}

export interface StringNode extends Placed {
  readonly kind: 'string'
  readonly quoted: string
  readonly text: string
}

/** Whether nothing but space stands there: such a definition gives way to another of its name. */
export function isBlank(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === 'text' && isSpace(node.text))
}

/** As Go's bytes.TrimSpace sees it, on UTF-8. */
function isSpace(bytes: string): boolean {
  return /^(?:[\t-\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)*$/.test(
    bytes,
  )
}
