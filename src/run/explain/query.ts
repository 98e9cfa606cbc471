// How one query was understood: its selectors, and what is odd about them together.
import { PromqlError, type TextRange } from '../../metrics/promql/error.js'
import type { Query } from '../../metrics/promql/query.js'
import type { Place } from '../../scenario/problem.js'
import type { Plan } from '../plan.js'
import type { HealthyFlight } from './healthy-flight.js'
import { labelsUsedIn, type Remark, remarksOn } from './remarks.js'
import { type ExplainedSelector, explainSelector } from './selector.js'

export interface ExplainedQuery {
  readonly text: string
  readonly place: Place
  /** What Prometheus would answer instead of a value. */
  readonly error: QueryError | null
  readonly selectors: readonly ExplainedSelector[]
  readonly remarks: readonly Remark[]
}

export interface QueryError extends TextRange {
  readonly message: string
  readonly place: Place
}

export function explainQuery(
  text: string,
  place: Place,
  placeInQuery: (index: number) => Place,
  plan: Plan,
  flight: HealthyFlight | null,
): ExplainedQuery {
  const query = plan.observation.queries.get(text)!
  if (query instanceof PromqlError) {
    const { from, to } = query
    const error = { message: query.inQuery(text), place: placeInQuery(from), from, to }
    return { text, place, error, selectors: [], remarks: [] }
  }
  return explainCompiled(query, place, placeInQuery, plan, flight)
}

export function explainCompiled(
  query: Query,
  place: Place,
  placeInQuery: (index: number) => Place,
  plan: Plan,
  flight: HealthyFlight | null,
): ExplainedQuery {
  const { observation, stacks } = plan
  const { text, expression } = query
  const asked = { query: text, placeInQuery, labelsUsed: [...labelsUsedIn(expression)] }
  const selectors = query.selectors.map((each) => explainSelector(each, asked, observation, stacks, flight))
  return { text, place, error: null, selectors, remarks: remarksOn(query, selectors, plan) }
}
