// A query of a policy, as far as it can be judged before anything is measured.
import { Query } from '../../metrics/promql/query.js'
import { Store } from '../../metrics/store.js'
import type { AskedMetric } from '../asked-metrics.js'
import type { Plan } from '../plan.js'
import { type ExplainedQuery, explainCompiled } from './query.js'
import { type QueryRatio, ratioIn } from './query-ratio.js'

export interface PolicyQuery {
  readonly explained: ExplainedQuery
  /** Otherwise it is one number. */
  readonly isList: boolean
  /** The longest range in it; 0 where there is none. */
  readonly windowMs: number
  /** What it answers where not one of the series is there. */
  readonly ofNothing: number | readonly number[]
  readonly ratio: QueryRatio | undefined
}

/** Undefined where Prometheus isn't asked, or refuses the query, or answers neither a number nor a list. */
export function policyQuery({ metric, place, placeInQuery }: AskedMetric, plan: Plan): PolicyQuery | undefined {
  const { provider } = metric
  const query = provider.kind === 'prometheus' ? plan.observation.queries.get(provider.query) : undefined
  if (!(query instanceof Query)) return undefined
  const nothing = query.at(new Store(), plan.observation.startsAtMs)
  if (nothing.kind !== 'vector' && nothing.kind !== 'scalar') return undefined
  return {
    explained: explainCompiled(query, place, placeInQuery, plan, null),
    isList: nothing.kind === 'vector',
    windowMs: Math.max(0, ...query.selectors.map(({ isRange, windowMs }) => (isRange ? windowMs : 0))),
    ofNothing: nothing.kind === 'vector' ? nothing.samples.map(({ value }) => value) : nothing.value,
    ratio: ratioIn(query, plan),
  }
}
