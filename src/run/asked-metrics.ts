// The metrics that a policy will measure: what is exposed depends on them, so they have to be known before the flight.
import { type AnalysisRequest, fillIn, indexBeforeFilling, type RolloutArg } from '../policy/argo/analysis-template.js'
import { type ExperimentRequest, templateOf } from '../policy/argo/experiment-request.js'
import type { Metric } from '../policy/argo/metric.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { timesOf } from '../policy/argo/provider/prometheus.js'
import { analysesOf, type PlacedAnalysis } from '../policy/argo/rollout-spec.js'
import type { ManifestTemplate } from '../policy/pod-template.js'
import type { Person } from '../scenario/people.js'
import type { Place } from '../scenario/problem.js'
import type { PlacedQuery } from './questions.js'

export interface AskedMetric {
  readonly metric: Metric
  /** Of the query, the address, the image. */
  readonly place: Place
  /** Where a character of the query stands, whatever its arguments became. */
  readonly placeInQuery: (index: number) => Place
  /** The analysis that asks for it, under `spec.strategy`. */
  readonly path: PlacedAnalysis['path']
}

/** What an update goes to, and from where. */
interface Update {
  readonly canary: ManifestTemplate
  readonly stable: ManifestTemplate
}

/**
 * Every metric that the policy will measure, with its arguments filled in. Of a run that can't begin the queries are here,
 * too, as far as they can be understood: what is wrong with them can then be told together with what keeps it.
 */
export function metricsOf(
  policy: ArgoPolicy,
  release: ManifestTemplate,
  people: readonly Person[],
): readonly AskedMetric[] {
  const { template } = policy.rollout
  const there = metricsIn(policy, { canary: release, stable: template })
  // Once the release has been promoted, going back is an update of its own.
  if (people.every(({ does }) => does !== 'undo')) return there
  return [...there, ...metricsIn(policy, { canary: template, stable: release })]
}

function metricsIn(policy: ArgoPolicy, update: Update): readonly AskedMetric[] {
  return requestsOf(policy, update).flatMap(({ request, path, valueFor }) =>
    metricsFor(policy, request, path, valueFor),
  )
}

/** What is asked for, with the values that its arguments have. */
export function requestsOf({ rollout }: ArgoPolicy, update: Update) {
  return analysesOf(rollout).map(({ request, experiment, path }) => ({
    request,
    path,
    valueFor: ({ value, valueFrom }: RolloutArg): string => {
      if (!valueFrom) return experiment ? filled(value ?? '', experiment, update) : (value ?? '')
      if ('fieldPath' in valueFrom) return rollout.field(valueFrom.fieldPath, update.canary) ?? ''
      return update[valueFrom.podTemplateHashValue === 'Latest' ? 'canary' : 'stable'].hash
    },
  }))
}

/** Those that Prometheus is asked for. */
export function queriesIn(asked: readonly AskedMetric[], nowMs: number): readonly PlacedQuery[] {
  const queries = new Map<string, PlacedQuery>()
  for (const { metric, place, placeInQuery } of asked) {
    if (metric.provider.kind !== 'prometheus') continue
    const { query: text, range } = metric.provider
    const times = range && timesOf(range, nowMs)
    const reachMs = times && !('error' in times) ? Math.max(0, nowMs - times.startMs) : 0
    queries.set(text, { text, place, placeInQuery, reachMs: Math.max(reachMs, queries.get(text)?.reachMs ?? 0) })
  }
  return [...queries.values()]
}

function metricsFor(
  { catalogue }: ArgoPolicy,
  request: AnalysisRequest,
  path: PlacedAnalysis['path'],
  valueFor: (arg: RolloutArg) => string,
): readonly AskedMetric[] {
  const metrics = catalogue.metricsFor(request, valueFor)
  const { templates, args } = catalogue.resolve(request, valueFor)
  const written = templates.flatMap((template) => template.metrics)
  return written.flatMap((template, at) => {
    const metric = 'error' in metrics ? catalogue.metricAlone(template, args) : metrics[at]!
    if ('error' in metric || ('error' in metrics && metric.provider.kind !== 'prometheus')) return []
    const { places, provider, placeInQuery } = template
    const query = provider?.kind === 'prometheus' ? provider.query : ''
    return {
      metric,
      place: places.provider,
      placeInQuery: (index) => placeInQuery(indexBeforeFilling(query, args, index)),
      path,
    }
  })
}

/** With the hashes of the experiment's pods; what can't be filled in ends the experiment before it asks anything. */
function filled(value: string, { templates }: ExperimentRequest, update: Update): string {
  const text = fillIn(value, (name) => {
    const template = templates.find((candidate) => name === `templates.${candidate.name}.podTemplateHash`)
    return template && templateOf(template, update[template.version]).hash
  })
  return typeof text === 'string' ? text : ''
}
