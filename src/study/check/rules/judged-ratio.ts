// Metrics that judge a share of the requests: from which share of errors on a measurement fails.

import type { Threshold } from '../../../judge/polling.js'
import { type Binary, type Expression, withoutParens } from '../../../metrics/promql/ast.js'
import { childrenOf } from '../../../metrics/promql/build.js'
import type { Query } from '../../../metrics/promql/query.js'
import { assess } from '../../../policy/argo/condition/assess.js'
import { floats } from '../../../policy/argo/condition/value/value.js'
import type { Metric } from '../../../policy/argo/metric.js'

export interface JudgedRatio {
  /** The quotient in the query. */
  readonly quotient: Binary
  /** What is above the line: it fails where there is much of it, or little. */
  readonly counts: 'errors' | 'successes'
  /** Of errors. */
  readonly threshold: Threshold
  /** Whether a measurement without any request, NaN, fails. */
  readonly failsWithout: boolean
  /** The longest range in it. */
  readonly windowMs: number
}

/** Undefined where it is no quotient of two counts, or its conditions don't split shares in two. */
export function judgedRatio(metric: Metric, query: Query): JudgedRatio | undefined {
  const quotient = quotientIn(query.expression)
  if (!quotient || (metric.provider.kind === 'prometheus' && metric.provider.range)) return undefined
  const phaseAt = (share: number) => {
    const value = valueAt(query.expression, quotient, share)
    if (value === undefined) return undefined
    return assess(query.type === 'scalar' ? value : floats([value]), metric.success, metric.failure).phase
  }
  const shares = Array.from({ length: grid + 1 }, (_, index) => index / grid)
  const phases = shares.map(phaseAt)
  if (!phases.every((phase) => phase === 'Successful' || phase === 'Failed')) return undefined
  const changes = shares.filter((_, index) => index > 0 && phases[index] !== phases[index - 1])
  const [change] = changes
  if (change === undefined || changes.length > 1) return undefined
  const fails = (share: number) => phaseAt(share) === 'Failed'
  const edge = rounded(edgeBetween(change - 1 / grid, change, fails))
  const counts = fails(1) ? 'errors' : 'successes'
  return {
    quotient,
    counts,
    threshold: { ratio: counts === 'errors' ? edge : rounded(1 - edge), isIncluded: fails(edge) },
    failsWithout: fails(Number.NaN),
    windowMs: Math.max(...query.selectors.map(({ windowMs }) => windowMs)),
  }
}

/** Coarse, as conditions have one threshold: those that don't are left alone. */
const grid = 200

function edgeBetween(low: number, high: number, fails: (share: number) => boolean): number {
  const atHigh = fails(high)
  let [from, to] = [low, high]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (from + to) / 2
    if (fails(middle) === atHigh) to = middle
    else from = middle
  }
  return to
}

function rounded(share: number): number {
  return Number(share.toFixed(9))
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

/** What the query is worth where the quotient is this; undefined where more decides it. */
function valueAt(expression: Expression, quotient: Binary, share: number): number | undefined {
  if (expression === quotient) return share
  const at = (inner: Expression) => valueAt(inner, quotient, share)
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'paren':
      return at(expression.inner)
    case 'aggregate':
      return one.has(expression.operator) ? at(expression.inner) : undefined
    case 'call':
      return expression.name === 'scalar' ? at(expression.args[0]!) : undefined
    case 'binary':
      return ofBinary(expression, at)
    default:
      return undefined
  }
}

/** What these make of a single series is its value. */
const one: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max'])

function ofBinary({ operator, left, right }: Binary, at: (inner: Expression) => number | undefined) {
  if (operator === 'or') return at(left)
  const [one, other] = [at(left), at(right)]
  if (one === undefined || other === undefined) return undefined
  if (operator === '+') return one + other
  if (operator === '-') return one - other
  if (operator === '*') return one * other
  return operator === '/' ? one / other : undefined
}
