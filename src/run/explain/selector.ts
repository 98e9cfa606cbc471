// How one selector of a query was understood: what it counts, of which version, and the series that it found.
import { compareLabels, type Labels, METRIC_NAME } from '../../metrics/labels.js'
import type { Selector } from '../../metrics/promql/query.js'
import { mayRead } from '../../metrics/rules/reads.js'
import type { Store } from '../../metrics/store.js'
import type { Place } from '../../scenario/problem.js'
import type { Observation } from '../observation.js'
import { type Blindness, blindnessOf, refusalOf } from '../sight/blindness.js'
import { type Sight, seenBy } from '../sight/sight.js'
import { canary, type Stack, stable } from '../stacks.js'
import type { HealthyFlight } from './healthy-flight.js'

export type Seen = 'canary' | 'stable' | 'both'

export interface ExplainedSelector {
  readonly text: string
  readonly place: Place
  /** In the query. */
  readonly from: number
  readonly to: number
  /** Null of an instant selector, which takes the newest sample of the last five minutes. */
  readonly windowMs: number | null
  readonly offsetMs: number
  readonly binds: readonly Binding[]
  /** Names of the rules that write what it reads. */
  readonly writtenBy: readonly string[]
  /** Null where it sees nothing. */
  readonly sees: Seen | null
  /** Null where nothing was flown. */
  readonly series: FoundSeries | null
  readonly blind: Blindness | null
}

/** A metric of an exporter, and what of the world it tells. */
export interface Binding {
  readonly dialect: string
  readonly metric: string
  readonly counts: string
}

export interface FoundSeries {
  /** How many there were in the whole flight, those of pods that went included. */
  readonly count: number
  /** Of some of them the labels that tell them apart, or that the query asks about. */
  readonly examples: readonly Readonly<Record<string, string>>[]
}

export interface Asked {
  readonly query: string
  readonly placeInQuery: (index: number) => Place
  /** Names of labels that the query groups by or matches on. */
  readonly labelsUsed: readonly string[]
}

export function explainSelector(
  selector: Selector,
  { query, placeInQuery, labelsUsed }: Asked,
  { visible, exposure, rules, startsAtMs }: Observation,
  stacks: readonly Stack[],
  flight: HealthyFlight | null,
): ExplainedSelector {
  const { from, to, isRange, windowMs, offsetMs, matchers } = selector
  const isFlown = flight !== null
  const writers = rules.flatMap((group) => group.rules).filter((rule) => mayRead(selector, rule))
  const seen = seenBy(matchers, visible.sights.all)
  // What a label is asked to be, it is.
  const open = matchers.filter(({ type }) => type !== '=').map(({ label }) => label)
  return {
    text: query.slice(from, to),
    place: placeInQuery(from),
    from,
    to,
    windowMs: isRange ? windowMs : null,
    offsetMs,
    binds: bindingsOf(seen),
    writtenBy: [...new Set(writers.map(({ name }) => name))],
    sees: seenOf(seen, stacks),
    series: isFlown ? seriesIn(exposure.store, selector, [...open, ...labelsUsed]) : null,
    blind:
      blindnessOf(matchers, visible) ??
      (seen.length === 0 && isFlown ? missed(exposure.store, selector) : null) ??
      (flight && timeBlindness(selector, startsAtMs, flight.endedAtMs)),
  }
}

function bindingsOf(seen: readonly Sight[]): readonly Binding[] {
  const bindings = new Map<string, Binding>()
  for (const { dialect, name, family } of seen) {
    bindings.set(`${dialect} ${name} ${family.counts}`, { dialect, metric: name, counts: family.counts })
  }
  return [...bindings.values()]
}

/** While the release is under way: afterwards requests of the new version come where those of the old one did. */
function seenOf(seen: readonly Sight[], stacks: readonly Stack[]): Seen | null {
  const meanwhile = seen.filter(({ isMeanwhile, stack }) => isMeanwhile && stacks[stack]!.isOfUpdate)
  const versions = new Set(meanwhile.map(({ stack }) => stacks[stack]!.version))
  if (versions.size === 2) return 'both'
  if (versions.has(canary)) return 'canary'
  return versions.has(stable) ? 'stable' : null
}

/** Before the flight nothing was scraped, and after it nothing will have been. */
function timeBlindness({ agoMs, anchorMs }: Selector, startsAtMs: number, endedAtMs: number): Blindness | null {
  const newestMs = (anchorMs ?? endedAtMs) - agoMs
  if (newestMs <= startsAtMs) {
    const message = 'looks back before the flight begins, where nothing was scraped'
    return { message, hint: 'Nothing can be said of what it would find on a cluster that has been there for longer.' }
  }
  if (anchorMs === undefined || newestMs - lookbackMs <= endedAtMs) return null
  return { message: 'looks at a time after the flight', hint: 'Without @ it looks from the instant of the query.' }
}

/** How old a sample may be. */
const lookbackMs = 300_000

/** What rules write is known only once they have written it. */
function missed(store: Store, { name, matchers }: Selector): Blindness | null {
  if (name === undefined || store.select(matchers).length > 0) return null
  const written = store.select(matchers.filter(({ label }) => label === METRIC_NAME))
  const visible = written.map(({ labels }) => ({ labels: labels.toRecord(), bounds: undefined, unknown: none }))
  return visible.length === 0 ? null : refusalOf(name, matchers, visible)
}

const none: ReadonlySet<string> = new Set()

const mostExamples = 3
const mostLabels = 5

function seriesIn(store: Store, { matchers }: Selector, used: readonly string[]): FoundSeries {
  const found = store
    .select(matchers)
    .map(({ labels }) => labels)
    .sort(compareLabels)
  const step = Math.max(1, (found.length - 1) / (mostExamples - 1))
  const chosen = found.filter((_, index) => index % Math.ceil(step) === 0 || index === found.length - 1)
  const names = distinguishing(found, used).slice(0, mostLabels)
  return { count: found.length, examples: chosen.slice(0, mostExamples).map((labels) => only(labels, names)) }
}

/** Those that somebody asked about, and as many more as it takes to tell the series apart. */
function distinguishing(found: readonly Labels[], used: readonly string[]): readonly string[] {
  const names = new Set(found.flatMap((labels) => labels.names))
  names.delete(METRIC_NAME)
  const telling = used.filter((name, index) => names.has(name) && used.indexOf(name) === index)
  const parts = () => new Set(found.map((labels) => telling.map((name) => labels.get(name)).join('\n'))).size
  for (const name of new Set([...preferred, ...names])) {
    const before = parts()
    if (before === found.length) break
    if (!names.has(name) || telling.includes(name)) continue
    telling.push(name)
    if (parts() === before) telling.pop()
  }
  return telling
}

/** Of several labels that tell the same, the ones that people know. */
const preferred = ['pod', 'code', 'response_code', 'status', 'le', 'destination_service_name']

/** In every selector in the same order. */
function only(labels: Labels, names: readonly string[]): Readonly<Record<string, string>> {
  const chosen = names.filter((name) => labels.get(name) !== '').sort()
  return Object.fromEntries(chosen.map((name) => [name, labels.get(name)]))
}
