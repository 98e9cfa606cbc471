// A policy in a world that nobody has described: what others than Prometheus answer there is nobody's verdict.
import type { Metric } from '../policy/argo/metric.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'

export function unjudgedByOthers(policy: ArgoPolicy): ArgoPolicy {
  const unjudged = (metric: Metric): Metric =>
    metric.provider.kind === 'prometheus' ? metric : { ...metric, success: undefined, failure: undefined }
  return { ...policy, catalogue: policy.catalogue.changing(unjudged) }
}
