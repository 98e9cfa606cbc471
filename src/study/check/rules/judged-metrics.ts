// The metrics that the analyses of a policy judge by: as they are written, and with their arguments.
import { type AnalysisRequest, fill, type MetricTemplate } from '../../../policy/argo/analysis-template.js'
import { type Metric, mask } from '../../../policy/argo/metric.js'
import { combineRules, isDryRun } from '../../../policy/argo/metric-rules.js'
import type { ArgoPolicy } from '../../../policy/argo/policy.js'
import { requestsOf } from '../../../run/asked-metrics.js'
import { answerOf, type QueryAnswer } from '../../../run/query-answer.js'
import type { Subject } from '../rule.js'

export interface JudgedMetric {
  readonly written: MetricTemplate
  readonly filled: MetricTemplate
  readonly metric: Metric
  readonly isDryRun: boolean
  /** Of Prometheus. */
  readonly answer: QueryAnswer | undefined
  /** The analyses that ask for it with these arguments. */
  readonly requests: readonly AnalysisRequest[]
}

/** Those that can be measured; what is wrong with others is told where they are read. */
export function judgedMetrics(policy: ArgoPolicy): readonly JudgedMetric[] {
  const found = known.get(policy) ?? metricsOf(policy)
  known.set(policy, found)
  return found
}

/** Many rules ask. */
const known = new WeakMap<ArgoPolicy, readonly JudgedMetric[]>()

function metricsOf(policy: ArgoPolicy): readonly JudgedMetric[] {
  const found = new Map<string, JudgedMetric>()
  for (const { request, valueFor } of requestsIn(policy)) {
    const { templates, args } = policy.catalogue.resolve(request, valueFor)
    const rules = combineRules([request.rules, ...templates.map((template) => template.rules)])
    for (const written of templates.flatMap(({ metrics }) => metrics)) {
      const filled = fill(written, mask(args))
      const metric = policy.catalogue.metricAlone(written, args)
      if ('error' in filled || 'error' in metric) continue
      const isDry = isDryRun(metric.name, rules)
      const key = JSON.stringify([written.template, written.name, isDry, args])
      const requests = [...(found.get(key)?.requests ?? []), request]
      const answer = metric.provider.kind === 'prometheus' ? answerOf(metric.provider.query) : undefined
      found.set(key, { written, filled, metric, isDryRun: isDry, answer, requests })
    }
  }
  return [...found.values()]
}

/** The analyses, with hashes in their arguments that stand for those of an update. */
export function requestsIn(policy: ArgoPolicy): ReturnType<typeof requestsOf> {
  const { template } = policy.rollout
  return requestsOf(policy, { canary: template, stable: template })
}

/** Those that decide something. */
export function consequential({ policy }: Subject): readonly JudgedMetric[] {
  return policy ? judgedMetrics(policy).filter(({ isDryRun }) => !isDryRun) : []
}
