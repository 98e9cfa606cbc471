// How the questions of a policy were understood: what each query sees, and what it says while all is well.
import type { Rule } from '../../metrics/rules/rule.js'
import type { Metric } from '../../policy/argo/metric.js'
import { pathText } from '../../policy/fields.js'
import type { Verdict } from '../../scenario/budget.js'
import type { Place } from '../../scenario/problem.js'
import type { Signal } from '../../scenario/signals.js'
import { type AskedMetric, metricsOf } from '../asked-metrics.js'
import type { Plan } from '../plan.js'
import { flyHealthily, type HealthyFlight, type Measured } from './healthy-flight.js'
import { type Measurements, summarize } from './measurements.js'
import { type ExplainedQuery, explainCompiled, explainQuery } from './query.js'
import type { Remark } from './remarks.js'

export const explainSchema = 'coalmine.explain/v1'

export interface Explanation {
  readonly schema: typeof explainSchema
  readonly rollout: string
  readonly world: ExplainedWorld
  /** Null where something is wrong that keeps the policy from being flown. */
  readonly flight: { readonly verdict: Verdict; readonly lastedMs: number } | null
  readonly metrics: readonly ExplainedMetric[]
  /** Those that are evaluated: alerts, and what records for any query or alert. */
  readonly rules: readonly ExplainedRule[]
}

export interface ExplainedRule {
  readonly kind: Rule['kind']
  readonly name: string
  readonly group: string
  readonly query: ExplainedQuery
}

export interface ExplainedWorld {
  /** Null where none was given, and all of this is assumed. */
  readonly scenario: string | null
  readonly ratePerSecond: number
  readonly errorRatio: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly scrapeEveryMs: number
  readonly releaseAtMs: number
  /** After how long somebody promotes what waits for people; null if nobody does. */
  readonly promotedAfterMs: number | null
}

export interface ExplainedMetric {
  readonly name: string
  readonly template: string
  readonly place: Place
  /** The analyses that measure it, as paths below `spec.strategy`. */
  readonly askedBy: readonly string[]
  readonly provider: string
  readonly intervalMs: number | null
  readonly successCondition: string | null
  readonly failureCondition: string | null
  /** Null where Prometheus isn't asked. */
  readonly query: ExplainedQuery | null
  /** What answers in the place of others; null where nothing does. */
  readonly signal: Signal | null
  /** In the flight; null where it wasn't measured. */
  readonly measured: Measurements | null
}

/** `scenario` is its name, if one was given. */
export function explain(plan: Plan, scenario: string | null, isSound: boolean): Explanation {
  const { policy, release, scenario: world } = plan
  const flight = isSound ? flyHealthily(plan) : null
  return {
    schema: explainSchema,
    rollout: policy.rollout.name,
    world: explainWorld(plan, scenario),
    flight: flight && { verdict: flight.verdict, lastedMs: flight.lastedMs },
    metrics: grouped(metricsOf(policy, release, world.people)).map((group) => explainMetric(group, plan, flight)),
    rules: plan.observation.rules.flatMap((group) =>
      group.rules.map((rule) => explainRule(rule, group.name, plan, flight !== null)),
    ),
  }
}

function explainWorld({ scenario }: Plan, name: string | null): ExplainedWorld {
  const { traffic, service, observability, releaseAtMs, people } = scenario
  const { errorRatio, latency } = service.stable
  const promoter = people.find(({ does, trigger }) => does === 'promote' && 'phase' in trigger)
  return {
    scenario: name,
    ratePerSecond: traffic.points[0]!.ratePerSecond,
    errorRatio,
    p50Ms: latency.p50Ms,
    p99Ms: latency.p99Ms,
    scrapeEveryMs: observability.scrape.intervalMs,
    releaseAtMs,
    promotedAfterMs: promoter && 'phase' in promoter.trigger ? promoter.trigger.afterMs : null,
  }
}

type Group = readonly [AskedMetric, ...AskedMetric[]]

/** The same question may be asked in several analyses. */
function grouped(asked: readonly AskedMetric[]): readonly Group[] {
  const groups = new Map<string, [AskedMetric, ...AskedMetric[]]>()
  for (const each of asked) {
    const key = keyOf(each.metric)
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  return [...groups.values()]
}

function keyOf({ source: { template, metric, text } }: Metric): string {
  return `${template} ${metric} ${text}`
}

function explainMetric(group: Group, plan: Plan, flight: HealthyFlight | null): ExplainedMetric {
  const [{ metric, place, placeInQuery }] = group
  const { name, provider, source, intervalMs, success, failure } = metric
  const askedBy = [...new Set(group.map(({ path }) => pathText(path)))]
  const query =
    provider.kind === 'prometheus' ? explainQuery(provider.query, place, placeInQuery, plan, flight !== null) : null
  // Then all requests go to the new version.
  const isAfterCutover = askedBy.every((path) => path === 'blueGreen.postPromotionAnalysis')
  const isOfThis = (measured: Measured) => keyOf(measured.metric) === keyOf(metric)
  return {
    name,
    template: source.template,
    place,
    askedBy,
    provider: provider.kind,
    intervalMs: intervalMs ?? null,
    successCondition: success?.text ?? null,
    failureCondition: failure?.text ?? null,
    query: query && (isAfterCutover ? { ...query, remarks: query.remarks.filter(isOfWindow) } : query),
    signal: provider.kind === 'prometheus' ? null : (plan.signals.find(source)?.signal ?? null),
    measured: flight && summarize(flight.measured.filter(isOfThis)),
  }
}

/** Nobody expects of a rule that it looks at the canary. */
function explainRule({ kind, name, query, expressionPlace }: Rule, group: string, plan: Plan, isFlown: boolean) {
  const explained = explainCompiled(query, expressionPlace, () => expressionPlace, plan, isFlown)
  return { kind, name, group, query: { ...explained, remarks: explained.remarks.filter(isOfWindow) } }
}

function isOfWindow({ code }: Remark): boolean {
  return code === 'short-window'
}
