// How the questions of a policy were understood: what each query sees, and what it says while all is well.
import { PromqlError } from '../../metrics/promql/error.js'
import type { Query } from '../../metrics/promql/query.js'
import type { Rule } from '../../metrics/rules/rule.js'
import type { Metric } from '../../policy/argo/metric.js'
import { pathText } from '../../policy/fields.js'
import type { Verdict } from '../../scenario/budget.js'
import type { LatencyShape } from '../../scenario/latency.js'
import type { Percentiles } from '../../scenario/percentiles.js'
import type { Place } from '../../scenario/problem.js'
import type { Signal } from '../../scenario/signals.js'
import { formatDuration } from '../../scenario/units.js'
import { Latency } from '../../world/latency/latency.js'
import { type AskedMetric, metricsOf } from '../asked-metrics.js'
import type { Plan } from '../plan.js'
import { type UnaskableMetric, unaskableIn } from '../unaskable-metrics.js'
import { type FiredAlert, flyHealthily, type HealthyFlight } from './healthy-flight.js'
import { withoutVerdictsOfOthers } from './healthy-world.js'
import { type Measured, type Measurements, summarize } from './measurements.js'
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
  /** Those of analyses that can't begin. */
  readonly unaskable: readonly UnaskableMetric[]
  /** Those that are evaluated: alerts, and what records for any query or alert. */
  readonly rules: readonly ExplainedRule[]
}

export interface ExplainedRule {
  readonly kind: Rule['kind']
  readonly name: string
  readonly group: string
  readonly query: ExplainedQuery
  /** Its values at the end of the flight; null where it wasn't flown or failed. */
  readonly atEnd: readonly number[] | null
}

export interface ExplainedWorld {
  /** Null where none was given, and all of this is assumed. */
  readonly scenario: string | null
  readonly ratePerSecond: number
  readonly errorRatio: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Null where nothing says it. */
  readonly cpuMsPerRequest: number | null
  readonly memoryBytes: number | null
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
  /** What answers in the place of others; null where a scenario has yet to say it. */
  readonly signal: Signal | null
  /** In the flight; null where it wasn't measured. */
  readonly measured: Measurements | null
}

/** `scenario` is its name, if one was given. */
export function explain(plan: Plan, scenario: string | null, isSound: boolean): Explanation {
  const { policy, release, scenario: world } = plan
  const isAssumed = scenario === null
  const flight = isSound ? flyHealthily(isAssumed ? withoutVerdictsOfOthers(plan) : plan) : null
  return {
    schema: explainSchema,
    rollout: policy.rollout.name,
    world: explainWorld(plan, scenario),
    flight: flight && { verdict: flight.verdict, lastedMs: flight.lastedMs },
    metrics: grouped(metricsOf(policy, release, world.people)).map((group) =>
      explainMetric(group, plan, flight, isAssumed),
    ),
    unaskable: unaskableIn(policy, release),
    rules: plan.observation.rules.flatMap((group) =>
      group.rules.map((rule) => explainRule(rule, group.name, plan, flight)),
    ),
  }
}

function explainWorld({ scenario, flow }: Plan, name: string | null): ExplainedWorld {
  const { service, observability, releaseAtMs, durationMs, people } = scenario
  const { errorRatio, latency, cpuPerRequestMs, memory } = service.stable
  const promoter = people.find(({ does, trigger }) => does === 'promote' && 'phase' in trigger)
  return {
    scenario: name,
    ratePerSecond: Number(((1000 * flow.traffic.mean.integral(0, durationMs)) / durationMs).toPrecision(6)),
    errorRatio,
    ...percentilesOf(latency),
    cpuMsPerRequest: cpuPerRequestMs ?? null,
    memoryBytes: memory?.baseBytes ?? null,
    scrapeEveryMs: observability.scrape.intervalMs,
    releaseAtMs,
    promotedAfterMs: promoter && 'phase' in promoter.trigger ? promoter.trigger.afterMs : null,
  }
}

