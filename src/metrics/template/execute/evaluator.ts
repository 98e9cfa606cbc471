// Evaluates the pipelines of a template, with the errors of Go 1.26's text/template.

import { BUILTINS } from '../functions/builtin.js'
import type { TemplateFunction } from '../functions/function.js'
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  NumberNode,
  Operand,
  PipeNode,
  VariableNode,
} from '../language/node.js'
import { nodeText, type Printable } from '../language/node-text.js'
import { MOST_STEPS, MOST_UNDER_WAY } from '../limits.js'
import { TemplateError } from '../template-error.js'
import type { Method, Type, Value } from '../value/shape.js'
import { ANY, ANYTHING, canBeNil, isAssignable } from '../value/type.js'
import { boolOf, floatOf, indirect, intOf, isTrue, stringOf, unwrapped, zeroOf } from '../value/value.js'
import { complain } from './complaint.js'
import type { Scope } from './scope.js'
import type { Surroundings } from './surroundings.js'

/** What a pipeline hands to its next command, which takes it as its last argument. */
type Piped = { readonly value: Value | undefined } | undefined

export class Evaluator {
  #steps = 0
  #underWay = 0

  constructor(readonly around: Surroundings) {}

  /** Leaves the variables that the pipeline declares in the scope. */
  pipeline(scope: Scope, dot: Value | undefined, pipe: PipeNode): Value | undefined {
    scope.node = pipe
    this.begin(scope)
    let piped: Piped
    for (const command of pipe.commands) piped = { value: unwrapped(this.#command(scope, dot, command, piped)) }
    this.end()
    const value = piped?.value
    for (const { name } of pipe.variables) {
      if (pipe.isAssignment) this.assign(scope, name, value)
      else scope.push(name, value)
    }
    return value
  }

  assign(scope: Scope, name: string, value: Value | undefined): void {
    const variable = scope.find(name)
    if (variable === undefined) this.fail(scope, 'undefined variable: %s', name)
    else variable.value = value
  }

  countStep(scope: Scope): void {
    this.#steps++
    if (this.#steps > MOST_STEPS) this.fail(scope, `more than ${MOST_STEPS} steps are not supported`)
  }

  /** JavaScript's stack is smaller than Go's. An error ends the run, and needs no end here. */
  begin(scope: Scope): void {
    this.#underWay++
    if (this.#underWay > MOST_UNDER_WAY) this.fail(scope, `more than ${MOST_UNDER_WAY} nested levels are not supported`)
  }

  end(): void {
    this.#underWay--
  }

  fail(scope: Scope, format: string, ...values: readonly (Value | string)[]): never {
    return complain(this.around, scope, format, values)
  }

  #command(scope: Scope, dot: Value | undefined, command: CommandNode, piped: Piped): Value | undefined {
    const { operands } = command
    const first = operands[0]!
    switch (first.kind) {
      case 'field':
        return this.#field(scope, dot, first, operands, piped)
      case 'chain':
        return this.#chain(scope, dot, first, operands, piped)
      case 'variable':
        return this.#variable(scope, dot, first, operands, piped)
      case 'identifier':
        return this.#function(scope, dot, first, command, operands, piped)
      case 'pipe':
        this.#refuseArguments(scope, operands, piped)
        return this.pipeline(scope, dot, first)
    }
    scope.node = first
    this.#refuseArguments(scope, operands, piped)
    if (first.kind === 'nil') this.fail(scope, 'nil is not a command')
    return first.kind === 'dot' ? dot : this.#literal(scope, first)
  }

  #refuseArguments(scope: Scope, operands: readonly Operand[], piped: Piped): void {
    if (operands.length > 1 || piped) {
      this.fail(scope, "can't give argument to non-function %s", nodeText(operands[0]!))
    }
  }

  #literal(scope: Scope, node: Extract<Operand, { kind: 'bool' | 'number' | 'string' }>): Value {
    if (node.kind === 'bool') return boolOf(node.value)
    if (node.kind === 'string') return stringOf(node.text)
    return this.#number(scope, node)
  }

  /** How it is written says what it is. */
  #number(scope: Scope, node: NumberNode): Value {
    scope.node = node
    const { integer, float, isFloat } = node.number
    if (isFloat) return floatOf(float)
    return integer === undefined ? this.fail(scope, '%s overflows int', node.text) : intOf(integer)
  }

