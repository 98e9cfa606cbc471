// The type check before evaluation: finds out what each node of a tree will be, given the type of `result`, and the
// first thing that cannot be right.

import { isFunction, isLaterBuiltin, isLoop } from '../syntax/builtin-name.js'
import type {
  BuiltinNode,
  CallNode,
  ConditionalNode,
  IdentifierNode,
  LetNode,
  MemberNode,
  Node,
  PointerNode,
  SliceNode,
  UnaryNode,
} from '../syntax/tree.js'
import { methodOf } from '../time/method.js'
import { ANY, FLOAT64, functionOf, type GoType, STRING_MAP } from '../value/go-type.js'
import {
  assignable,
  BOOL_NATURE,
  dereferenced,
  FLOAT_NATURE,
  INT_NATURE,
  isArray,
  isBool,
  isNumeric,
  isUnknown,
  isWhole,
  itemOf,
  LIST_NATURE,
  listOf,
  type Nature,
  NIL,
  nameOf,
  natureOf,
  STRING_NATURE,
  UNKNOWN,
} from '../value/nature.js'
import { checkBinary } from './binary.js'
import { environmentNature } from './environment.js'
import { checkLoop } from './loop.js'
import { LOOP_TYPES, SIGNATURES } from './signature.js'
import type { Variable, Visitor } from './visitor.js'

/** Notes each node's nature in it; gives the message of what is wrong. */
export function check(tree: Node, resultType: GoType | undefined, isFormer = false): string | undefined {
  const checker = new Checker(resultType, isFormer)
  checker.visit(tree)
  return checker.message
}

interface Scope {
  readonly collection: Nature
  readonly variables: readonly Variable[]
}

class Checker implements Visitor {
  message: string | undefined
  private readonly resultType: GoType | undefined
  private readonly isFormer: boolean
  private readonly variables: Variable[] = []
  private readonly scopes: Scope[] = []

  constructor(resultType: GoType | undefined, isFormer: boolean) {
    this.resultType = resultType
    this.isFormer = isFormer
  }

  visit(node: Node): Nature {
    node.nature = this.natureOf(node)
    return node.nature
  }

  fail(message: string): Nature {
    this.message ??= message
    return UNKNOWN
  }

  within(collection: Nature, variables: readonly Variable[], predicate: Node): Nature {
    this.scopes.push({ collection, variables })
    const nature = this.visit(predicate)
    this.scopes.pop()
    return nature
  }

  private natureOf(node: Node): Nature {
    switch (node.kind) {
      case 'nil':
        return NIL
      case 'identifier':
        return this.identifier(node)
      case 'integer':
        return INT_NATURE
      case 'float':
        return FLOAT_NATURE
      case 'bool':
        return BOOL_NATURE
      case 'string':
        return STRING_NATURE
      case 'constant':
        return LIST_NATURE
      case 'unary':
        return this.unary(node)
      case 'binary':
        return checkBinary(this, node)
      case 'chain':
        return this.visit(node.node)
      case 'member':
        return this.member(node)
      case 'slice':
        return this.slice(node)
      case 'call':
        return this.call(node)
      case 'builtin':
        return this.builtin(node)
      case 'predicate': {
        const body = this.visit(node.body)
        const results = isUnknown(body) ? [ANY] : body.isNil ? [] : [body.type!]
        return { ...natureOf(functionOf([ANY], results)), item: body }
      }
      case 'pointer':
        return this.pointer(node)
      case 'let':
        return this.declaration(node)
      case 'sequence':
        return node.nodes.map((child) => this.visit(child)).at(-1)!
      case 'conditional':
        return this.conditional(node)
      case 'array':
        return this.array(node.nodes)
      case 'map':
        for (const { key, value } of node.pairs) {
          this.visit(key)
          this.visit(value)
        }
        return natureOf(STRING_MAP)
    }
  }

  private identifier({ name }: IdentifierNode): Nature {
    const variable = this.variables.findLast((known) => known.name === name)
    if (variable !== undefined) return variable.nature
    if (name === '$env') return UNKNOWN
    const nature = environmentNature(name, this.resultType)
    if (nature !== undefined) return nature
    if (this.isFormer && isLaterBuiltin(name)) return this.fail(`unknown name ${name}`)
    // A builtin may be named without a call; what comes of it at run time is nil.
    if (isLoop(name)) return { ...natureOf(LOOP_TYPES[name]), builtin: name }
    if (isFunction(name)) return { ...natureOf(SIGNATURES[name].overloads[0]), builtin: name }
    return this.fail(`unknown name ${name}`)
  }

  private unary({ operator, operand }: UnaryNode): Nature {
    const nature = dereferenced(this.visit(operand))
    if (operator === '!' || operator === 'not') {
      if (isBool(nature) || isUnknown(nature)) return BOOL_NATURE
    } else if (isNumeric(nature)) return nature
    else if (isUnknown(nature)) return UNKNOWN
    return this.fail(`invalid operation: ${operator} (mismatched type ${nameOf(nature)})`)
  }

