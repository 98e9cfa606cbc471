// A query with every selector pinned to one instant by `@`, as Prometheus' tests ask each instant query again.

import type { Expression } from '../../../../src/metrics/promql/ast.js'

/** Their results depend on when they are asked, whatever is pinned. */
const UNSAFE = new Set(
  'days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp'.split(' '),
)

/** Undefined if it calls a function of the evaluation's own time. */
export function anchoredAt(expression: Expression, timeMs: number): Expression | undefined {
  const anchor = { timeMs }
  switch (expression.kind) {
    case 'selector':
      return { ...expression, anchor: expression.anchor ?? anchor }
    case 'matrix':
      return { ...expression, selector: { ...expression.selector, anchor: expression.selector.anchor ?? anchor } }
    case 'subquery':
      // What is inside is asked at the subquery's own instants.
      return { ...expression, anchor: expression.anchor ?? anchor }
    case 'call': {
      const args = expression.args.map((arg) => anchoredAt(arg, timeMs))
      return UNSAFE.has(expression.name) || !args.every(isThere) ? undefined : { ...expression, args }
    }
    case 'binary': {
      const [left, right] = [anchoredAt(expression.left, timeMs), anchoredAt(expression.right, timeMs)]
      return left && right && { ...expression, left, right }
    }
    case 'aggregate': {
      const { parameter } = expression
      const inner = anchoredAt(expression.inner, timeMs)
      const anchoredParameter = parameter && anchoredAt(parameter, timeMs)
      const isAnchored = inner !== undefined && (parameter === undefined) === (anchoredParameter === undefined)
      return isAnchored ? { ...expression, inner, parameter: anchoredParameter } : undefined
    }
    case 'unary':
    case 'paren': {
      const inner = anchoredAt(expression.inner, timeMs)
      return inner && { ...expression, inner }
    }
    default:
      return expression
  }
}

function isThere(expression: Expression | undefined): expression is Expression {
  return expression !== undefined
}
