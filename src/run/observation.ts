// What is observed of a flight and how: the queries of the policy, and what they can possibly see.
import type { Side } from '../metrics/dialects/dialect.js'
import { Exposure, type Wanted } from '../metrics/dialects/exposure.js'
import { WORLD } from '../metrics/dialects/world.js'
import { PromqlError } from '../metrics/promql/error.js'
import { compile, Query } from '../metrics/promql/query.js'
import { namesWritten, readBy, selectorsOf } from '../metrics/rules/reads.js'
import type { Rule, RuleGroup } from '../metrics/rules/rule.js'
import { Store } from '../metrics/store.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import type { Place, Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'
import { isWithin, type Scrape } from '../scenario/scrape.js'
import { CODES } from '../world/cells.js'
import { chosenDialects } from './chosen-dialects.js'
import { blindnessOf, type Visible } from './sight/blindness.js'
import { isWatched, sightsIn } from './sight/sights.js'
import type { SignalBook } from './signals/signal-book.js'
import { isOfExperiment } from './stacks.js'
import type { Workload } from './workload.js'

export interface Observation {
  /** What the clock of Prometheus shows when the scenario starts: series and queries have their times from it. */
  readonly startsAtMs: number
  readonly scrape: Scrape
  /** Whether targets are scraped at instants of their own. */
  readonly isSpread: boolean
  /** When Prometheus goes down. */
  readonly gapsMs: readonly number[]
  readonly releaseAtMs: number
  /** Whose metrics somebody can see. */
  readonly watches: ReadonlySet<Side>
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
  /** What the queries of the policy can see. */
  readonly visible: Visible
  /** By text; filled beforehand with the policy's queries. */
  readonly queries: Map<string, Query | PromqlError>
  /** The Service that requests are sent to when no router splits them. */
  readonly entryService: string
  /** Rules that anybody sees something of; evaluated from the first scrape on. */
  readonly rules: readonly RuleGroup[]
  /** How often those are evaluated that don't say it. */
  readonly evaluationMs: number
  /** Whether anybody may ask for anything, up to the end: then everything is scraped and kept. */
  readonly isServed: boolean
}

/** In between it scrapes nothing, evaluates no rules and answers nobody. */
export function isPrometheusUp({ scrape, releaseAtMs }: Observation, timeMs: number): boolean {
  return !isWithin(scrape.gaps, timeMs - releaseAtMs)
}

export interface PlacedQuery {
  readonly text: string
  readonly place: Place
  readonly placeInQuery: (index: number) => Place
  /** How far back the times go at which it is evaluated. */
  readonly reachMs: number
}

