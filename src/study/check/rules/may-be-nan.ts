// Whether a query can have the value NaN where everything that it reads is a number.

import { type Expression, isComparison } from '../../../metrics/promql/ast.js'
import { childrenOf } from '../../../metrics/promql/build.js'

export function mayBeNaN(expression: Expression): boolean {
  switch (expression.kind) {
    case 'binary':
      return ofBinary(expression)
    case 'call':
      if (expression.name === 'histogram_quantile' || expression.name === 'scalar') return true
      return !neverNaN.has(expression.name) && childrenOf(expression).some(mayBeNaN)
    case 'aggregate':
      return expression.operator !== 'count' && childrenOf(expression).some(mayBeNaN)
    default:
      return childrenOf(expression).some(mayBeNaN)
  }
}

const neverNaN: ReadonlySet<string> = new Set(['absent', 'absent_over_time', 'count_over_time', 'time', 'timestamp'])

/** Of two numbers only a quotient is none, and a comparison keeps no NaN. */
function ofBinary({ operator, left, right, bool }: Extract<Expression, { kind: 'binary' }>): boolean {
  if (isComparison(operator)) return operator === '!=' && !bool && mayBeNaN(left)
  if (operator === 'and' || operator === 'unless') return mayBeNaN(left)
  const isDivision = operator === '/' || operator === '%'
  const byNumber = right.kind === 'number' && right.value !== 0
  return (isDivision && !byNumber) || mayBeNaN(left) || mayBeNaN(right)
}