  #field(
    scope: Scope,
    dot: Value | undefined,
    node: FieldNode,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    scope.node = node
    return this.#fields(scope, dot, dot, node, node.fields, operands, piped)
  }

  #chain(
    scope: Scope,
    dot: Value | undefined,
    node: ChainNode,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    scope.node = node.of
    const receiver =
      node.of.kind === 'pipe'
        ? this.pipeline(scope, dot, node.of)
        : this.#function(scope, dot, node.of as IdentifierNode, node.of, [], undefined)
    return this.#fields(scope, dot, receiver, node, node.fields, operands, piped)
  }

  #variable(
    scope: Scope,
    dot: Value | undefined,
    node: VariableNode,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    scope.node = node
    const variable = scope.find(node.name)
    if (variable === undefined) this.fail(scope, 'undefined variable: %s', node.name)
    if (node.fields.length > 0) return this.#fields(scope, dot, variable.value, node, node.fields, operands, piped)
    this.#refuseArguments(scope, operands, piped)
    return variable.value
  }

  /** Only the last of the fields can be a method that takes the arguments. */
  #fields(
    scope: Scope,
    dot: Value | undefined,
    receiver: Value | undefined,
    node: Operand,
    fields: readonly string[],
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    let at = receiver
    for (const name of fields.slice(0, -1)) at = this.#member(scope, dot, at, node, name, [], undefined)
    return this.#member(scope, dot, at, node, fields.at(-1)!, operands, piped)
  }

  #member(
    scope: Scope,
    dot: Value | undefined,
    given: Value | undefined,
    node: Operand,
    name: string,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    if (given === undefined) return undefined
    const receiver = indirect(given)
    const typeName = given.type.name
    if (receiver.kind === 'interface') this.fail(scope, 'nil pointer evaluating %s.%s', typeName, name)
    const method = receiver.type.methods?.find(name)
    if (method !== undefined) return this.#method(scope, dot, receiver, node, name, method, operands, piped)
    const hasArguments = operands.length > 1 || piped !== undefined
    if (receiver.kind === 'struct') {
      const index = receiver.type.fields!.findIndex((field) => field.name === name)
      if (index >= 0) {
        if (!receiver.type.fields![index]!.isExported)
          this.fail(scope, '%s is an unexported field of struct type %s', name, typeName)
        if (hasArguments) this.fail(scope, '%s has arguments but cannot be invoked as function', name)
        return receiver.value[index]
      }
    } else if (receiver.kind === 'map') {
      if (hasArguments) this.fail(scope, '%s is not a method but has arguments', name)
      const found = receiver.value?.get(name)
      return found ?? (this.around.missingKey === 'zero' ? zeroOf(receiver.type.element!) : undefined)
    }
    return this.fail(scope, "can't evaluate field %s in type %s", name, typeName)
  }

  #method(
    scope: Scope,
    dot: Value | undefined,
    receiver: Value,
    node: Operand,
    name: string,
    { parameters, call, badResults, isUnsupported }: Method,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    if (isUnsupported) this.fail(scope, 'method %s of %s is not supported', name, receiver.type.name)
    const callee: TemplateFunction = { parameters, call: (args) => call(receiver, args) }
    this.#checkCount(scope, name, callee, operands, piped)
    if (badResults !== undefined) this.fail(scope, '%s', badResults)
    return this.#call(scope, dot, callee, node, name, operands, piped)
  }

  #function(
    scope: Scope,
    dot: Value | undefined,
    node: IdentifierNode,
    called: Printable & { readonly at: number },
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    scope.node = node
    const { name } = node
    const own = this.around.functions.get(name)
    // The parser lets only names of functions pass.
    const callee = own ?? BUILTINS.get(name)!
    this.#checkCount(scope, name, callee, operands, piped)
    if (own === undefined && (name === 'and' || name === 'or')) {
      return this.#logic(scope, dot, name === 'or', operands, piped)
    }
    if (own === undefined && name === 'call') {
      return this.#call(scope, dot, namingCallee(callee, operands), called, name, operands, piped)
    }
    return this.#call(scope, dot, callee, called, name, operands, piped)
  }

  #checkCount(
    scope: Scope,
    name: string,
    { parameters, isVariadic }: TemplateFunction,
    operands: readonly Operand[],
    piped: Piped,
  ): void {
    const given = Math.max(operands.length - 1, 0)
    const count = piped ? given + 1 : given
    const fixed = parameters.length - 1
    if (isVariadic && count < fixed) {
      this.fail(scope, 'wrong number of args for %s: want at least %d got %d', name, intOf(fixed), intOf(given))
    }
    if (!isVariadic && count !== parameters.length) {
      this.fail(scope, 'wrong number of args for %s: want %d got %d', name, intOf(parameters.length), intOf(count))
    }
  }

  /** `and` stops at the first that isn't true, `or` at the first that is. */
  #logic(
    scope: Scope,
    dot: Value | undefined,
    stopsAt: boolean,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    let value: Value | undefined
    for (const operand of operands.slice(1)) {
      value = this.#argument(scope, dot, ANYTHING, operand)
      if (isTrue(unwrapped(value)) === stopsAt) return value
    }
    return piped ? piped.value : value
  }

  #call(
    scope: Scope,
    dot: Value | undefined,
    { parameters, isVariadic, call }: TemplateFunction,
    called: Printable & { readonly at: number },
    name: string,
    operands: readonly Operand[],
    piped: Piped,
  ): Value | undefined {
    const typeAt = (index: number) => parameters[isVariadic ? Math.min(index, parameters.length - 1) : index]!
    const args = operands.slice(1).map((operand, index) => this.#argument(scope, dot, typeAt(index), operand))
    if (piped) args.push(this.#fitting(scope, piped.value, typeAt(args.length)))
    this.countStep(scope)
    try {
      return call(args)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      scope.node = called
      return this.fail(scope, 'error calling %s: %s', name, error.message)
    }
  }

  #argument(scope: Scope, dot: Value | undefined, type: Type, node: Operand): Value | undefined {
    scope.node = node
    switch (node.kind) {
      case 'dot':
        return this.#fitting(scope, dot, type)
      case 'nil':
        return canBeNil(type) ? nilOf(type) : this.fail(scope, 'cannot assign nil to %s', type.name)
      case 'field':
        return this.#fitting(scope, this.#field(scope, dot, node, [node], undefined), type)
      case 'variable':
        return this.#fitting(scope, this.#variable(scope, dot, node, [], undefined), type)
      case 'pipe':
        return this.#fitting(scope, this.pipeline(scope, dot, node), type)
      case 'identifier':
        return this.#fitting(scope, this.#function(scope, dot, node, node, [], undefined), type)
      case 'chain':
        return this.#fitting(scope, this.#chain(scope, dot, node, [], undefined), type)
      default:
        return this.#literalOf(scope, type, node)
    }
  }

  /** A literal takes the type that is asked for. */
  #literalOf(scope: Scope, type: Type, node: Extract<Operand, { kind: 'bool' | 'number' | 'string' }>): Value {
    if (type === ANY || type === ANYTHING) return this.#literal(scope, node)
    const number = node.kind === 'number' ? node.number : undefined
    switch (type.kind) {
      case 'bool':
        return node.kind === 'bool' ? boolOf(node.value) : this.fail(scope, 'expected bool; found %s', nodeText(node))
      case 'float':
        return number ? floatOf(number.float) : this.fail(scope, 'expected float; found %s', nodeText(node))
      case 'int':
        return number?.integer === undefined
          ? this.fail(scope, 'expected integer; found %s', nodeText(node))
          : intOf(number.integer, type)
      case 'string':
        return node.kind === 'string'
          ? stringOf(node.text, type)
          : this.fail(scope, 'expected string; found %s', nodeText(node))
    }
    return this.fail(scope, "can't handle %s for arg of type %s", nodeText(node), type.name)
  }

  /** The value as a parameter of that type takes it: as it is, out of an interface, or from behind a pointer. */
  #fitting(scope: Scope, value: Value | undefined, type: Type): Value | undefined {
    if (value === undefined) {
      return canBeNil(type) ? nilOf(type) : this.fail(scope, 'invalid value; expected %s', type.name)
    }
    if (type === ANYTHING) return value
    if (type === ANY) return unwrapped(value)
    if (isAssignable(value.type, type)) return value
    const inner = value.kind === 'interface' && value.value !== undefined ? value.value : value
    if (isAssignable(inner.type, type)) return inner
    if (inner.kind === 'pointer' && inner.value !== undefined && isAssignable(inner.value.type, type))
      return inner.value
    return this.fail(scope, 'wrong type for value; expected %s; got %s', type.name, inner.type.name)
  }
}

/** Where anything may come, nil is nothing. */
function nilOf(type: Type): Value | undefined {
  return type === ANY || type === ANYTHING ? undefined : zeroOf(type)
}

/** `call` names what it was asked to call as it is written, or by its value where that came through the pipeline. */
function namingCallee(callee: TemplateFunction, operands: readonly Operand[]): TemplateFunction {
  const written = operands[1] && nodeText(operands[1])
  return {
    ...callee,
    call: (args) => {
      const value = unwrapped(args[0])
      if (value === undefined) throw new TemplateError('call of nil')
      const name = written ?? (value.kind === 'string' ? value.value : `<${value.type.name} Value>`)
      throw new TemplateError(`non-function ${name} of type ${value.type.name}`)
    },
  }
}
