// Reads a condition into its tree. The first thing that is wrong is told; like expr 1.17.7 it keeps reading for a
// moment after that, because a broken literal right behind takes the first place.

import { isFunction, isLaterBuiltin, isLoop, PREDICATE_ARGUMENTS, wasPlain } from './builtin-name.js'
import { BINARY_PRECEDENCE, isOrder, isRightAssociative, takesNot, UNARY_PRECEDENCE } from './operator.js'
import { describe, isIdentifier, isToken, type SyntaxProblem, type Token } from './token.js'
import type { MapPair, Node } from './tree.js'
import { isTooDeep, MAX_DEPTH, TreeBuilder } from './tree-builder.js'

export type Parsed = { readonly tree: Node } | { readonly error: SyntaxProblem }

/** `isFormer`: as expr 1.15 reads it. */
export function parse(text: string, isFormer = false): Parsed {
  return new Parser(text, isFormer).parse()
}

/**
 * A node, or undefined once something is wrong. The `!` on children in this class rest on that: make() gives no node
 * when there is an error, and only then can a child be missing.
 */
type Maybe = Node | undefined

class Parser extends TreeBuilder {
  private depth = 0
  private predicates = 0

  parse(): Parsed {
    this.next()
    const tree = this.sequence()
    if (!this.sees('EOF')) this.failUnexpected()
    if (tree !== undefined && this.error === undefined && isTooDeep(tree)) this.failTooDeep()
    return this.error === undefined ? { tree: tree! } : { error: this.error }
  }

  private sequence(): Maybe {
    const from = this.current.from
    const nodes = [this.expression(0)]
    while (this.sees('Operator', ';') && this.error === undefined && !this.isFormer) {
      this.next()
      if (this.sees('EOF')) break
      nodes.push(this.expression(0))
    }
    return nodes.length === 1 ? nodes[0] : this.make('sequence', from, { nodes: nodes as Node[] })
  }

  private expression(precedence: number): Maybe {
    if (this.error !== undefined) return undefined
    if (++this.depth > MAX_DEPTH) this.failTooDeep()
    const node = this.error === undefined ? this.operation(precedence) : undefined
    this.depth--
    return node
  }

  private operation(precedence: number): Maybe {
    if (precedence === 0 && this.sees('Operator', 'let')) return this.declaration()
    if (precedence === 0 && this.sees('Operator', 'if')) return this.ifElse()
    const from = this.current.from
    let left = this.primary()
    let previous = ''
    while (this.sees('Operator') && this.error === undefined) {
      const negated = this.current.value === 'not'
      if (negated && !this.skipNot(precedence)) break
      const operator = this.current
      const binding = BINARY_PRECEDENCE.get(operator.value)
      if (binding === undefined || binding < precedence) break
      this.next()
      if (operator.value === '|') {
        left = this.pipe(left, from)
      } else if (previous === '??' && operator.value !== '??') {
        const advice = 'and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.'
        this.fail(`Operator (${operator.value}) ${advice}`, operator)
        break
      } else if (isOrder(operator.value) && !this.isFormer) {
        left = this.comparison(left, operator, binding, from)
      } else {
        const right = this.expression(isRightAssociative(operator.value) ? binding : binding + 1)
        left = this.make('binary', from, { operator: operator.value, left: left!, right: right! })
        if (negated) left = this.make('unary', from, { operator: 'not', operand: left! })
        if (left === undefined) return undefined
      }
      previous = operator.value
    }
    return precedence === 0 ? this.ternary(left, from) : left
  }

  /** Steps over the `not` of `not in` and its like; false where the operator after it binds too loosely. */
  private skipNot(precedence: number): boolean {
    this.next()
    if (!takesNot(this.current.value)) {
      this.failUnexpected()
      return false
    }
    if (BINARY_PRECEDENCE.get(this.current.value)! >= precedence) return true
    // What follows loses its `not` in expr 1.15: `-1 not in list` asks whether it is in there.
    if (!this.isFormer) this.back()
    return false
  }

  /** `a < b < c` is `a < b && b < c`. */
  private comparison(left: Maybe, first: Token, binding: number, from: number): Maybe {
    let root: Maybe
    let operator = first
    let operand = left
    for (;;) {
      const right = this.expression(binding + 1)
      const compared = this.make('binary', from, { operator: operator.value, left: operand!, right: right! })
      if (compared === undefined) return undefined
      root = root === undefined ? compared : this.make('binary', from, { operator: '&&', left: root, right: compared })
      operand = right
      operator = this.current
      if (!this.sees('Operator') || !isOrder(operator.value) || this.error !== undefined) return root
      this.next()
    }
  }

  private pipe(left: Maybe, from: number): Maybe {
    const name = this.current
    this.expect('Identifier')
    return this.call(name, [left!], from)
  }

