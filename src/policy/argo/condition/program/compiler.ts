// Turns a checked tree into closures.

import { BUILTINS } from '../builtin/builtin.js'
import { isArgoFunction } from '../check/environment.js'
import { takesCount } from '../check/signature.js'
import { type FunctionName, isLoop } from '../syntax/builtin-name.js'
import { isOrder } from '../syntax/operator.js'
import type {
  BinaryNode,
  BuiltinNode,
  CallNode,
  IdentifierNode,
  LetNode,
  MemberNode,
  Node,
  SliceNode,
} from '../syntax/tree.js'
import { bind, methodOf } from '../time/method.js'
import { fetch, item, lengthOf, slice } from '../value/access.js'
import { negateValue } from '../value/arithmetic.js'
import { ANY_SLICE, type GoType } from '../value/go-type.js'
import { Panic } from '../value/panic.js'
import { asBool, asString, type GoValue, int, isNil, list, Slice, StringMap } from '../value/value.js'
import { argoFunction } from './argo-function.js'
import { callValue } from './call.js'
import type { Evaluate, Frame } from './frame.js'
import { compileLoop, ITEM } from './loop.js'
import { applyOperator, compareWithLiteral, isLazy, lazyOperator } from './operator.js'
import { disturbsStack } from './stack.js'

export function compileTree(tree: Node, frame: Frame): Evaluate {
  return new Compiler(frame, disturbsStack(tree)).compile(tree)
}

const ZERO = int(0)
const ENVIRONMENT_NAMES = ['asInt', 'asFloat', 'isNaN', 'isInf', 'isNil', 'default'] as const

/** Stands for what is left of a chain once an optional member of it was not there. */
const BROKEN_CHAIN: GoValue = new Slice(ANY_SLICE, [], true)

class Compiler {
  private readonly frame: Frame
  /** Every operand goes over Frame.stack, where what findLast() leaves behind can take its place. */
  private readonly onStack: boolean
  private readonly variables: { readonly name: string; readonly at: number }[] = []
  private variableCount = 0
  /** The members and calls that a chain is made of. */
  private readonly links = new Set<Node>()

  constructor(frame: Frame, onStack: boolean) {
    this.frame = frame
    this.onStack = onStack
  }

  readonly compile = (node: Node): Evaluate => {
    switch (node.kind) {
      case 'nil':
        return () => null
      case 'identifier':
        return this.identifier(node)
      case 'integer': {
        const value = int(node.value)
        return () => value
      }
      case 'float':
      case 'bool':
      case 'string':
      case 'constant': {
        const { value } = node
        return () => value
      }
      case 'unary': {
        const operand = this.compile(node.operand)
        if (node.operator === '+') return operand
        if (node.operator === '-') return (frame) => negateValue(operand(frame))
        return (frame) => !asBool(operand(frame))
      }
      case 'binary':
        return this.binary(node)
      case 'chain': {
        for (let link = node.node; link.kind === 'member' || link.kind === 'call'; ) {
          this.links.add(link)
          link = link.kind === 'member' ? link.node : link.callee
        }
        const chain = this.compile(node.node)
        return (frame) => {
          const value = chain(frame)
          return isNil(value) ? null : value
        }
      }
      case 'member':
        return this.member(node)
      case 'slice':
        return this.slice(node)
      case 'call':
        return this.call(node)
      case 'builtin':
        return this.builtin(node)
      case 'predicate':
        return this.compile(node.body)
      case 'pointer':
        if (node.name === 'index') return (frame) => int(frame.scope!.index)
        return node.name === 'acc' ? (frame) => frame.scope!.accumulator : ITEM
      case 'let':
        return this.declaration(node)
      case 'sequence': {
        const nodes = node.nodes.map(this.compile)
        const last = nodes.pop()!
        return (frame) => {
          for (const evaluate of nodes) evaluate(frame)
          return last(frame)
        }
      }
      case 'conditional': {
        const condition = this.compile(node.condition)
        const yes = this.compile(node.yes)
        const no = this.compile(node.no)
        return (frame) => (asBool(condition(frame)) ? yes(frame) : no(frame))
      }
      case 'array': {
        const size = node.nodes.length
        return this.combine(node.nodes, (values, frame) => {
          frame.grow(size)
          return list(values)
        })
      }
      case 'map':
        return this.map(node.pairs.flatMap(({ key, value }) => [key, value]))
    }
  }

  /** Evaluates all, in order, and makes one value of them. */
  private combine(nodes: readonly Node[], apply: (values: GoValue[], frame: Frame) => GoValue): Evaluate {
    const evaluates = nodes.map(this.compile)
    return (frame) => {
      for (const evaluate of evaluates) frame.stack.push(evaluate(frame))
      return apply(frame.take(evaluates.length), frame)
    }
  }

  private identifier({ name }: IdentifierNode): Evaluate {
    const variable = this.variables.findLast((known) => known.name === name)
    if (variable !== undefined) {
      const { at } = variable
      return (frame) => frame.variables[at]!
    }
    if (name === 'result') return (frame) => frame.result
    if (name === '$env') return this.environment()
    // A builtin without a call, and a name in a place that the check leaves out, are nil.
    const value = isArgoFunction(name) ? argoFunction(name, this.frame) : null
    return () => value
  }

  private environment(): Evaluate {
    const functions = ENVIRONMENT_NAMES.map((name) => [name, argoFunction(name, this.frame)] as const)
    return (frame) => new StringMap(new Map<string, GoValue>([['result', frame.result], ...functions]))
  }

