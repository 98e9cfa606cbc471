// The analysis templates of a policy, and the metrics that a request of a Rollout makes of them.
import {
  type AnalysisRequest,
  type AnalysisTemplate,
  type Arg,
  expandTemplates,
  isGiven,
  lookupIn,
  type MetricTemplate,
  type RolloutArg,
  resolveArgs,
} from './analysis-template.js'
import { type Metric, resolveMetrics, type SecretLookup } from './metric.js'
import { combineRules, noRules } from './metric-rules.js'
import { type Behaviours, newest } from './version.js'

export type Metrics = readonly Metric[] | { readonly error: string }

export class Catalogue {
  /** By request and values of its arguments: conditions are compiled once, however many flights ask for them. */
  private readonly known = new WeakMap<AnalysisRequest, Map<string, Metrics>>()

  constructor(
    readonly templates: readonly AnalysisTemplate[],
    private readonly secretOf: SecretLookup,
    private readonly does: Behaviours = newest.does,
    private readonly change: (metric: Metric) => Metric = (metric) => metric,
  ) {}

  /** The same, but for what is made of each metric. */
  changing(change: (metric: Metric) => Metric): Catalogue {
    return new Catalogue(this.templates, this.secretOf, this.does, change)
  }

  metricsFor(request: AnalysisRequest, valueFor: (arg: RolloutArg) => string): Metrics {
    const byValues = this.known.get(request) ?? new Map<string, Metrics>()
    this.known.set(request, byValues)
    const key = JSON.stringify(request.args.map(valueFor))
    let metrics = byValues.get(key)
    if (metrics === undefined) {
      const { templates, args } = this.resolve(request, valueFor)
      const resolved = resolveMetrics(
        templates.flatMap((template) => template.metrics),
        args,
        combineRules([request.rules, ...templates.map(({ rules }) => rules)]),
        this.secretOf,
        this.does,
      )
      metrics = 'error' in resolved ? resolved : resolved.map(this.change)
      byValues.set(key, metrics)
    }
    return metrics
  }

  hasMetrics({ templates }: AnalysisRequest): boolean {
    return expandTemplates(templates, lookupIn(this.templates)).some(({ metrics }) => metrics.length > 0)
  }

  /** One metric by itself, with those arguments that have a value: others may keep it from being measured. */
  metricAlone(template: MetricTemplate, args: readonly Arg[]): Metric | { readonly error: string } {
    const metrics = resolveMetrics([template], args.filter(isGiven), noRules, this.secretOf, this.does)
    return 'error' in metrics ? metrics : metrics[0]!
  }

  resolve(
    request: AnalysisRequest,
    valueFor: (arg: RolloutArg) => string,
  ): { readonly templates: readonly AnalysisTemplate[]; readonly args: readonly Arg[] } {
    const templates = expandTemplates(request.templates, lookupIn(this.templates))
    return { templates, args: resolveArgs(templates, request, valueFor) }
  }
}
