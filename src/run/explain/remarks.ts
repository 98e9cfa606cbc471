// What Prometheus doesn't complain of in a query, and a person hardly wants.
import { isOfRequests } from '../../metrics/dialects/dialect.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import type { Expression } from '../../metrics/promql/ast.js'
import { childrenOf } from '../../metrics/promql/build.js'
import type { Query, Selector } from '../../metrics/promql/query.js'
import type { RolloutSpec } from '../../policy/argo/rollout-spec.js'
import { formatDuration } from '../../scenario/units.js'
import type { Plan } from '../plan.js'
import { idleMatchers } from '../sight/blindness.js'
import { seenBy, sees } from '../sight/sight.js'
import { canary, stable } from '../stacks.js'
import { rolloutHashLabel } from '../workload.js'
import type { ExplainedSelector } from './selector.js'

export interface Remark {
  readonly code:
    | 'whole-service'
    | 'stable-only'
    | 'short-window'
    | 'matcher-excludes-nothing'
    | 'counted-twice'
    | 'before-flight'
    | 'never-a-value'
    | 'fires-in-health'
  /** The part of the query that it is about; null where that is all of it. */
  readonly of: string | null
  readonly message: string
  readonly hint: string
}

export function remarksOn(query: Query, selectors: readonly ExplainedSelector[], plan: Plan): readonly Remark[] {
  const { intervalMs } = plan.observation.scrape
  return [
    ...idle(query, plan),
    ...early(query, plan),
    ...countedTwice(query, plan),
    ...notTheCanary(query, selectors, plan),
    ...shortWindows(query, query.expression, intervalMs),
  ]
}

/** Mostly a label is misspelt, and the query counts what it should leave out. */
function idle({ text, selectors }: Query, { observation: { visible } }: Plan): readonly Remark[] {
  return selectors.flatMap(({ from, to, matchers }) =>
    idleMatchers(matchers, visible).map((each) => ({
      code: 'matcher-excludes-nothing' as const,
      of: text.slice(from, to),
      ...each,
    })),
  )
}

/** What looks back before the first scrape finds nothing at first. */
function early({ text, selectors }: Query, { scenario: { releaseAtMs } }: Plan): readonly Remark[] {
  return selectors
    .filter(({ agoMs, anchorMs }) => anchorMs === undefined && agoMs >= releaseAtMs)
    .map(({ from, to, agoMs }) => ({
      code: 'before-flight',
      of: text.slice(from, to),
      message: `looks ${formatDuration(agoMs)} back, before the flight begins, which is ${formatDuration(releaseAtMs)} before the release`,
      hint: 'Release later in a scenario (release: {at: …}) to see what it finds on a cluster that has been there for longer.',
    }))
}

/** The same requests, as those before the pods and those in them saw them. */
function countedTwice({ text, selectors, expression }: Query, { observation }: Plan): readonly Remark[] {
  const used = new Set(labelsUsedIn(expression))
  return selectors.flatMap(({ from, to, matchers }): Remark[] => {
    const seen = seenBy(matchers, observation.visible.sights.all).filter(({ family }) => isOfRequests(family))
    const [client, server] = (['client', 'server'] as const).map((side) =>
      seen.find(({ family }) => family.side === side),
    )
    if (client === undefined || server === undefined || client.name !== server.name) return []
    const telling = Object.keys(client.family.fixed).find(
      (label) => label in server.family.fixed && client.labels[label] !== server.labels[label],
    )
    if (telling === undefined || used.has(telling)) return []
    const [one, other] = [client, server].map(({ labels }) => `${telling}=${JSON.stringify(labels[telling])}`)
    const message = `counts each request twice: once with ${one}, once with ${other}`
    return [{ code: 'counted-twice', of: text.slice(from, to), message, hint: `Ask for ${one} or for ${other}.` }]
  })
}

/** A canary of 5 % that fails every request is 5 % of errors in what the whole service answers. */
function notTheCanary(query: Query, selectors: readonly ExplainedSelector[], plan: Plan): readonly Remark[] {
  if (selectors.some((each) => each.sees === 'canary')) return []
  const whole = selectors.findIndex((each) => each.sees === 'both')
  const at = whole < 0 ? selectors.findIndex((each) => each.sees === 'stable') : whole
  if (at < 0) return []
  const telling = tellingLabels(query.selectors[at]!, plan)
  const used = new Set(labelsUsedIn(query.expression))
  if (telling.some(({ label }) => used.has(label))) return []
  const hint = hintFor(telling, plan.policy.rollout)
  return whole < 0
    ? [
        {
          code: 'stable-only',
          of: null,
          message: 'sees the stable version only: the canary can do what it likes',
          hint,
        },
      ]
    : [{ code: 'whole-service', of: null, message: 'sees the whole service, not the canary alone', hint }]
}

