// Which part of a query leaves it without a value, though what that part is made of has values.
import { type Binary, type Call, type Expression, isComparison, withoutParens } from '../../metrics/promql/ast.js'
import { childrenOf } from '../../metrics/promql/build.js'
import { PromqlError } from '../../metrics/promql/error.js'
import { Query } from '../../metrics/promql/query.js'
import type { Sample } from '../../metrics/promql/value.js'
import type { Store } from '../../metrics/store.js'

export interface Emptiness {
  /** The innermost part that is empty while its operands are not. */
  readonly part: string
  /** Whether it is there to drop what is well: a comparison, `unless`, `absent`. */
  readonly isFilter: boolean
  readonly why: string
}

/** Of a query that has no value at an instant. */
export function emptinessOf({ text, expression }: Query, store: Store, timeMs: number): Emptiness {
  const samplesOf = (part: Expression) => samplesAt(new Query(text.slice(part.from, part.to), part), store, timeMs)
  const part = innermost(expression, (each) => samplesOf(each)?.length === 0)
  return { part: text.slice(part.from, part.to), isFilter: isFilter(part), why: reason(part, samplesOf) }
}

/** Series of a range count as samples without a value; undefined where there are none to count. */
function samplesAt(query: Query, store: Store, timeMs: number): readonly Pick<Sample, 'labels'>[] | undefined {
  try {
    const value = query.at(store, timeMs)
    if (value.kind === 'vector') return value.samples
    return value.kind === 'matrix' ? value.series : undefined
  } catch (error) {
    if (error instanceof PromqlError) return undefined
    throw error
  }
}

function innermost(expression: Expression, isEmpty: (part: Expression) => boolean): Expression {
  const whole = withoutParens(expression)
  const culprit = whole.kind === 'matrix' ? undefined : decisive(whole).find(isEmpty)
  return culprit === undefined ? whole : innermost(culprit, isEmpty)
}

/** Operands without which there is no value: what `unless` takes away isn't missed. */
function decisive(expression: Expression): readonly Expression[] {
  const isUnless = expression.kind === 'binary' && expression.operator === 'unless'
  return isUnless ? [expression.left] : childrenOf(expression)
}

function isFilter(part: Expression): boolean {
  if (part.kind === 'binary') return isComparison(part.operator) || part.operator === 'unless'
  return part.kind === 'call' && part.name.startsWith('absent')
}

type SamplesOf = (part: Expression) => readonly Pick<Sample, 'labels'>[] | undefined

function reason(part: Expression, samplesOf: SamplesOf): string {
  if (part.kind === 'selector' || part.kind === 'matrix') return 'No series that it matches had a sample then.'
  if (part.kind === 'call') return reasonOfCall(part, samplesOf)
  if (part.kind === 'binary') return reasonOfBinary(part, samplesOf)
  return 'Its operands have values: it keeps none of them.'
}

const differences = ['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'predict_linear']

function reasonOfCall({ name, args }: Call, samplesOf: SamplesOf): string {
  if (differences.includes(name)) return 'Its window held fewer than the two samples that it needs.'
  if (name.startsWith('absent')) return 'What it looks for is there.'
  const ofBuckets = name.startsWith('histogram_') && args.flatMap((arg) => samplesOf(arg) ?? [])
  if (ofBuckets && ofBuckets.length > 0 && ofBuckets.every(({ labels }) => labels.get('le') === '')) {
    return 'What it is given has no label le, by which it knows the buckets: keep it with sum by (le) (…).'
  }
  return 'Its operands have values: it keeps none of them.'
}

function reasonOfBinary({ operator, left, right, matching }: Binary, samplesOf: SamplesOf): string {
  const [one, other] = [samplesOf(left)?.[0]?.labels, samplesOf(right)?.[0]?.labels]
  if (one === undefined || other === undefined) return 'No value passes the comparison.'
  if (operator === 'unless') return 'All that is on its left is on its right, too.'
  const names = new Set([...one.names, ...other.names].filter((name) => name !== '__name__'))
  const counts = (name: string) => matching.labels.includes(name) === matching.on
  const apart = [...names].filter((name) => counts(name) && one.get(name) !== other.get(name))
  if (apart.length === 0) return 'No value passes the comparison.'
  const told = apart.slice(0, 3).map((name) => `${name}=${quoted(one.get(name))} and ${quoted(other.get(name))}`)
  return `Its sides have no series with the same labels (${told.join(', ')}): sum both, or write on (…) or ignoring (…).`
}

function quoted(value: string): string {
  return JSON.stringify(value)
}