  private binary(node: BinaryNode): Evaluate {
    if (isLazy(node)) return lazyOperator(node, this.compile)
    const apply = applyOperator(node)
    if (this.onStack) return this.combine([node.left, node.right], ([a, b], frame) => apply(a!, b!, frame))
    const left = this.compile(node.left)
    if (isOrder(node.operator) && (node.right.kind === 'integer' || node.right.kind === 'float')) {
      const literal = node.right.kind === 'integer' ? int(node.right.value) : node.right.value
      const compared = compareWithLiteral(node.operator, left, literal)
      if (compared !== undefined) return compared
    }
    const right = this.compile(node.right)
    return (frame) => {
      const a = left(frame)
      return apply(a, right(frame), frame)
    }
  }

  private member(node: MemberNode): Evaluate {
    const owner = this.compile(node.node)
    const name = node.property.kind === 'string' ? node.property.value : undefined
    const method = name === undefined ? undefined : methodOf(node.node.nature.type, name)
    if (method !== undefined) {
      return (frame) => {
        const receiver = owner(frame)
        if (receiver === null) throw new Panic(`cannot fetch ${name} from <nil>`)
        const bound = bind(receiver, method)
        if (bound === undefined) throw new Panic(`coalmine does not model the method ${name}`)
        return bound
      }
    }
    if (this.links.has(node) || this.onStack) return this.careful(node, owner)
    if (node.property.kind === 'integer') return indexed(owner, node.property.value)
    if (name !== undefined) return named(owner, name)
    const property = this.compile(node.property)
    return (frame) => {
      const from = owner(frame)
      return fetch(from, property(frame))
    }
  }

  /** A member that may be part of a chain that breaks. */
  private careful({ property: key, optional }: MemberNode, owner: Evaluate): Evaluate {
    const property = this.compile(key)
    return (frame) => {
      const from = owner(frame)
      if (from === BROKEN_CHAIN || (optional && isNil(from))) return BROKEN_CHAIN
      frame.stack.push(from)
      frame.stack.push(property(frame))
      const [a, b] = frame.take(2)
      return fetch(a!, b!)
    }
  }

  private slice({ node, start, end }: SliceNode): Evaluate {
    const from = this.compile(node)
    const last = end && this.compile(end)
    const first = start && this.compile(start)
    return (frame) => {
      const value = from(frame)
      frame.stack.push(value)
      frame.stack.push(last === undefined ? int(lengthOf(value)) : last(frame))
      frame.stack.push(first === undefined ? ZERO : first(frame))
      const [a, to, begin] = frame.take(3)
      return slice(a!, begin!, to!)
    }
  }

  private call(node: CallNode): Evaluate {
    if (node.callee.kind === 'identifier' && node.callee.name === 'isNaN' && node.args.length === 1 && !this.onStack) {
      return this.isNaN(this.compile(node.args[0]!))
    }
    const type = node.callee.nature.isMethod ? methodType(node.callee) : node.callee.nature.type
    const args = node.args.map(this.compile)
    const callee = this.compile(node.callee)
    return (frame) => {
      for (const argument of args) frame.stack.push(argument(frame))
      const called = callee(frame)
      if (called === BROKEN_CHAIN) {
        if (!this.onStack) frame.take(args.length)
        return BROKEN_CHAIN
      }
      return callValue(called, type, frame.take(args.length))
    }
  }

  private isNaN(argument: Evaluate): Evaluate {
    const callee = argoFunction('isNaN', this.frame)
    return (frame) => {
      const value = argument(frame)
      return typeof value === 'number' ? Number.isNaN(value) : callValue(callee, callee.type, [value])
    }
  }

  private builtin(node: BuiltinNode): Evaluate {
    if (isLoop(node.name)) return compileLoop(node.name, node, this.compile)
    const name = node.name as FunctionName
    if (!takesCount(name, node.args.length)) return stackUnderflow
    const builtin = BUILTINS[name]
    if (name === 'len' && !this.onStack) {
      const argument = this.compile(node.args[0]!)
      return (frame) => {
        const value = argument(frame)
        return value instanceof Slice ? int(value.items.length) : builtin([value], frame)
      }
    }
    return this.combine(node.args, builtin)
  }

  private declaration({ name, value, body }: LetNode): Evaluate {
    const given = this.compile(value)
    const at = this.variableCount++
    this.variables.push({ name, at })
    const evaluate = this.compile(body)
    this.variables.pop()
    return (frame) => {
      frame.variables[at] = given(frame)
      return evaluate(frame)
    }
  }

  /** The last pair is taken first, so of two equal keys the first one wins. */
  private map(nodes: readonly Node[]): Evaluate {
    return this.combine(nodes, (values, frame) => {
      frame.grow(values.length / 2)
      const entries = new Map<string, GoValue>()
      for (let at = values.length - 2; at >= 0; at -= 2) entries.set(asString(values[at]!), values[at + 1]!)
      return new StringMap(entries)
    })
  }
}

/** The check leaves out the bounds of a slice of something unknown, so a call there may lack arguments. */
function stackUnderflow(): never {
  throw new Panic('stack underflow')
}

/** A method value's type has no receiver any more. */
function methodType(callee: Node): GoType | undefined {
  if (callee.kind !== 'member' || callee.property.kind !== 'string') return undefined
  return methodOf(callee.node.nature.type, callee.property.value)?.bound
}

function indexed(owner: Evaluate, index: number | bigint): Evaluate {
  const at = Number(index)
  const key = int(index)
  return (frame) => {
    const from = owner(frame)
    if (!(from instanceof Slice)) return fetch(from, key)
    const held = from.items[at]
    return held === undefined ? item(from, index) : held
  }
}

function named(owner: Evaluate, name: string): Evaluate {
  return (frame) => {
    const from = owner(frame)
    return from instanceof StringMap ? (from.entries.get(name) ?? null) : fetch(from, name)
  }
}