  private declaration(): Maybe {
    const from = this.current.from
    this.expect('Operator', 'let')
    const name = this.current
    this.expect('Identifier')
    this.expect('Operator', '=')
    const value = this.expression(0)
    this.expect('Operator', ';')
    const body = this.sequence()
    return this.make('let', from, { name: name.value, value: value!, body: body! })
  }

  private ifElse(): Maybe {
    const from = this.current.from
    this.next()
    if (this.error !== undefined) return undefined
    const condition = this.expression(0)
    const yes = this.block()
    this.expect('Operator', 'else')
    const no = this.sees('Operator', 'if') ? this.ifElse() : this.block()
    return this.make('conditional', from, { ternary: false, condition: condition!, yes: yes!, no: no! })
  }

  private block(): Maybe {
    this.expect('Bracket', '{')
    const node = this.sequence()
    this.expect('Bracket', '}')
    return node
  }

  private ternary(condition: Maybe, from: number): Maybe {
    let node = condition
    while (this.sees('Operator', '?') && this.error === undefined) {
      this.next()
      let yes = node
      if (this.sees('Operator', ':')) this.next()
      else {
        yes = this.expression(0)
        this.expect('Operator', ':')
      }
      const no = this.expression(0)
      node = this.make('conditional', from, { ternary: true, condition: node!, yes: yes!, no: no! })
    }
    return node
  }

  private primary(): Maybe {
    const token = this.current
    const unary = token.kind === 'Operator' ? UNARY_PRECEDENCE.get(token.value) : undefined
    if (unary !== undefined) {
      this.next()
      const operand = this.expression(unary)
      return this.postfix(this.make('unary', token.from, { operator: token.value, operand: operand! }), token.from)
    }
    if (isToken(token, 'Bracket', '(')) {
      this.next()
      const node = this.sequence()
      this.expect('Bracket', ')')
      return this.postfix(node, token.from)
    }
    const isPointer = isToken(token, 'Operator', '#') || isToken(token, 'Operator', '.')
    if (this.isFormer && isPointer && this.predicates === 0) {
      this.fail('cannot use pointer accessor outside closure', token)
    }
    if (this.predicates > 0 && isPointer) {
      return this.postfix(this.make('pointer', token.from, { name: this.pointerName(token) }), token.from)
    }
    if (isToken(token, 'Operator', '::')) {
      this.next()
      const name = this.current
      this.expect('Identifier')
      return this.postfix(this.call(name, [], token.from), token.from)
    }
    return this.operand()
  }

  /** The dot of `.field` stays for the member that follows. */
  private pointerName(token: Token): string {
    if (token.value === '.') return ''
    this.next()
    const name = this.current
    if (name.kind !== 'Identifier') return ''
    this.next()
    return name.value
  }

  private operand(): Maybe {
    const token = this.current
    switch (token.kind) {
      case 'Identifier':
        this.next()
        if (token.value === 'true' || token.value === 'false') {
          return this.make('bool', token.from, { value: token.value === 'true' })
        }
        if (token.value === 'nil') return this.make('nil', token.from, {})
        if (this.sees('Bracket', '(')) return this.postfix(this.call(token, [], token.from), token.from)
        return this.postfix(this.make('identifier', token.from, { name: token.value }), token.from)
      case 'Number':
        this.next()
        return this.number(token)
      case 'String':
        this.next()
        return this.isFormer ? this.text(token) : this.postfix(this.text(token), token.from)
      default:
        if (isToken(token, 'Bracket', '[')) return this.postfix(this.array(), token.from)
        if (isToken(token, 'Bracket', '{')) return this.postfix(this.map(), token.from)
        this.failUnexpected()
        return undefined
    }
  }

  private call(name: Token, piped: Node[], from: number): Maybe {
    if (this.isFormer && wasPlain(name.value)) return this.formerlyPlain(name, piped, from)
    if (isLoop(name.value)) {
      const args = this.loopArguments(PREDICATE_ARGUMENTS[name.value], piped)
      return this.make('builtin', from, { name: name.value, args, throws: false, map: undefined })
    }
    if (isFunction(name.value) && !(this.isFormer && isLaterBuiltin(name.value))) {
      const args = this.callArguments(piped)
      return this.make('builtin', from, { name: name.value, args, throws: false, map: undefined })
    }
    const callee = this.make('identifier', name.from, { name: name.value })
    if (callee === undefined) return undefined
    return this.make('call', from, { callee, args: this.callArguments(piped) })
  }

  private formerlyPlain(name: Token, piped: Node[], from: number): Maybe {
    const args = this.callArguments(piped)
    if (name.value !== 'sum' || args.length !== 1) {
      this.fail(`coalmine does not model ${name.value} with more than a list, as expr 1.15 has it`, name)
    }
    return this.make('builtin', from, { name: 'sum', args, throws: false, map: undefined })
  }

  private callArguments(piped: Node[]): Node[] {
    const args = [...piped]
    this.expect('Bracket', '(')
    while (!this.sees('Bracket', ')') && this.error === undefined) {
      if (args.length > piped.length) this.expect('Operator', ',')
      if (this.sees('Bracket', ')') && !this.isFormer) break
      args.push(this.expression(0)!)
    }
    this.expect('Bracket', ')')
    return args
  }

