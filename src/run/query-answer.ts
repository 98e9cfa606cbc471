// What a query answers to whoever judges by it: one number or a list of them, and whether some may be NaN.
import { type Expression, isComparison } from '../metrics/promql/ast.js'
import { childrenOf } from '../metrics/promql/build.js'
import { PromqlError } from '../metrics/promql/error.js'
import { compile } from '../metrics/promql/query.js'

export interface QueryAnswer {
  readonly isList: boolean
  /** Where everything that it reads is a number. */
  readonly mayBeNaN: boolean
}

/** Undefined for what is refused, or is none of the two. */
export function answerOf(query: string): QueryAnswer | undefined {
  try {
    const { type, expression } = compile(query)
    if (type !== 'vector' && type !== 'scalar') return undefined
    return { isList: type === 'vector', mayBeNaN: mayBeNaN(expression) }
  } catch (error) {
    // Told where queries are bound to the world.
    if (error instanceof PromqlError) return undefined
    throw error
  }
}

function mayBeNaN(expression: Expression): boolean {
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
  const isByNumber = right.kind === 'number' && right.value !== 0
  return (isDivision && !isByNumber) || mayBeNaN(left) || mayBeNaN(right)
}
