// The metrics that a policy will measure: what is exposed depends on them, so they have to be known before the flight.
import { type AnalysisRequest, fillIn, type RolloutArg } from '../policy/argo/analysis-template.js'
import { type ExperimentRequest, templateOf } from '../policy/argo/experiment-request.js'
import type { Metric } from '../policy/argo/metric.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { timesOf } from '../policy/argo/provider/prometheus.js'
import { analysesOf } from '../policy/argo/rollout-spec.js'
import { isStatusPath } from '../policy/argo/status-field.js'
import type { ManifestTemplate } from '../policy/pod-template.js'
import type { Place, Problems } from '../scenario/problem.js'
import type { PlacedQuery } from './observation.js'

export interface AskedMetric {
  readonly metric: Metric
  readonly place: Place
}

/** Every metric that the policy will measure, with its arguments filled in; a run that can't begin has none. */
export function metricsOf(policy: ArgoPolicy, release: ManifestTemplate): readonly AskedMetric[] {
  const { rollout } = policy
  return analysesOf(rollout).flatMap(({ request, experiment }) =>
    metricsFor(policy, request, ({ value, valueFrom }) => {
      if (!valueFrom) return experiment ? filled(value ?? '', experiment, policy, release) : (value ?? '')
      if ('fieldPath' in valueFrom) return rollout.field(valueFrom.fieldPath, release) ?? ''
      return valueFrom.podTemplateHashValue === 'Latest' ? release.hash : rollout.template.hash
    }),
  )
}

/** Those that Prometheus is asked for. */
export function queriesIn(asked: readonly AskedMetric[], nowMs: number): readonly PlacedQuery[] {
  const queries = new Map<string, PlacedQuery>()
  for (const { metric, place } of asked) {
    if (metric.provider.kind !== 'prometheus') continue
    const { query: text, range } = metric.provider
    const times = range && timesOf(range, nowMs)
    const reachMs = times && !('error' in times) ? Math.max(0, nowMs - times.startMs) : 0
    queries.set(text, { text, place, reachMs: Math.max(reachMs, queries.get(text)?.reachMs ?? 0) })
  }
  return [...queries.values()]
}

/** Arguments whose values only a flight shows. */
export function refuseChangingArgs({ rollout }: ArgoPolicy, problems: Problems): void {
  for (const { request, experiment } of analysesOf(rollout)) {
    for (const { value, valueFrom } of request.args) {
      if (valueFrom && 'fieldPath' in valueFrom && isStatusPath(valueFrom.fieldPath)) {
        const message = `fieldRef to ${valueFrom.fieldPath} is not simulated`
        problems.error('unsupported-field', valueFrom.place, message)
      }
      const changing =
        experiment && /\{\{\s*(experiment\.\w+|templates\..+?\.replicaset\.name)\s*\}\}/.exec(value ?? '')
      if (!changing) continue
      const message = `{{${changing[1]}}} as an argument is not simulated`
      problems.error('unsupported-field', request.templates[0]!.place, message)
    }
  }
}

function metricsFor(
  { catalogue }: ArgoPolicy,
  request: AnalysisRequest,
  valueFor: (arg: RolloutArg) => string,
): readonly AskedMetric[] {
  const metrics = catalogue.metricsFor(request, valueFor)
  const { templates } = catalogue.resolve(request, valueFor)
  const written = templates.flatMap((template) => template.metrics)
  return 'error' in metrics ? [] : metrics.map((metric, at) => ({ metric, place: written[at]!.places.provider }))
}

/** With the hashes of the experiment's pods; what can't be filled in ends the experiment before it asks anything. */
function filled(value: string, { templates }: ExperimentRequest, { rollout }: ArgoPolicy, release: ManifestTemplate) {
  const text = fillIn(value, (name) => {
    const template = templates.find((candidate) => name === `templates.${candidate.name}.podTemplateHash`)
    return template && templateOf(template, template.version === 'canary' ? release : rollout.template).hash
  })
  return typeof text === 'string' ? text : ''
}
