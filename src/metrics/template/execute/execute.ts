// Carries a parsed template out.

import { Printer } from '../format/printer.js'
import { printable } from '../functions/builtin.js'
import type { BranchNode, CallNode, Node } from '../language/node.js'
import type { Trees } from '../language/parser.js'
import { MOST_TEMPLATES } from '../limits.js'
import type { Value } from '../value/shape.js'
import { indirect, intOf, isTrue, stringOf } from '../value/value.js'
import { Evaluator } from './evaluator.js'
import { Scope } from './scope.js'
import type { Surroundings } from './surroundings.js'

/** The output, as bytes. Throws a TemplateError. */
export function execute(trees: Trees, around: Surroundings, data: Value | undefined): string {
  return new Execution(trees, around).run(data)
}

/** What a loop is told by what is in it. */
type Signal = 'break' | 'continue' | undefined

class Execution {
  readonly #output = new Printer()
  readonly #evaluator: Evaluator

  constructor(
    readonly trees: Trees,
    readonly around: Surroundings,
  ) {
    this.#evaluator = new Evaluator(around)
  }

  run(data: Value | undefined): string {
    this.#template(this.around.name, 0, data)
    return this.#output.output
  }

  #template(name: string, depth: number, dot: Value | undefined): void {
    const nodes = this.trees.get(name)!
    const start = nodes[0] ?? EMPTY
    this.#list(new Scope(name, depth, dot, start), dot, nodes)
  }

  #list(scope: Scope, dot: Value | undefined, nodes: readonly Node[]): Signal {
    this.#evaluator.begin(scope)
    let signal: Signal
    for (const node of nodes) {
      signal = this.#node(scope, dot, node)
      if (signal !== undefined) break
    }
    this.#evaluator.end()
    return signal
  }

  #node(scope: Scope, dot: Value | undefined, node: Node): Signal {
    scope.node = node
    this.#evaluator.countStep(scope)
    switch (node.kind) {
      case 'text':
        this.#output.write(node.text)
        return undefined
      case 'action': {
        const value = this.#evaluator.pipeline(scope, dot, node.pipe)
        if (node.pipe.variables.length === 0) this.#output.print(printable(value), 'v')
        return undefined
      }
      case 'break':
      case 'continue':
        return node.kind
      case 'template':
        this.#call(scope, dot, node)
        return undefined
      case 'range':
        return this.#range(scope, dot, node)
      default:
        return this.#branch(scope, dot, node)
    }
  }

  #call(scope: Scope, dot: Value | undefined, { name, pipe }: CallNode): void {
    if (!this.trees.has(name)) this.#evaluator.fail(scope, 'template %q not defined', name)
    if (scope.depth === MOST_TEMPLATES) {
      this.#evaluator.fail(scope, 'exceeded maximum template depth (%v)', intOf(MOST_TEMPLATES))
    }
    this.#template(name, scope.depth + 1, pipe && this.#evaluator.pipeline(scope, dot, pipe))
  }

  #branch(scope: Scope, dot: Value | undefined, { kind, pipe, body, otherwise }: BranchNode): Signal {
    const known = scope.count
    const value = this.#evaluator.pipeline(scope, dot, pipe)
    let signal: Signal
    if (isTrue(value)) signal = this.#list(scope, kind === 'with' ? value : dot, body)
    else if (otherwise) signal = this.#list(scope, dot, otherwise)
    scope.popTo(known)
    return signal
  }

  #range(scope: Scope, dot: Value | undefined, node: BranchNode): Signal {
    const known = scope.count
    const given = this.#evaluator.pipeline(scope, dot, node.pipe)
    const inner = scope.count
    let isEmpty = true
    for (const [index, element] of this.#items(scope, given, node)) {
      isEmpty = false
      this.#evaluator.countStep(scope)
      this.#setVariables(scope, node, index, element)
      const signal = this.#list(scope, element, node.body)
      scope.popTo(inner)
      if (signal === 'break') break
    }
    const signal = isEmpty && node.otherwise ? this.#list(scope, dot, node.otherwise) : undefined
    scope.popTo(known)
    return signal
  }

  *#items(
    scope: Scope,
    given: Value | undefined,
    { pipe }: BranchNode,
  ): Generator<readonly [Value | undefined, Value]> {
    // Nothing is as good as an empty list.
    if (given === undefined) return
    const value = indirect(given)
    switch (value.kind) {
      case 'int':
      case 'uint':
        if (pipe.variables.length > 1) {
          this.#evaluator.fail(scope, "can't use %v to iterate over more than one variable", value)
        }
        for (let i = 0n; i < value.value; i++) yield [undefined, intOf(i, value.type)]
        return
      case 'slice':
        // One by one, because the body may sort them.
        for (let i = 0; i < (value.value?.length ?? 0); i++) {
          yield [intOf(i), value.value!.array[value.value!.from + i]!]
        }
        return
      case 'map':
        for (const [key, element] of value.value ?? []) yield [stringOf(key), element]
        return
      default:
        this.#evaluator.fail(scope, "range can't iterate over %v", value)
    }
  }

  /** One variable takes the element, two take index and element. */
  #setVariables(scope: Scope, { pipe }: BranchNode, index: Value | undefined, element: Value): void {
    const [first, second] = pipe.variables
    if (first === undefined) return
    if (pipe.isAssignment) {
      this.#evaluator.assign(scope, first.name, second ? index : element)
      if (second) this.#evaluator.assign(scope, second.name, element)
    } else {
      scope.setTop(1, element)
      if (second) scope.setTop(2, index)
    }
  }
}

const EMPTY: Node = Object.freeze({ kind: 'text', at: 0, text: '' })