/** As they are written, or to the microsecond as the law has them. */
function percentilesOf(latency: LatencyShape): Percentiles {
  if ('p50Ms' in latency) return latency
  const law = Latency.of(latency)
  const atRatio = (ratio: number) => Math.round(law.quantile(ratio) * 1000) / 1000
  return { p50Ms: atRatio(0.5), p99Ms: atRatio(0.99) }
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

function explainMetric(group: Group, plan: Plan, flight: HealthyFlight | null, isAssumed: boolean): ExplainedMetric {
  const [{ metric, place, placeInQuery }] = group
  const { name, provider, source, intervalMs, success, failure } = metric
  const askedBy = [...new Set(group.map(({ path }) => pathText(path)))]
  const query = provider.kind === 'prometheus' ? explainQuery(provider.query, place, placeInQuery, plan, flight) : null
  // Then all requests go to the new version.
  const isAfterCutover = askedBy.every((path) => path === 'blueGreen.postPromotionAnalysis')
  const isOfThis = (measured: Measured) => keyOf(measured.metric) === keyOf(metric)
  // Whatever was assumed to answer says nothing of what will.
  const isUntold = isAssumed && provider.kind !== 'prometheus'
  const measuredHere = flight && summarize(flight.measured.filter(isOfThis))
  const remarks = query?.remarks.filter((each) => !isAfterCutover || !isOfVersions(each)) ?? []
  return {
    name,
    template: source.template,
    place,
    askedBy,
    provider: provider.kind,
    intervalMs: intervalMs ?? null,
    successCondition: success?.text ?? null,
    failureCondition: failure?.text ?? null,
    query: query && { ...query, remarks: [...neverAValue(query, measuredHere), ...remarks] },
    signal: isUntold || provider.kind === 'prometheus' ? null : (plan.signals.find(source)?.signal ?? null),
    measured: isUntold ? null : measuredHere,
  }
}

/** Where all values were missing, and neither a selector that sees nothing nor an alert's wish explains it. */
function neverAValue(query: ExplainedQuery, measured: Measurements | null): readonly Remark[] {
  if (measured === null || measured.empty < measured.count || measured.emptiness === null) return []
  const { part, isFilter, why } = measured.emptiness
  const isMeant = isFilter && Object.keys(measured.phases).every((phase) => phase === 'Successful')
  if (isMeant || query.selectors.some(({ blind }) => blind !== null)) return []
  return [{ code: 'never-a-value', of: part, message: 'never had a value in the healthy flight', hint: why }]
}

/** Nobody expects of a rule that it looks at the canary. */
function explainRule(rule: Rule, group: string, plan: Plan, flight: HealthyFlight | null): ExplainedRule {
  const { kind, name, query, expressionPlace } = rule
  const explained = explainCompiled(query, expressionPlace, () => expressionPlace, plan, flight)
  const fired = kind === 'alert' ? (flight?.fired.filter(({ alert }) => alert === name) ?? []) : []
  const remarks = [...firing(fired), ...explained.remarks.filter((each) => !isOfVersions(each))]
  return { kind, name, group, query: { ...explained, remarks }, atEnd: flight && valuesAtEnd(query, plan, flight) }
}

function firing([first, ...others]: readonly FiredAlert[]): readonly Remark[] {
  if (first === undefined) return []
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  const message = 'fires although nothing is wrong'
  const hint = `${formatDuration(Math.round(first.atMs / 1000) * 1000)} after the release, with the value ${first.value}${more}.`
  return [{ code: 'fires-in-health', of: null, message, hint }]
}

function valuesAtEnd(query: Query, { observation }: Plan, { endedAtMs }: HealthyFlight): readonly number[] | null {
  try {
    const value = query.at(observation.exposure.store, endedAtMs)
    if (value.kind === 'scalar') return [value.value]
    return value.kind === 'vector' ? value.samples.map((sample) => sample.value) : null
  } catch (error) {
    if (error instanceof PromqlError) return null
    throw error
  }
}

function isOfVersions({ code }: Remark): boolean {
  return code === 'whole-service' || code === 'stable-only'
}
