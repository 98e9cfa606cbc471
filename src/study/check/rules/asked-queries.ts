// The queries of a policy, as they are asked in a flight: with where they are written, and whom they see.
import { Query } from '../../../metrics/promql/query.js'
import type { MetricTemplate } from '../../../policy/argo/analysis-template.js'
import type { Metric } from '../../../policy/argo/metric.js'
import type { PlacedAnalysis } from '../../../policy/argo/rollout-spec.js'
import { metricsOf } from '../../../run/asked-metrics.js'
import { type ExplainedQuery, explainCompiled } from '../../../run/explain/query.js'
import type { Seen } from '../../../run/explain/selector.js'
import type { Plan } from '../../../run/plan.js'
import type { Subject } from '../rule.js'
import { judgedMetrics } from './judged-metrics.js'

export interface AskedQuery {
  readonly metric: Metric
  readonly written: MetricTemplate
  readonly query: Query
  readonly explained: ExplainedQuery
  /** Null where it sees nothing. */
  readonly sees: Seen | null
  /** The analyses that ask it, under `spec.strategy`. */
  readonly paths: readonly PlacedAnalysis['path'][]
}

/** Of analyses that have a say. */
export function askedQueries({ plan, policy }: Subject): readonly AskedQuery[] {
  if (!plan || !policy) return []
  const judged = judgedMetrics(policy).filter(({ isDryRun }) => !isDryRun)
  const found = new Map<string, AskedQuery>()
  for (const { metric, place, placeInQuery, path } of metricsOf(plan.policy, plan.release, [])) {
    const { source, provider } = metric
    const written = judged.find(
      ({ written: { template, name } }) => template === source.template && name === source.metric,
    )
    if (provider.kind !== 'prometheus' || !written) continue
    const query = plan.observation.queries.get(provider.query)
    if (!(query instanceof Query)) continue
    const key = `${source.template} ${source.metric} ${source.text}`
    const before = found.get(key)
    const explained = before?.explained ?? explainCompiled(query, place, placeInQuery, plan, null)
    found.set(key, {
      metric,
      written: written.written,
      query,
      explained,
      sees: seenBy(explained),
      paths: [...(before?.paths ?? []), path],
    })
  }
  return [...found.values()]
}

function seenBy({ selectors }: ExplainedQuery): Seen | null {
  const seen = new Set(selectors.map(({ sees }) => sees))
  if (seen.has('both')) return 'both'
  if (seen.has('canary')) return seen.has('stable') ? 'both' : 'canary'
  return seen.has('stable') ? 'stable' : null
}

/** On average while the release is under way. */
export function ratePerSecondIn({ flow, scenario: { releaseAtMs, durationMs } }: Plan): number {
  return (1000 * flow.traffic.mean.integral(releaseAtMs, durationMs)) / (durationMs - releaseAtMs)
}
