// The type check: what each expression is, and Prometheus' complaints about combinations that mean nothing.

import { METRIC_NAME } from '../labels.js'
import {
  type Aggregate,
  type Binary,
  type Call,
  type Expression,
  isComparison,
  isSetOperator,
  type ValueType,
  type VectorSelector,
} from './ast.js'
import { parseError } from './error.js'
import { SIGNATURES } from './signatures.js'

export function valueType(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'matrix':
    case 'subquery':
      return 'matrix'
    case 'call':
      return SIGNATURES.get(expression.name)!.returns
    case 'paren':
    case 'unary':
      return valueType(expression.inner)
    case 'binary':
      return valueType(expression.left) === 'scalar' && valueType(expression.right) === 'scalar' ? 'scalar' : 'vector'
    default:
      return 'vector'
  }
}

/** Throws the first complaint; returns the type. */
export function check(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'aggregate':
      checkAggregate(expression)
      break
    case 'binary':
      checkBinary(expression)
      break
    case 'call':
      checkCall(expression)
      break
    case 'matrix':
      check(expression.selector)
      break
    case 'paren':
      check(expression.inner)
      break
    case 'selector':
      checkSelector(expression)
      break
    case 'subquery':
      if (check(expression.inner) !== 'vector') {
        const got = valueType(expression.inner)
        throw parseError(`subquery is only allowed on instant vector, got ${got} instead`, expression)
      }
      break
    case 'unary': {
      const type = check(expression.inner)
      if (type !== 'scalar' && type !== 'vector') {
        const allowed = 'unary expression only allowed on expressions of type scalar or instant vector'
        throw parseError(`${allowed}, got "${documented(type)}"`, expression)
      }
    }
  }
  return valueType(expression)
}

function expectType(expression: Expression, expected: ValueType, context: string): void {
  const type = check(expression)
  if (type !== expected) {
    throw parseError(`expected type ${documented(expected)} in ${context}, got ${documented(type)}`, expression)
  }
}

function checkAggregate({ operator, inner, parameter }: Aggregate): void {
  expectType(inner, 'vector', 'aggregation expression')
  if (parameter === undefined) return
  expectType(parameter, operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter')
}

function checkCall(call: Call): void {
  const { args, variadic } = SIGNATURES.get(call.name)!
  const got = call.args.length
  const complain = (expected: string) => {
    throw parseError(`expected ${expected} argument(s) in call to "${call.name}", got ${got}`, call)
  }
  const least = variadic === 0 ? args.length : args.length - 1
  if (variadic === 0 && got !== least) complain(`${least}`)
  if (got < least) complain(`at least ${least}`)
  if (variadic > 0 && got > least + variadic) complain(`at most ${least + variadic}`)
  call.args.forEach((arg, index) => {
    const expected = args[Math.min(index, args.length - 1)]!
    const type = check(arg)
    if (type === expected) return
    const wanted = `expected type ${documented(expected)} in call to function "${call.name}"`
    throw parseError(`${wanted}, got ${documented(type)}`, arg)
  })
}

function checkBinary(binary: Binary): void {
  const { operator, operatorRange, matching } = binary
  const types = [check(binary.left), check(binary.right)]
  const comparison = isComparison(operator)
  if (binary.bool && !comparison) {
    throw parseError('bool modifier can only be used on comparison operators', operatorRange)
  }
  if (comparison && !binary.bool && types.every((type) => type === 'scalar')) {
    throw parseError('comparisons between scalars must use BOOL modifier', operatorRange)
  }
  const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined
  if (twice !== undefined) {
    throw parseError(`label "${twice}" must not occur in ON and GROUP clause at once`, operatorRange)
  }
  for (const [index, side] of [binary.left, binary.right].entries()) {
    if (types[index] === 'scalar' || types[index] === 'vector') continue
    throw parseError('binary expression must contain only scalar and instant vector types', side)
  }
  checkMatching(binary, types.includes('scalar'))
}

function checkMatching(binary: Binary, withScalar: boolean): void {
  const { operator, matching } = binary
  if (withScalar && matching.labels.length > 0) {
    throw parseError('vector matching only allowed between instant vectors', binary)
  }
  if (!isSetOperator(operator)) return
  if (!withScalar && matching.group !== 'none') {
    throw parseError(`no grouping allowed for "${operator}" operation`, binary)
  }
  if (withScalar) throw parseError(`set operator "${operator}" not allowed in binary scalar expression`, binary)
}

function checkSelector(selector: VectorSelector): void {
  const { name, matchers } = selector
  if (name === undefined) {
    // A selector that accepts a series without labels would select everything, most likely by a slip.
    if (matchers.every((matcher) => matcher.accepts(''))) {
      throw parseError('vector selector must contain at least one non-empty matcher', selector)
    }
    return
  }
  const twice = matchers.slice(0, -1).find((matcher) => matcher.label === METRIC_NAME)
  if (twice === undefined) return
  throw parseError(`metric name must not be set twice: "${name}" or "${twice.value}"`, selector)
}

/** The documentation's words for the types. */
function documented(type: ValueType): string {
  return type === 'vector' ? 'instant vector' : type === 'matrix' ? 'range vector' : type
}
