// The queries of a policy, as they are asked in a flight: with where they are written, and whom they see.
import type { MetricTemplate } from '../../../policy/argo/analysis-template.js'
import type { Metric } from '../../../policy/argo/metric.js'
import type { PlacedAnalysis } from '../../../policy/argo/rollout-spec.js'
import { metricsOf } from '../../../run/asked-metrics.js'
import { type PolicyQuery, policyQuery } from '../../../run/explain/policy-query.js'
import type { Seen } from '../../../run/explain/selector.js'
import type { Plan } from '../../../run/plan.js'
import { isOfExperiment } from '../../../run/stacks.js'
import type { Subject } from '../rule.js'
import type { Looked } from './checks-of.js'
import { consequential } from './judged-metrics.js'

export interface AskedQuery extends PolicyQuery {
  readonly metric: Metric
  readonly written: MetricTemplate
  /** Null where it sees nothing. */
  readonly sees: Seen | null
  /** Where that is no version as a whole: pods that an experiment makes of it. */
  readonly looked: Looked
  /** The analyses that ask it, under `spec.strategy`. */
  readonly paths: readonly PlacedAnalysis['path'][]
}

/** Of analyses that have a say. */
export function askedQueries(subject: Subject): readonly AskedQuery[] {
  const { plan } = subject
  if (!plan) return []
  const found = known.get(plan) ?? queriesIn(plan, subject)
  known.set(plan, found)
  return found
}

/** Many rules ask. */
const known = new WeakMap<Plan, readonly AskedQuery[]>()

function queriesIn(plan: Plan, subject: Subject): readonly AskedQuery[] {
  const judged = consequential(subject).map(({ written }) => written)
  const found = new Map<string, AskedQuery>()
  for (const asked of metricsOf(plan.policy, plan.release, [])) {
    const { metric, path } = asked
    const { template, metric: name, text } = metric.source
    const written = judged.find((each) => each.template === template && each.name === name)
    const key = `${template} ${name} ${text}`
    const query = found.get(key) ?? policyQuery(asked, plan)
    if (!written || !query) continue
    const paths = [...(found.get(key)?.paths ?? []), path]
    found.set(key, { ...query, metric, written, sees: seenBy(query), looked: lookedAt(query), paths })
  }
  return [...found.values()]
}

function seenBy({ explained: { selectors } }: PolicyQuery): Seen | null {
  const seen = new Set(selectors.map(({ sees }) => sees))
  if (seen.has('both')) return 'both'
  if (seen.has('canary')) return seen.has('stable') ? 'both' : 'canary'
  return seen.has('stable') ? 'stable' : null
}

function lookedAt({ stacks }: PolicyQuery): Looked {
  return stacks.length > 0 && stacks.every(isOfExperiment) ? 'experiment' : 'canary'
}

/** On average while the release is under way. */
export function ratePerSecondIn({ flow, scenario: { releaseAtMs, durationMs } }: Plan): number {
  return (1000 * flow.traffic.mean.integral(releaseAtMs, durationMs)) / (durationMs - releaseAtMs)
}
