// How one query was understood: its selectors, and what is odd about them together.

import { METRIC_NAME } from '../metrics/labels.js'
import type { Expression } from '../metrics/promql/ast.js'
import { childrenOf } from '../metrics/promql/build.js'
import { PromqlError, type TextRange } from '../metrics/promql/error.js'
import type { Query, Selector } from '../metrics/promql/query.js'
import type { Place } from '../scenario/problem.js'
import { formatDuration } from '../scenario/units.js'
import { type ExplainedSelector, explainSelector } from './explain-selector.js'
import type { Plan } from './plan.js'
import { sees } from './sight.js'
import { canary, stable } from './stacks.js'
import { rolloutHashLabel } from './workload.js'

export interface ExplainedQuery {
  readonly text: string
  readonly place: Place
  /** What Prometheus would answer instead of a value. */
  readonly error: QueryError | null
  readonly selectors: readonly ExplainedSelector[]
  readonly remarks: readonly Remark[]
}

export interface QueryError extends TextRange {
  readonly message: string
  readonly place: Place
}

/** Something that Prometheus wouldn't complain of, and that a person will hardly want. */
export interface Remark {
  readonly code: 'whole-service' | 'stable-only' | 'short-window'
  readonly message: string
  readonly hint: string
}

export function explainQuery(
  text: string,
  place: Place,
  placeInQuery: (index: number) => Place,
  plan: Plan,
  isFlown: boolean,
): ExplainedQuery {
  const query = plan.observation.queries.get(text)!
  if (query instanceof PromqlError) {
    const { from, to } = query
    const error = { message: query.inQuery(text), place: placeInQuery(from), from, to }
    return { text, place, error, selectors: [], remarks: [] }
  }
  return explainCompiled(query, place, placeInQuery, plan, isFlown)
}

export function explainCompiled(
  query: Query,
  place: Place,
  placeInQuery: (index: number) => Place,
  plan: Plan,
  isFlown: boolean,
): ExplainedQuery {
  const { observation, stacks } = plan
  const { text, expression } = query
  const asked = { query: text, placeInQuery, labelsUsed: [...labelsUsedIn(expression)] }
  const selectors = query.selectors.map((each) => explainSelector(each, asked, observation, stacks, isFlown))
  const remarks = [...notTheCanary(query, selectors, plan), ...shortWindows(expression, observation.scrape.intervalMs)]
  return { text, place, error: null, selectors, remarks }
}

/** Which the query groups by, or by which it matches one side with the other. */
function* labelsUsedIn(expression: Expression): Generator<string> {
  if (expression.kind === 'aggregate' && !expression.without) yield* expression.grouping
  if (expression.kind === 'binary' && expression.matching.on) yield* expression.matching.labels
  for (const child of childrenOf(expression)) yield* labelsUsedIn(child)
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
  const hint = hintFor(telling)
  return whole < 0
    ? [{ code: 'stable-only', message: 'sees the stable version only: the canary can do what it likes', hint }]
    : [{ code: 'whole-service', message: 'sees the whole service, not the canary alone', hint }]
}

interface TellingLabel {
  readonly label: string
  /** What series of the canary have there. */
  readonly value: string
}

/** Labels with another value in every series of the canary than in any of stable; first those that the query asks for. */
function tellingLabels({ matchers }: Selector, { observation, stacks }: Plan): readonly TellingLabel[] {
  const names = matchers.filter(({ label }) => label === METRIC_NAME)
  const seen = observation.visible.sights.all.filter((sight) => sight.isMeanwhile && sees(names, sight))
  const ofVersion = (version: number) => seen.filter(({ stack }) => stacks[stack]!.version === version)
  const [ours, theirs] = [ofVersion(canary), ofVersion(stable)]
  const [example] = ours
  if (example === undefined) return []
  const labels = Object.keys(example.labels).filter((label) => !example.unknown.has(label))
  const telling = labels.flatMap((label) => {
    const values = new Set(ours.map((sight) => sight.labels[label] ?? ''))
    const isShared = values.has('') || theirs.some((sight) => values.has(sight.labels[label] ?? ''))
    return isShared ? [] : [{ label, value: example.labels[label]! }]
  })
  const rank = ({ label, value }: TellingLabel) =>
    matchers.some((matcher) => matcher.label === label) ? 0 : label === hashLabel ? 1 : 1 + value.length
  return telling.sort((one, other) => rank(one) - rank(other))
}

/** As service discovery writes it. */
const hashLabel = rolloutHashLabel.replaceAll('-', '_')

/** What a hash is, changes with every release. */
function hintFor([best]: readonly TellingLabel[]): string {
  if (best?.label === hashLabel) {
    return `Ask for ${hashLabel}="{{args.hash}}", and give the analysis that argument with valueFrom: {podTemplateHashValue: Latest}.`
  }
  if (best) return `Ask for ${best.label}=${JSON.stringify(best.value)} to see the canary alone.`
  return 'No label of these series tells the versions apart: give the canary a Service of its own, or ask another exporter.'
}

/** These need two samples; `rate(x[30s])` of what is scraped every 30 s has one. */
const differences = new Set(['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv'])

function* shortWindows(expression: Expression, intervalMs: number): Generator<Remark> {
  const [range] = expression.kind === 'call' && differences.has(expression.name) ? expression.args : []
  if (range?.kind === 'matrix' && range.rangeMs < 2 * intervalMs) {
    const message = `a window of ${formatDuration(range.rangeMs)} may hold a single sample of a scrape every ${formatDuration(intervalMs)}, and then there is no value`
    yield { code: 'short-window', message, hint: `Take ${formatDuration(4 * intervalMs)}, so that one may be missing.` }
  }
  for (const child of childrenOf(expression)) yield* shortWindows(child, intervalMs)
}
