// What is observed of a flight and how: what is scraped and kept for those who ask, and what they can possibly see.
import type { Side } from '../metrics/dialects/dialect.js'
import { Exposure } from '../metrics/dialects/exposure.js'
import { WORLD } from '../metrics/dialects/world.js'
import type { PromqlError } from '../metrics/promql/error.js'
import { Query } from '../metrics/promql/query.js'
import type { RuleGroup } from '../metrics/rules/rule.js'
import { Store } from '../metrics/store.js'
import type { ArgoPolicy } from '../policy/argo/policy.js'
import type { Problems } from '../scenario/problem.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Scrape } from '../scenario/scrape.js'
import { chosenDialects } from './chosen-dialects.js'
import type { Spell } from './pipeline.js'
import { type Questions, tellBlind } from './questions.js'
import { codesOf } from './service-plan.js'
import type { Visible } from './sight/blindness.js'
import { isWatched, sightsIn } from './sight/sights.js'
import { isOfExperiment } from './stacks.js'
import type { Workload } from './workload.js'

export interface Observation {
  /** What the clock of Prometheus shows when the scenario starts: series and queries have their times from it. */
  readonly startsAtMs: number
  readonly scrape: Scrape
  /** Whether targets are scraped at instants of their own. */
  readonly isSpread: boolean
  /** What goes wrong on the way from exporters to those who ask. */
  readonly spells: readonly Spell[]
  readonly releaseAtMs: number
  /** Whose metrics somebody can see. */
  readonly watches: ReadonlySet<Side>
  /** From a scrape until the first of those who ask can know of it. */
  readonly knownAfterMs: number
  /** Infinity when nobody asks for anything. */
  readonly firstScrapeMs: number
  /** Series of this store, and no others, are what queries can see. */
  readonly exposure: Exposure
  /** Whether pods are targets of their own. */
  readonly scrapesPods: boolean
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

export function observe(
  scenario: Scenario,
  policy: ArgoPolicy,
  workload: Workload,
  questions: Questions,
  spells: readonly Spell[],
  problems: Problems,
): Observation {
  const { queries, reads, rules, recorded, selectors, windowMs, isServed } = questions
  const { scrape, evaluationMs } = scenario.observability
  const dialects = chosenDialects(scenario, policy.rollout.canary.routing)
  const dialectsSeen = reads.length > 0 ? [...dialects, WORLD] : dialects
  const exposure = new Exposure(new Store(), dialectsSeen, selectors, codesOf(scenario).map(String))
  exposure.store.retentionMs = isServed ? Number.POSITIVE_INFINITY : windowMs + 2 * scrape.intervalMs
  const sights = sightsIn(policy, workload, dialectsSeen, selectors)
  const visible = { sights, dialects, recorded }
  tellBlind(questions, visible, problems)
  const { families, latencyBoundsMs } = exposure
  const scrapesPods = families.some(({ side }) => side === 'server' || side === 'application')
  return {
    startsAtMs: scenario.startsAtMs,
    scrape,
    isSpread: scrape.spread || scrape.jitterMs > 0,
    spells,
    releaseAtMs: scenario.releaseAtMs,
    watches: new Set(families.map(({ side }) => side)),
    knownAfterMs: scrape.delayMs + leastDelayMs(questions),
    firstScrapeMs: families.length === 0 ? Number.POSITIVE_INFINITY : firstScrapeMs(scenario, questions),
    exposure,
    scrapesPods,
    perPod: scrapesPods || families.some(({ side }) => side === 'kubelet'),
    visible,
    // Pods that a workload has beside the Rollout's have other labels, and any query may mean them.
    watched: workload.pods.map(
      (_, stack) =>
        isServed || policy.workload !== undefined || isOfExperiment(stack) || isWatched(sights, stack, selectors),
    ),
    latencyBoundsMs: families.some(({ quantity }) => quantity === 'latency') ? latencyBoundsMs : undefined,
    queries,
    entryService: workload.entryService,
    rules,
    evaluationMs,
    isServed,
  }
}

/** Queries and rules see a scrape at once, signals as late as they say. */
function leastDelayMs({ queries, rules, reads }: Questions): number {
  const isAskedAtOnce = rules.length > 0 || [...queries.values()].some((query) => query instanceof Query)
  return isAskedAtOnce || reads.length === 0 ? 0 : Math.min(...reads.map(({ source }) => source.delayMs))
}

function firstScrapeMs({ releaseAtMs, observability: { scrape } }: Scenario, questions: Questions): number {
  const { intervalMs, delayMs, jitterMs } = scrape
  // What rules have seen before shows in their alerts and in what they have recorded.
  const isHistoryRead = questions.isServed || questions.rules.length > 0
  const earliestMs = isHistoryRead ? 0 : releaseAtMs - questions.windowMs - delayMs - jitterMs - intervalMs
  return Math.ceil(Math.max(0, earliestMs) / intervalMs + 1) * intervalMs
}
