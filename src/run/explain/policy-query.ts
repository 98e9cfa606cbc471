// A query of a policy, as far as it can be judged before anything is measured.
import { type Family, isOfRequests } from '../../metrics/dialects/dialect.js'
import type { Matcher } from '../../metrics/matcher.js'
import { Query } from '../../metrics/promql/query.js'
import { Store } from '../../metrics/store.js'
import type { AskedMetric } from '../asked-metrics.js'
import type { Plan } from '../plan.js'
import { type Sight, seenBy } from '../sight/sight.js'
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
  /** The stacks of pods whose requests it counts or times while a release is under way; none where it asks for anything else. */
  readonly stacks: readonly number[]
  /** Whether these pods tell it themselves, so that it is gone when they are. */
  readonly isToldByPods: boolean
}

/** Undefined where Prometheus isn't asked, or refuses the query, or answers neither a number nor a list. */
export function policyQuery({ metric, place, placeInQuery }: AskedMetric, plan: Plan): PolicyQuery | undefined {
  const { provider } = metric
  const query = provider.kind === 'prometheus' ? plan.observation.queries.get(provider.query) : undefined
  if (!(query instanceof Query)) return undefined
  const nothing = query.at(new Store(), plan.observation.startsAtMs)
  if (nothing.kind !== 'vector' && nothing.kind !== 'scalar') return undefined
  const sights = query.selectors.map(({ matchers }) => seenMeanwhile(matchers, plan))
  const isAnswered = sights.every((each) => each.length > 0 && each.every(({ family }) => beginsWithRequests(family)))
  return {
    explained: explainCompiled(query, place, placeInQuery, plan, null),
    isList: nothing.kind === 'vector',
    windowMs: Math.max(0, ...query.selectors.map(({ isRange, windowMs }) => (isRange ? windowMs : 0))),
    ofNothing: nothing.kind === 'vector' ? nothing.samples.map(({ value }) => value) : nothing.value,
    ratio: ratioIn(query, plan),
    stacks: isAnswered ? [...new Set(sights.flat().map(({ stack }) => stack))] : [],
    isToldByPods: sights.flat().every(({ family }) => family.side === 'application'),
  }
}

function seenMeanwhile(matchers: readonly Matcher[], { observation, stacks }: Plan): readonly Sight[] {
  const seen = seenBy(matchers, observation.visible.sights.all)
  return seen.filter(({ isMeanwhile, stack }) => isMeanwhile && stacks[stack]!.isOfUpdate)
}

function beginsWithRequests(family: Family): boolean {
  return isOfRequests(family) && family.isThereFromStart !== true
}
