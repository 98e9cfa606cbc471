// Syntax tree to plan: one node for each expression, bound to one store.

import type { Store } from '../store.js'
import { ACCUMULATIONS } from './accumulate.js'
import { Accumulation, BestAggregation, QuantileAggregation, ValueCount } from './aggregate.js'
import { type Aggregate, type Call, type Expression, type Unary, withoutParens } from './ast.js'
import { binaryNode, Negation } from './binary.js'
import { PromqlError } from './error.js'
import type { CallSite } from './functions/implementation.js'
import { FUNCTIONS } from './functions/index.js'
import { isLabelName } from './literals.js'
import { Parameter } from './parameter.js'
import type { PlanNode, RangeNode, ScalarNode, VectorNode } from './plan.js'
import { InstantSelector, RangeSelector } from './selection.js'
import { evaluatedOnce } from './step-invariant.js'
import { SubqueryRange } from './subquery.js'

/** The expression must have passed the type check. */
export function build(expression: Expression, store: Store): PlanNode {
  try {
    return evaluatedOnce(expression, eachTime(expression, store))
  } catch (error) {
    // A regular expression or a label name that is none fails the evaluation, if there is one: a subquery may have no step.
    if (error instanceof PromqlError) return failing(error)
    throw error
  }
}

function failing(error: PromqlError): VectorNode {
  return {
    type: 'vector',
    vector() {
      throw error
    },
  }
}

function eachTime(expression: Expression, store: Store): PlanNode {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression
      return { type: 'scalar', scalar: () => value }
    }
    case 'selector':
      return new InstantSelector(store, expression)
    case 'matrix':
      return new RangeSelector(store, expression)
    case 'subquery':
      return new SubqueryRange(expression, as('vector', build(expression.inner, store)))
    case 'paren':
      return build(expression.inner, store)
    case 'unary':
      return unary(expression, build(expression.inner, store))
    case 'binary':
      return binaryNode(
        store.labels,
        expression,
        operand(build(expression.left, store)),
        operand(build(expression.right, store)),
      )
    case 'aggregate':
      return aggregate(expression, store)
    case 'call':
      return FUNCTIONS.get(expression.name)!(callSite(expression, store))
    case 'string':
      throw new TypeError('a string has no node')
  }
}

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.args
    case 'binary':
      return [expression.left, expression.right]
    case 'aggregate':
      return expression.parameter === undefined ? [expression.inner] : [expression.parameter, expression.inner]
    case 'unary':
    case 'paren':
    case 'subquery':
      return [expression.inner]
    case 'matrix':
      return [expression.selector]
    default:
      return []
  }
}

function unary({ operator, from, to }: Unary, inner: PlanNode): PlanNode {
  if (operator === '+') return inner
  if (inner.type === 'scalar') return { type: 'scalar', scalar: (moment) => -inner.scalar(moment) }
  return new Negation({ from, to }, as('vector', inner))
}

function aggregate(expression: Aggregate, store: Store): PlanNode {
  const { operator } = expression
  const inner = as('vector', build(expression.inner, store))
  const accumulate = ACCUMULATIONS[operator]
  if (accumulate !== undefined) return new Accumulation(store.labels, expression, inner, accumulate)
  const parameter = withoutParens(expression.parameter!)
  if (parameter.kind === 'string') {
    const { value } = parameter
    if (!isLabelName(value))
      throw new PromqlError('execution', `invalid label name ${JSON.stringify(value)}`, parameter)
    return new ValueCount(store.labels, expression, inner, parameter.value)
  }
  const scalar = as('scalar', build(parameter, store))
  const node = parameter.kind === 'number' ? scalar : new Parameter(scalar)
  if (operator === 'quantile') return new QuantileAggregation(store.labels, expression, inner, node)
  return new BestAggregation(store.labels, expression, inner, node)
}

function callSite(call: Call, store: Store): CallSite {
  const argument = (index: number) => build(call.args[index]!, store)
  return {
    call,
    store,
    vector: (index) => as('vector', argument(index)),
    scalar: (index) => as('scalar', argument(index)),
    range: (index) => as('matrix', argument(index)),
    string: (index) => {
      const literal = withoutParens(call.args[index]!)
      if (literal.kind !== 'string') throw new TypeError(`argument ${index} of ${call.name}() is no string`)
      return literal.value
    },
  }
}

interface NodeTypes {
  scalar: ScalarNode
  vector: VectorNode
  matrix: RangeNode
}

/** The type check has made sure; this tells the compiler. */
function as<Type extends keyof NodeTypes>(type: Type, node: PlanNode): NodeTypes[Type] {
  if (node.type !== type) throw new TypeError(`expected a ${type}, got a ${node.type}`)
  return node as NodeTypes[Type]
}

function operand(node: PlanNode): ScalarNode | VectorNode {
  if (node.type === 'matrix') throw new TypeError('a range vector is no operand')
  return node
}
