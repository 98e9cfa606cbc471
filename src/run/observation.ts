// What is observed of a flight and how: the queries of the policy, and what they can possibly see.
import { APP } from '../metrics/dialects/app.js'
import { type Dialect, type Family, variantsOf } from '../metrics/dialects/dialect.js'
import { Exposure, exposedNames, rejecting } from '../metrics/dialects/exposure.js'
import { ISTIO } from '../metrics/dialects/istio.js'
import { WORLD } from '../metrics/dialects/world.js'
import { METRIC_NAME } from '../metrics/labels.js'
import { PromqlError } from '../metrics/promql/error.js'
import { compile, type Query } from '../metrics/promql/query.js'
import { namesWritten, readBy } from '../metrics/rules/reads.js'
import type { Rule, RuleGroup } from '../metrics/rules/rule.js'
import { Store } from '../metrics/store.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import { nearName } from '../scenario/near-name.js'
import type { Place, Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'
import { CODES } from '../world/cells.js'
import type { SignalBook } from './signal-book.js'
import { isOfExperiment, stable } from './stacks.js'
import { identityOf, targetOf, type Workload } from './workload.js'

export interface Observation {
  /** What the clock of Prometheus shows when the scenario starts: series and queries have their times from it. */
  readonly startsAtMs: number
  readonly scrape: Scenario['observability']['scrape']
  /** From a scrape until the first of those who ask can know of it. */
  readonly knownAfterMs: number
  /** Infinity when nobody asks for anything. */
  readonly firstScrapeMs: number
  /** Series of this store, and no others, are what queries can see. */
  readonly exposure: Exposure
  /** Whether some series tell one pod from another. */
  readonly perPod: boolean
  /** By version: whether any query can see what it counts. */
  readonly watched: readonly boolean[]
  /** Undefined when no query looks at latency. */
  readonly latencyBoundsMs: readonly number[] | undefined
  /** By text; filled beforehand with the policy's queries. */
  readonly queries: Map<string, Query | PromqlError>
  /** The Service that requests are sent to when no router splits them. */
  readonly entryService: string
  /** Rules that anybody sees something of; evaluated from the first scrape on. */
  readonly rules: readonly RuleGroup[]
  /** How often those are evaluated that don't say it. */
  readonly evaluationMs: number
}

export interface PlacedQuery {
  readonly text: string
  readonly place: Place
  /** How far back the times go at which it is evaluated. */
  readonly reachMs: number
}

const dialects: Readonly<Record<'istio' | 'app', Dialect>> = { istio: ISTIO, app: APP }

export function observe(
  scenario: Scenario,
  policy: ArgoPolicy,
  workload: Workload,
  asked: readonly PlacedQuery[],
  reads: SignalBook['reads'],
  ruleGroups: readonly RuleGroup[],
  problems: Problems,
): Observation {
  const { canary } = policy.rollout
  const dialect = dialects[scenario.observability.dialect ?? (canary.routing?.istio ? 'istio' : 'app')]
  const queries = new Map<string, Query | PromqlError>()
  for (const { text, place } of asked) queries.set(text, compileOrTell(text, place, problems))
  const compiled = [...queries.values()].filter((query): query is Query => !(query instanceof PromqlError))
  const asking = [...compiled, ...reads.map(({ query }) => query)].flatMap((query) => query.selectors)
  const { groups, unread } = readBy(ruleGroups, asking)
  tellUnread(unread, problems)
  const rules = groups.flatMap((group) => group.rules)
  const selectors = [...asking, ...rules.flatMap(({ query }) => query.selectors)]
  const dialectsSeen = reads.length > 0 ? [dialect, WORLD] : [dialect]
  const exposure = new Exposure(new Store(), dialectsSeen, selectors, CODES.map(String))
  const names = new Set([...dialect.families.flatMap(exposedNames), ...namesWritten(ruleGroups)])
  for (const { text, place } of asked) tellIfBlind(queries.get(text)!, dialect, names, place, problems)
  for (const { query, expressionPlace } of rules) tellIfBlind(query, dialect, names, expressionPlace, problems)

  const { scrape } = scenario.observability
  const readMs = reads.map(({ query, source }) => query.windowMs + source.delayMs + source.resolutionMs)
  const askedMs = asked.map(({ text, reachMs }) => {
    const query = queries.get(text)
    return query instanceof PromqlError ? 0 : query!.windowMs + reachMs
  })
  const ruleMs = groups.flatMap((group) => group.rules.map(({ query }) => query.windowMs + group.queryOffsetMs))
  const windowMs = [...askedMs, ...readMs, ...ruleMs].reduce((longest, each) => Math.max(longest, each), 0)
  exposure.store.retentionMs = windowMs + 2 * scrape.intervalMs
  // What rules have seen before shows in their alerts and in what they have recorded.
  const isHistoryRead = rules.length > 0
  const earliestMs = isHistoryRead
    ? 0
    : Math.max(0, scenario.releaseAtMs - windowMs - scrape.delayMs - scrape.intervalMs)
  const isLatencyWatched = exposure.families.some(({ quantity }) => quantity === 'latency')
  const delaysMs =
    compiled.length > 0 || rules.length > 0 || reads.length === 0 ? [0] : reads.map(({ source }) => source.delayMs)
  return {
    startsAtMs: scenario.startsAtMs,
    scrape,
    knownAfterMs: scrape.delayMs + Math.min(...delaysMs),
    firstScrapeMs:
      exposure.families.length === 0
        ? Number.POSITIVE_INFINITY
        : Math.ceil(earliestMs / scrape.intervalMs + 1) * scrape.intervalMs,
    exposure,
    perPod: exposure.families.some(({ side }) => side === 'server' || side === 'kubelet'),
    // Pods that a workload has beside the Rollout's have other labels, and any query may mean them; stacks of experiments
    // have Services that are named when they are made.
    watched: workload.pods.map(
      (_, stack) =>
        policy.workload !== undefined ||
        isOfExperiment(stack) ||
        isWatched(exposure, workload, stack, servicesOf(policy, workload, stack)),
    ),
    latencyBoundsMs: isLatencyWatched ? exposure.latencyBoundsMs : undefined,
    queries,
    entryService: workload.entryService,
    rules: groups,
    evaluationMs: scenario.observability.evaluationMs,
  }
}

export function compileQuery(text: string): Query | PromqlError {
  try {
    return compile(text)
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

function compileOrTell(text: string, place: Place, problems: Problems): Query | PromqlError {
  const query = compileQuery(text)
  if (query instanceof PromqlError) {
    const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
    problems.warning('query-error', place, `the query can't be read: ${query.inQuery(text)}`, { hint })
  }
  return query
}

/** Tells of selectors that nothing the dialect exposes can match: the query will always be empty. */
function tellIfBlind(
  query: Query | PromqlError,
  dialect: Dialect,
  names: ReadonlySet<string>,
  place: Place,
  problems: Problems,
): void {
  if (query instanceof PromqlError) return
  const all = query.selectors.map(
    ({ matchers }) => matchers.find(({ label, type }) => label === METRIC_NAME && type === '=')?.value,
  )
  for (const wanted of new Set(all)) {
    if (wanted === undefined || names.has(wanted)) continue
    const other = Object.values(dialects).find(({ families }) => families.flatMap(exposedNames).includes(wanted))
    const near = nearName(wanted, names)
    const hint = other
      ? `It belongs to another dialect: set observability.dialect to ${other.name}.`
      : near === undefined
        ? `This dialect has ${dialect.families.map(({ name }) => name).join(', ')}.`
        : `Did you mean ${near}?`
    problems.warning('query-sees-nothing', place, `nothing exposes ${wanted} in the ${dialect.name} dialect`, { hint })
  }
}

function tellUnread(unread: readonly Rule[], problems: Problems): void {
  for (const { name, place } of unread) {
    const hint = 'No query of the policy, no alert and no rule that is read itself asks for it: it is not evaluated.'
    problems.warning('rule-unread', place, `nothing reads what the rule ${name} records`, { hint })
  }
}

/** Names of single pods and bounds of single buckets aren't known beforehand: they may be any. */
const perPodLabels = new Set(['pod', 'instance', 'kubernetes_pod_name', 'le', 'uid', 'id', 'name'])

function isWatched(exposure: Exposure, workload: Workload, version: number, services: readonly string[]): boolean {
  const server = identityOf(workload, version, '', 0)
  const sees = (family: Family, service: string, variant: string) => {
    const labels = family.labels(targetOf(workload, family.side, server, service), variant)
    return exposure.selectors.some(({ matchers }) =>
      exposedNames(family).some((name) => {
        const relevant = matchers.filter(({ label }) => !perPodLabels.has(label))
        return rejecting(relevant, { ...labels, [METRIC_NAME]: name }) === undefined
      }),
    )
  }
  // What the cluster's exporter tells of pods doesn't depend on requests.
  return exposure.families.some(
    (family) =>
      family.side !== 'cluster' &&
      services.some((service) => variantsOf(family, exposure.codes).some((variant) => sees(family, service, variant))),
  )
}

/** Through which Services requests come to a version; those to stable through the canary's have no weight. */
function servicesOf(policy: ArgoPolicy, { entryService }: Workload, version: number): readonly string[] {
  const { canaryService: named, pingPong } = policy.rollout.canary
  const canaryService = named ?? pingPong?.pong
  return version === stable || canaryService === undefined ? [entryService] : [entryService, canaryService]
}