  private member(node: MemberNode): Nature {
    const name = node.property.kind === 'string' ? node.property.value : undefined
    if (node.node.kind === 'identifier' && node.node.name === '$env') {
      if (name === undefined) return UNKNOWN
      const nature = environmentNature(name, this.resultType)
      return nature ?? (node.optional ? UNKNOWN : this.fail(`unknown name ${name}`))
    }
    const owner = this.visit(node.node)
    const property = this.visit(node.property)
    if (isUnknown(owner)) return UNKNOWN
    if (name !== undefined) {
      if (owner.isNil) return this.fail(`type ${this.isFormer ? '<nil>' : 'nil'} has no field ${name}`)
      const method = methodOf(owner.type, name)
      if (method !== undefined) return { ...natureOf(method.unbound), isMethod: true }
    }
    return this.memberOf(dereferenced(owner), property, name, node.called)
  }

  private memberOf(owner: Nature, property: Nature, name: string | undefined, called: boolean): Nature {
    if (owner.type?.kind === 'map') {
      if (assignable(property, natureOf(owner.type.key)) || isUnknown(property)) return itemOf(owner)
      return this.fail(`cannot use ${nameOf(property)} to get an element from ${nameOf(owner)}`)
    }
    if (isArray(owner)) {
      const index = dereferenced(property)
      if (isWhole(index) || isUnknown(index)) return itemOf(owner)
      return this.fail(`array elements can only be selected using an integer (got ${nameOf(index)})`)
    }
    const field = name === undefined ? undefined : owner.type?.fields?.get(name)
    if (field !== undefined) return natureOf(field)
    if (name === undefined || this.isFormer) return this.fail(`type ${nameOf(owner)}[${nameOf(property)}] is undefined`)
    return this.fail(`type ${nameOf(owner)} has no ${called ? 'method' : 'field'} ${name}`)
  }

  private slice({ node, start, end }: SliceNode): Nature {
    const nature = this.visit(node)
    if (isUnknown(nature)) return UNKNOWN
    if (!isArray(nature) && nature.type?.kind !== 'string') return this.fail(`cannot slice ${nameOf(nature)}`)
    for (const bound of [start, end]) {
      const index = bound && dereferenced(this.visit(bound))
      if (index !== undefined && !isWhole(index) && !isUnknown(index)) {
        return this.fail(`non-integer slice index ${nameOf(index)}`)
      }
    }
    return nature
  }

  private call(node: CallNode): Nature {
    // Visited before, as an argument of an overload that did not fit.
    if (node.nature.type !== undefined && node.nature.type !== ANY) return node.nature
    const callee = this.visit(node.callee)
    if (isUnknown(callee)) return UNKNOWN
    const name = calledName(node.callee)
    if (callee.builtin !== undefined) return this.builtinCall(callee.builtin, node.args)
    if (callee.isNil) return this.fail(`${name} is nil; cannot call nil as function`)
    if (callee.type?.kind !== 'func') return this.fail(`${nameOf(callee)} is not callable`)
    const outcome = this.arguments(name, callee, node.args)
    return typeof outcome === 'string' ? this.fail(outcome) : outcome
  }

  private builtin(node: BuiltinNode): Nature {
    if (isLoop(node.name)) return checkLoop(this, node.name, node) ?? this.builtinCall(node.name, node.args)
    return node.name === 'get' ? this.get(node.args) : this.builtinCall(node.name, node.args)
  }

  private builtinCall(name: string, args: Node[]): Nature {
    const signature = isFunction(name) ? SIGNATURES[name] : undefined
    const validate = (this.isFormer && signature?.formerly) || signature?.validate
    if (validate !== undefined) {
      const types = args.map((argument) => {
        const nature = this.visit(argument)
        return isUnknown(nature) ? ANY : nature.type
      })
      const outcome = validate(types)
      return typeof outcome === 'string' ? this.fail(outcome) : natureOf(outcome)
    }
    const overloads = signature?.overloads ?? (isLoop(name) ? [LOOP_TYPES[name]] : [])
    let outcome: Nature | string = UNKNOWN
    for (const overload of overloads) {
      outcome = this.arguments(name, natureOf(overload), args)
      if (typeof outcome !== 'string') return outcome
    }
    return typeof outcome === 'string' ? this.fail(outcome) : outcome
  }

  private get(args: readonly Node[]): Nature {
    const [from, key] = args
    if (args.length !== 2) return this.fail(`invalid number of arguments (expected 2, got ${args.length})`)
    const owner = this.visit(from!)
    const property = dereferenced(this.visit(key!))
    if (from!.kind === 'identifier' && from!.name === '$env') {
      return (key!.kind === 'string' && environmentNature(key!.value, this.resultType)) || UNKNOWN
    }
    if (isUnknown(owner)) return UNKNOWN
    if (isArray(owner)) {
      if (isWhole(property) || isUnknown(property)) return itemOf(owner)
      return this.fail(`non-integer slice index ${nameOf(property)}`)
    }
    if (owner.type?.kind !== 'map') return this.fail(`type ${nameOf(owner)} does not support indexing`)
    if (assignable(property, natureOf(owner.type.key)) || isUnknown(property)) return itemOf(owner)
    return this.fail(`cannot use ${nameOf(property)} to get an element from ${nameOf(owner)}`)
  }

