// Text to syntax tree, on the official lezer grammar. What the grammar lets pass and Prometheus does not is refused.

import type { SyntaxNode, Tree } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { METRIC_NAME } from '../labels.js'
import { type Matcher, type MatchType, matcher } from '../matcher.js'
import { RegexpError } from '../regexp/error.js'
import type { Aggregate, AggregateOperator, Expression } from './ast.js'
import { limitError, type PromqlError, parseError, type TextRange } from './error.js'
import { lexicalError } from './lexical-error.js'
import { bind, DEPTH_LIMIT } from './operators.js'
import { respelt } from './respelling.js'
import { SIGNATURES } from './signatures.js'
import { children, rangeOf, Source } from './source.js'
import { syntaxError } from './syntax-error.js'
import { tokenize } from './tokens.js'

const LENGTH_LIMIT = 20_000

export function parse(text: string): Expression {
  if (text.length > LENGTH_LIMIT) {
    throw limitError(`longer than ${LENGTH_LIMIT} characters`, { from: LENGTH_LIMIT, to: text.length })
  }
  if (!/\S/.test(text.replaceAll(/#[^\n]*/g, ''))) {
    throw parseError('no expression found in input', { from: 0, to: text.length })
  }
  const tree = parser.parse(text)
  const other = isBroken(tree) ? parser.parse(respelt(text)) : tree
  const root = rootOf(other)
  if (root === undefined) throw tooDeep(text) ?? syntaxError(text, other)
  // The grammar takes comments anywhere; Prometheus' lexer doesn't take them behind an opening bracket.
  const misplaced = text.includes('#') ? lexicalError(text) : undefined
  if (misplaced !== undefined) throw misplaced
  return new Builder(new Source(text)).expression(root)
}

/** The grammar's tables end at some 2,800 levels: what it says of a text beyond is not about the text. */
function tooDeep(text: string): PromqlError | undefined {
  let depth = 0
  for (const token of tokenize(text)) {
    if (token.kind !== 'symbol') continue
    if ('([{'.includes(token.text)) depth++
    if (')]}'.includes(token.text)) depth--
    if (depth > DEPTH_LIMIT) return limitError(`nested more than ${DEPTH_LIMIT} levels deep`, token)
  }
  return undefined
}

/** Undefined if anything is wrong with the text. */
function rootOf(tree: Tree): SyntaxNode | undefined {
  return isBroken(tree) ? undefined : children(tree.topNode)[0]
}

function isBroken(tree: Tree): boolean {
  let broken = false
  tree.iterate({
    enter(node) {
      broken ||= node.type.isError
    },
  })
  return broken
}

/** Builds bottom-up and left to right, as Prometheus' parser does, so that the first complaint is the same. */
class Builder {
  #depth = 0

  constructor(readonly source: Source) {}

  expression(node: SyntaxNode): Expression {
    this.#depth += 1
    if (this.#depth > DEPTH_LIMIT) throw limitError(`nested more than ${DEPTH_LIMIT} levels deep`, node)
    const built = bind(this.source, node, (operand, from) => this.#operand(operand, from))
    this.#depth -= 1
    return built
  }

  #operand(node: SyntaxNode, from: number): Expression {
    switch (node.name) {
      case 'NumberDurationLiteral':
        // Its sign, if it has one, is an operator.
        return Object.freeze({ kind: 'number', from, to: node.to, value: Math.abs(this.source.number(node)) })
      case 'StringLiteral':
        return Object.freeze({ kind: 'string', ...rangeOf(node), value: this.source.string(node) })
      case 'VectorSelector':
        return this.#selector(node)
      case 'FunctionCall':
        return this.#call(node)
      case 'AggregateExpr':
        return this.#aggregate(node)
      case 'ParenExpr':
        return Object.freeze({ kind: 'paren', ...rangeOf(node), inner: this.expression(children(node)[0]!) })
      default:
        throw parseError(`unexpected ${node.name}`, node)
    }
  }

  #selector(node: SyntaxNode): Expression {
    const identifier = node.getChild('Identifier')
    const braces = node.getChild('LabelMatchers')
    const matchers = braces === null ? [] : children(braces).map((child) => this.#matcher(child))
    const name = identifier === null ? undefined : this.source.of(identifier)
    if (name?.toLowerCase() === 'atan2') throw parseError(`unexpected <op:${name}>`, node)
    if (name !== undefined) matchers.push(matcher(METRIC_NAME, '=', name))
    return Object.freeze({
      kind: 'selector',
      ...rangeOf(node),
      matchers: Object.freeze(matchers),
      name,
      offsetMs: 0,
      anchor: undefined,
    })
  }

  #matcher(node: SyntaxNode): Matcher {
    // A lone string in the braces is the metric name: {"http.requests"}.
    if (node.name === 'QuotedLabelName') return matcher(METRIC_NAME, '=', this.source.labelName(node))
    const [label, operator, value] = children(node)
    const type = this.source.of(operator!) as MatchType
    try {
      return matcher(this.source.labelName(label!), type, this.source.string(value!))
    } catch (error) {
      if (error instanceof RegexpError) throw parseError(error.message, node)
      throw error
    }
  }

  #arguments(body: SyntaxNode): readonly Expression[] {
    return Object.freeze(children(body).map((child) => this.expression(child)))
  }

  #call(node: SyntaxNode): Expression {
    const [identifier, body] = children(node)
    const name = this.source.of(identifier!)
    const args = this.#arguments(body!)
    const signature = SIGNATURES.get(name)
    if (signature === undefined) throw parseError(`unknown function with name "${name}"`, identifier!)
    if (signature.experimental) throw parseError(`function "${name}" is not enabled`, identifier!)
    return Object.freeze({ kind: 'call', ...rangeOf(node), name, args })
  }

  #aggregate(node: SyntaxNode): Expression {
    const operator = this.source.of(node.getChild('AggregateOp')!).toLowerCase() as AggregateOperator
    const modifier = node.getChild('AggregateModifier')
    const args = this.#arguments(node.getChild('FunctionCallBody')!)
    checkArgumentCount(operator, args.length, node)
    const aggregate: Aggregate = {
      kind: 'aggregate',
      ...rangeOf(node),
      operator,
      inner: args.at(-1)!,
      parameter: args.length === 2 ? args[0] : undefined,
      grouping: this.source.labelNames(modifier?.getChild('GroupingLabels')),
      without: modifier !== null && modifier.getChild('Without') !== null,
    }
    return Object.freeze(aggregate)
  }
}

const WITH_PARAMETER: readonly AggregateOperator[] = ['topk', 'bottomk', 'quantile', 'count_values']

/** Aggregations have no signature in the type check; Prometheus counts their arguments while parsing. */
function checkArgumentCount(operator: AggregateOperator, got: number, node: TextRange): void {
  if (got === 0) throw parseError('no arguments for aggregate expression provided', node)
  if (operator === 'limitk' || operator === 'limit_ratio') {
    const flag = '--enable-feature=promql-experimental-functions'
    throw parseError(`${operator}() is experimental and must be enabled with ${flag}`, node)
  }
  const expected = WITH_PARAMETER.includes(operator) ? 2 : 1
  if (got === expected) return
  const wrong = 'wrong number of arguments for aggregate expression provided'
  throw parseError(`${wrong}, expected ${expected}, got ${got}`, node)
}