export function observe(
  scenario: Scenario,
  policy: ArgoPolicy,
  workload: Workload,
  asked: readonly PlacedQuery[],
  reads: SignalBook['reads'],
  ruleGroups: readonly RuleGroup[],
  isServed: boolean,
  problems: Problems,
): Observation {
  const dialects = chosenDialects(scenario, policy.rollout.canary.routing)
  const queries = new Map<string, Query | PromqlError>()
  for (const each of asked) queries.set(each.text, compileOrTell(each, problems))
  const compiled = [...queries.values()].filter((query): query is Query => !(query instanceof PromqlError))
  const asking: readonly Wanted[] = isServed
    ? [everything]
    : [...compiled, ...reads.map(({ query }) => query)].flatMap((query) => query.selectors)
  const { groups, unread } = readBy(ruleGroups, asking)
  // What is missing through a mistake may be what reads them.
  if (!problems.hasErrors) tellUnread(unread, problems)
  const rules = groups.flatMap((group) => group.rules)
  const selectors = [...asking, ...rules.flatMap(selectorsOf)]
  const dialectsSeen = reads.length > 0 ? [...dialects, WORLD] : dialects
  const exposure = new Exposure(new Store(), dialectsSeen, selectors, CODES.map(String))
  const sights = sightsIn(policy, workload, dialectsSeen, selectors)
  const visible = { sights, dialects, recorded: new Set(namesWritten(ruleGroups)) }
  for (const each of asked) {
    const query = queries.get(each.text)
    if (query instanceof Query) tellIfBlind(query, each.placeInQuery, visible, problems)
  }
  for (const { queries: read, expressionPlace } of rules) {
    for (const query of read) tellIfBlind(query, () => expressionPlace, visible, problems)
  }

  const { scrape } = scenario.observability
  const readMs = reads.map(({ query, source }) => query.windowMs + source.delayMs + source.resolutionMs)
  const askedMs = asked.map(({ text, reachMs }) => {
    const query = queries.get(text)
    return query instanceof PromqlError ? 0 : query!.windowMs + reachMs
  })
  const ruleMs = groups.flatMap((group) =>
    group.rules.flatMap((rule) => rule.queries.map(({ windowMs }) => windowMs + group.queryOffsetMs)),
  )
  const windowMs = [...askedMs, ...readMs, ...ruleMs].reduce((longest, each) => Math.max(longest, each), 0)
  exposure.store.retentionMs = isServed ? Number.POSITIVE_INFINITY : windowMs + 2 * scrape.intervalMs
  // What rules have seen before shows in their alerts and in what they have recorded.
  const isHistoryRead = isServed || rules.length > 0
  const lateMs = scrape.delayMs + scrape.jitterMs
  const earliestMs = isHistoryRead ? 0 : Math.max(0, scenario.releaseAtMs - windowMs - lateMs - scrape.intervalMs)
  const isLatencyWatched = exposure.families.some(({ quantity }) => quantity === 'latency')
  const delaysMs =
    compiled.length > 0 || rules.length > 0 || reads.length === 0 ? [0] : reads.map(({ source }) => source.delayMs)
  return {
    startsAtMs: scenario.startsAtMs,
    scrape,
    isSpread: scrape.spread || scrape.jitterMs > 0,
    gapsMs: scrape.gaps.map(({ atMs }) => scenario.releaseAtMs + atMs),
    releaseAtMs: scenario.releaseAtMs,
    watches: new Set(exposure.families.map(({ side }) => side)),
    knownAfterMs: scrape.delayMs + Math.min(...delaysMs),
    firstScrapeMs:
      exposure.families.length === 0
        ? Number.POSITIVE_INFINITY
        : Math.ceil(earliestMs / scrape.intervalMs + 1) * scrape.intervalMs,
    exposure,
    perPod: exposure.families.some(({ side }) => side === 'server' || side === 'kubelet'),
    visible,
    // Pods that a workload has beside the Rollout's have other labels, and any query may mean them.
    watched: workload.pods.map(
      (_, stack) =>
        isServed || policy.workload !== undefined || isOfExperiment(stack) || isWatched(sights, stack, selectors),
    ),
    latencyBoundsMs: isLatencyWatched ? exposure.latencyBoundsMs : undefined,
    queries,
    entryService: workload.entryService,
    rules: groups,
    evaluationMs: scenario.observability.evaluationMs,
    isServed,
  }
}

/** What a selector without conditions would match. */
const everything: Wanted = { matchers: [] }

export function compileQuery(text: string): Query | PromqlError {
  try {
    return compile(text)
  } catch (error) {
    if (error instanceof PromqlError) return error
    throw error
  }
}

function compileOrTell({ text, placeInQuery }: PlacedQuery, problems: Problems): Query | PromqlError {
  const query = compileQuery(text)
  if (query instanceof PromqlError) {
    const hint = 'Every measurement of it will be an Error, as it would be on a cluster.'
    const message = `the query can't be read: ${query.inQuery(text)}`
    problems.warning('query-error', placeInQuery(query.from), message, { hint })
  }
  return query
}

/** Tells of selectors that nothing of what is exposed can match. */
function tellIfBlind(query: Query, placeInQuery: (at: number) => Place, visible: Visible, problems: Problems): void {
  const told = new Set<string>()
  for (const { matchers, from } of query.selectors) {
    const blindness = blindnessOf(matchers, visible)
    if (blindness === undefined || told.has(blindness.message)) continue
    told.add(blindness.message)
    problems.warning('query-sees-nothing', placeInQuery(from), blindness.message, { hint: blindness.hint })
  }
}

function tellUnread(unread: readonly Rule[], problems: Problems): void {
  for (const { name, place } of unread) {
    const hint = 'No query of the policy, no alert and no rule that is read itself asks for it: it is not evaluated.'
    problems.warning('rule-unread', place, `nothing reads what the rule ${name} records`, { hint })
  }
}
