// Queries for a share of the requests: what is above the line and below it, and what becomes of the quotient.
import { type Binary, type Expression, withoutParens } from '../../metrics/promql/ast.js'
import { childrenOf } from '../../metrics/promql/build.js'
import type { Query } from '../../metrics/promql/query.js'
import type { Plan } from '../plan.js'
import { type Sight, seenBy } from '../sight/sight.js'

export interface QueryRatio {
  /** What is above the line, as it is written. */
  readonly above: string
  /** Whether something stands in where it is missing, there or around the quotient. */
  readonly isAboveFilled: boolean
  readonly isFilled: boolean
  /** Whether it counts requests: not how long they took, and not anything else. */
  readonly isOfRequests: boolean
  /** Whether series above the line are made by the first request that they count, and don't count all that is below it. */
  readonly comesWithFirst: boolean
  /** Whether series begin with the first request that they count, which no rate sees: it is no increase. */
  readonly hidesFirst: boolean
  /** What the query is worth where the quotient is this; undefined where more decides it. */
  readonly valueAt: (share: number) => number | undefined
}

/** Undefined where the query is no quotient of two counts. */
export function ratioIn(query: Query, plan: Plan): QueryRatio | undefined {
  const { text, expression } = query
  const quotient = quotientIn(expression)
  if (quotient === undefined) return undefined
  const { left, right } = quotient
  const [above, below] = [sightsIn(query, left, plan), sightsIn(query, right, plan)]
  const isPart = above.length < below.length || above.some(({ name }) => below.every((sight) => sight.name !== name))
  return {
    above: text.slice(left.from, left.to).trim(),
    isAboveFilled: isFilled(left),
    isFilled: isFilled(expression),
    isOfRequests: below.length > 0 && [...above, ...below].every(({ family }) => family.quantity === 'requests'),
    comesWithFirst: isPart && above.length > 0 && above.every(isMadeLate),
    hidesFirst: [...above, ...below].some(isMadeLate),
    valueAt: (share) => valueAt(expression, quotient, share),
  }
}

function sightsIn({ selectors }: Query, { from, to }: Expression, { observation }: Plan): readonly Sight[] {
  return selectors
    .filter((selector) => selector.from >= from && selector.to <= to)
    .flatMap(({ matchers }) => seenBy(matchers, observation.visible.sights.all))
}

function isMadeLate({ family }: Sight): boolean {
  return family.quantity === 'requests' && family.isThereFromStart !== true
}

function isFilled(expression: Expression): boolean {
  return (expression.kind === 'binary' && expression.operator === 'or') || childrenOf(expression).some(isFilled)
}

function quotientIn(expression: Expression): Binary | undefined {
  if (expression.kind === 'binary' && expression.operator === '/') {
    if (isCount(expression.left) && isCount(expression.right)) return expression
  }
  const found = childrenOf(expression).flatMap((child) => quotientIn(child) ?? [])
  return found.length === 1 ? found[0] : undefined
}

const increases: ReadonlySet<string> = new Set(['rate', 'irate', 'increase'])

/** How many there were in a window. */
function isCount(expression: Expression): boolean {
  const inner = withoutParens(expression)
  if (inner.kind === 'call') return increases.has(inner.name) && inner.args[0]?.kind === 'matrix'
  if (inner.kind === 'aggregate') return inner.operator === 'sum' && isCount(inner.inner)
  if (inner.kind !== 'binary') return false
  if (inner.operator === 'or') return isCount(inner.left)
  return inner.operator === '+' && isCount(inner.left) && isCount(inner.right)
}

function valueAt(expression: Expression, quotient: Binary, share: number): number | undefined {
  if (expression === quotient) return share
  const at = (inner: Expression) => valueAt(inner, quotient, share)
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'paren':
      return at(expression.inner)
    case 'aggregate':
      return ofOne.has(expression.operator) ? at(expression.inner) : undefined
    case 'call':
      return expression.name === 'scalar' ? at(expression.args[0]!) : undefined
    case 'binary':
      return ofBinary(expression, at)
    default:
      return undefined
  }
}

/** What these make of a single series is its value. */
const ofOne: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max'])

function ofBinary(
  { operator, left, right }: Binary,
  at: (inner: Expression) => number | undefined,
): number | undefined {
  if (operator === 'or') return at(left)
  const [first, second] = [at(left), at(right)]
  if (first === undefined || second === undefined) return undefined
  if (operator === '+') return first + second
  if (operator === '-') return first - second
  if (operator === '*') return first * second
  return operator === '/' ? first / second : undefined
}