interface TellingLabel {
  readonly label: string
  /** What series of the canary have there. */
  readonly value: string
}

/** Labels with another value in every series of the canary than in any of stable; first those that the query asks for. */
function tellingLabels({ matchers }: Selector, { observation, stacks }: Plan): readonly TellingLabel[] {
  const all = observation.visible.sights.all.filter(({ isMeanwhile }) => isMeanwhile)
  const both = seenBy(matchers, all)
  const isOfBoth = new Set(both.map(({ stack }) => stacks[stack]!.version)).size > 1
  const names = matchers.filter(({ label }) => label === METRIC_NAME)
  const seen = isOfBoth ? both : all.filter((sight) => sees(names, sight))
  const ofVersion = (version: number) => seen.filter(({ stack }) => stacks[stack]!.version === version)
  const [ours, theirs] = [ofVersion(canary), ofVersion(stable)]
  const [example] = ours
  if (example === undefined) return []
  const labels = Object.keys(example.labels).filter((label) => label === 'pod' || !example.unknown.has(label))
  const telling = labels.flatMap((label) => {
    const values = new Set(ours.map((sight) => sight.labels[label] ?? ''))
    const isShared = values.has('') || theirs.some((sight) => values.has(sight.labels[label] ?? ''))
    return isShared ? [] : [{ label, value: example.labels[label]! }]
  })
  const rank = ({ label, value }: TellingLabel) => {
    if (label === 'pod') return Number.POSITIVE_INFINITY
    return matchers.some((matcher) => matcher.label === label) ? 0 : label === hashLabel ? 1 : 1 + value.length
  }
  return telling.sort((one, other) => rank(one) - rank(other))
}

/** As service discovery writes it. */
const hashLabel = rolloutHashLabel.replaceAll('-', '_')

/** What a hash is, changes with every release; names of pods have it in them. */
function hintFor([best]: readonly TellingLabel[], { name: workload, canary: { canaryService } }: RolloutSpec): string {
  const asked = 'and give the analysis that argument with valueFrom: {podTemplateHashValue: Latest}.'
  switch (best?.label) {
    case undefined:
      return `No label of these series tells the versions apart: ${canaryService === undefined ? 'give the canary a Service of its own (canaryService), or ask' : 'ask another metric, or'} another exporter.`
    case hashLabel:
      return `Ask for ${hashLabel}="{{args.hash}}", ${asked}`
    case 'pod':
      return `Ask for pod=~"${workload}-{{args.hash}}-.*", ${asked}`
    default:
      return `Ask for ${best!.label}=${JSON.stringify(best!.value)} to see the canary alone.`
  }
}

/** These need two samples; `rate(x[30s])` of what is scraped every 30 s has one. */
const differences = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv'])

function* shortWindows(query: Query, expression: Expression, intervalMs: number): Generator<Remark> {
  const [range] = expression.kind === 'call' && differences.has(expression.name) ? expression.args : []
  if (range?.kind === 'matrix' && range.rangeMs < 2 * intervalMs) {
    const message = `a window of ${formatDuration(range.rangeMs)} may hold a single sample of a scrape every ${formatDuration(intervalMs)}, and then there is no value`
    yield {
      code: 'short-window',
      of: query.text.slice(range.from, range.to),
      message,
      hint: `Take ${formatDuration(4 * intervalMs)}, so that one may be missing.`,
    }
  }
  for (const child of childrenOf(expression)) yield* shortWindows(query, child, intervalMs)
}

/** Which the query groups by, or by which it matches one side with the other. */
export function* labelsUsedIn(expression: Expression): Generator<string> {
  if (expression.kind === 'aggregate' && !expression.without) yield* expression.grouping
  if (expression.kind === 'binary' && expression.matching.on) yield* expression.matching.labels
  for (const child of childrenOf(expression)) yield* labelsUsedIn(child)
}