  private loopArguments(all: readonly string[], piped: Node[]): Node[] {
    const args = [...piped]
    this.expect('Bracket', '(')
    const wanted = all.slice(piped.length)
    for (const [at, kind] of wanted.entries()) {
      if (this.sees('Bracket', ')')) {
        if (kind.startsWith('optional')) break
        this.fail(`expected at least ${wanted.length} arguments`, this.current)
      }
      if (at > 0) this.expect('Operator', ',')
      args.push((kind.endsWith('predicate') ? this.predicate() : this.expression(0))!)
    }
    if (this.sees('Operator', ',') && !this.isFormer) this.next()
    this.expect('Bracket', ')')
    return args
  }

  private predicate(): Maybe {
    const from = this.current.from
    const bracketed = this.sees('Bracket', '{')
    if (bracketed) this.next()
    this.predicates++
    const body = bracketed ? this.sequence() : this.expression(0)
    if (!bracketed && this.sees('Operator', ';')) this.fail('wrap predicate with brackets { and }', this.current)
    this.predicates--
    if (bracketed) this.expect('Bracket', '}')
    return this.make('predicate', from, { body: body! })
  }

  private array(): Maybe {
    const from = this.current.from
    const nodes: Node[] = []
    this.expect('Bracket', '[')
    while (!this.sees('Bracket', ']') && this.error === undefined) {
      if (nodes.length > 0) this.expect('Operator', ',')
      if (this.sees('Bracket', ']')) break
      nodes.push(this.expression(0)!)
    }
    this.expect('Bracket', ']')
    return this.make('array', from, { nodes })
  }

  private map(): Maybe {
    const from = this.current.from
    const pairs: MapPair[] = []
    this.expect('Bracket', '{')
    while (!this.sees('Bracket', '}') && this.error === undefined) {
      if (pairs.length > 0) {
        this.expect('Operator', ',')
        if (this.sees('Bracket', '}')) break
        if (this.sees('Operator', ',')) this.failUnexpected()
      }
      const key = this.mapKey()
      if (key === undefined && this.error !== undefined) return undefined
      this.expect('Operator', ':')
      const value = this.expression(0)
      this.count()
      if (this.error !== undefined) return undefined
      pairs.push({ key: key!, value: value! })
    }
    this.expect('Bracket', '}')
    return this.make('map', from, { pairs })
  }

  private mapKey(): Maybe {
    const { kind, value, from } = this.current
    if (kind === 'Number' || kind === 'String' || kind === 'Identifier') {
      if (this.error === undefined) this.next()
      return this.make('string', from, { value })
    }
    if (this.sees('Bracket', '(')) return this.expression(0)
    const kinds = 'a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses'
    this.fail(`${kinds} (unexpected token ${describe(this.current)})`, this.current)
    return undefined
  }

  private postfix(base: Maybe, from: number): Maybe {
    let node = base
    while (this.error === undefined && (this.sees('Operator') || this.sees('Bracket'))) {
      const operator = this.current.value
      const optional = operator === '?.'
      if (operator === '.' || optional) {
        this.next()
        node = optional && this.sees('Bracket', '[') ? this.index(node!, from, true) : this.named(node!, from, optional)
      } else if (operator === '[') {
        node = this.index(node!, from, false)
      } else {
        break
      }
    }
    return node
  }

  private named(base: Node, from: number, optional: boolean): Maybe {
    const name = this.current
    this.next()
    // Operators that are words may be names too.
    if (name.kind !== 'Identifier' && !(name.kind === 'Operator' && isIdentifier(name.value))) {
      this.fail('expected name', this.current)
    }
    const property = this.make('string', name.from, { value: name.value })
    if (property === undefined) return undefined
    const called = this.sees('Bracket', '(')
    const chained = base.kind === 'chain'
    const inner = chained ? base.node : base
    const member = this.make('member', from, { node: inner, property, optional, called })
    if (member === undefined) return undefined
    const node = called ? this.make('call', from, { callee: member, args: this.callArguments([]) }) : member
    return chained || optional ? this.make('chain', from, { node: node! }) : node
  }

  private index(base: Node, from: number, optional: boolean): Maybe {
    this.next()
    const start = this.sees('Operator', ':') ? undefined : this.expression(0)
    if (this.sees('Operator', ':')) {
      this.next()
      const end = this.sees('Bracket', ']') ? undefined : this.expression(0)
      this.closeIndex()
      return this.make('slice', from, { node: base, start, end })
    }
    this.closeIndex()
    const member = this.make('member', from, { node: base, property: start!, optional, called: false })
    return optional && member !== undefined ? this.make('chain', from, { node: member }) : member
  }

  private closeIndex(): void {
    if (this.error === undefined) this.expect('Bracket', ']')
  }
}