  /** The nature of a call's result, or what is wrong with its arguments. */
  private arguments(name: string, callee: Nature, args: Node[]): Nature | string {
    const { parameters, results, variadic } = callee.type!.signature!
    if (results.length === 0) return `func ${name} doesn't return value`
    if (results.length > 2) return `func ${name} returns more then two values`
    const wanted = callee.isMethod ? parameters.slice(1) : parameters
    const tooMany = !variadic && args.length > wanted.length
    if (tooMany || args.length < (variadic ? wanted.length - 1 : wanted.length)) {
      for (const argument of args) this.visit(argument)
      return `${tooMany ? 'too many' : 'not enough'} arguments to call ${name}`
    }
    for (const [at, argument] of args.entries()) {
      const isRest = variadic && at >= wanted.length - 1
      const wrong = this.argument(name, args, at, this.visit(argument), isRest ? wanted.at(-1)!.element! : wanted[at]!)
      if (wrong !== undefined) return wrong
    }
    return natureOf(results[0])
  }

  private argument(name: string, args: Node[], at: number, given: Nature, wanted: GoType): string | undefined {
    if (wanted === FLOAT64 && isWhole(given)) {
      args[at] = withFloats(args[at]!)
      return undefined
    }
    if (isWhole(natureOf(wanted)) && isWhole(given)) return undefined
    if (given.isNil) {
      if (wanted.kind === 'ptr' || wanted.kind === 'interface') return undefined
      return `cannot use nil as argument (type ${wanted.name}) to call ${name}`
    }
    const fits = assignable(given, natureOf(wanted)) || assignable(dereferenced(given), natureOf(wanted))
    if (fits || isUnknown(given)) return undefined
    return `cannot use ${nameOf(given)} as argument (type ${wanted.name}) to call ${name} `
  }

  private pointer({ name }: PointerNode): Nature {
    const scope = this.scopes.at(-1)
    if (scope === undefined) return this.fail('cannot use pointer accessor outside predicate')
    if (name === '') return isUnknown(scope.collection) ? UNKNOWN : itemOf(scope.collection)
    const variable = scope.variables.find((known) => known.name === name)
    return variable?.nature ?? this.fail(`unknown pointer #${name}`)
  }

  private declaration({ name, value, body }: LetNode): Nature {
    if (environmentNature(name, this.resultType) !== undefined) return this.fail(`cannot redeclare ${name}`)
    if (isLoop(name) || isFunction(name)) return this.fail(`cannot redeclare builtin ${name}`)
    if (this.variables.some((known) => known.name === name)) return this.fail(`cannot redeclare variable ${name}`)
    this.variables.push({ name, nature: this.visit(value) })
    const nature = this.visit(body)
    this.variables.pop()
    return nature
  }

  private conditional({ condition, yes, no }: ConditionalNode): Nature {
    const asked = dereferenced(this.visit(condition))
    if (!isBool(asked) && !isUnknown(asked)) {
      return this.fail(`non-bool expression (type ${nameOf(asked)}) used as condition`)
    }
    const a = this.visit(yes)
    const b = this.visit(no)
    if (a.isNil) return b
    if (b.isNil) return a
    if (!assignable(a, b)) return UNKNOWN
    const differ = isArray(a) && isArray(b) && !(assignable(itemOf(a), itemOf(b)) && assignable(itemOf(b), itemOf(a)))
    return differ ? LIST_NATURE : a
  }

  /** A list of one kind of things is known to hold that; the last of them stands for all. */
  private array(nodes: readonly Node[]): Nature {
    const natures = nodes.map((node) => this.visit(node))
    const kind = natures[0]?.type?.kind
    return natures.every(({ type }) => type?.kind === kind) ? listOf(natures.at(-1) ?? UNKNOWN) : LIST_NATURE
  }
}

function calledName(callee: Node): string {
  if (callee.kind === 'identifier') return callee.name
  if (callee.kind === 'member' && callee.property.kind === 'string') return callee.property.value
  return 'function'
}

/** Where a float is wanted the integer literals of a sum or product turn into floats. */
function withFloats(node: Node): Node {
  if (node.kind === 'integer') {
    return { kind: 'float', range: node.range, nature: FLOAT_NATURE, value: Number(node.value) }
  }
  if (node.kind === 'unary') node.operand = withFloats(node.operand)
  if (node.kind === 'binary' && (node.operator === '+' || node.operator === '-' || node.operator === '*')) {
    node.left = withFloats(node.left)
    node.right = withFloats(node.right)
  }
  return node
}
