// Why a selector sees nothing of a flight, and what was probably meant.
import type { Dialect } from '../../metrics/dialects/dialect.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import { formatMatcher, type Matcher } from '../../metrics/matcher.js'
import { nearName } from '../../scenario/near-name.js'
import { missingMetric, namesOf } from './missing-metric.js'
import { type Seeable, sees, takes } from './sight.js'
import type { Sights } from './sights.js'

export interface Blindness {
  readonly message: string
  readonly hint: string
}

/** What there is to be seen: by exporters, and under the names that rules write. */
export interface Visible {
  readonly sights: Sights
  readonly dialects: readonly Dialect[]
  /** What labels these have, only evaluating the rules shows. */
  readonly recorded: ReadonlySet<string>
}

/** Undefined if the selector may see something, or if it names no metric. */
export function blindnessOf(
  matchers: readonly Matcher[],
  { sights: { all, isComplete }, dialects, recorded }: Visible,
): Blindness | undefined {
  const name = matchers.find((matcher) => isOfName(matcher) && matcher.type === '=')?.value
  if (name === undefined || recorded.has(name) || all.some((sight) => sees(matchers, sight))) return undefined
  const named = all.filter((sight) => sight.name === name)
  if (named.length === 0) return missingMetric(name, dialects, new Set([...namesOf(dialects), ...recorded]))
  return isComplete ? refusalOf(name, matchers, named) : undefined
}

/** Which matcher is to blame that none of these is taken, though they have the name. */
export function refusalOf(name: string, matchers: readonly Matcher[], named: readonly Seeable[]): Blindness {
  const others = matchers.filter((matcher) => !isOfName(matcher))
  const besides = (matcher: Matcher) => {
    const rest = others.filter((other) => other !== matcher)
    return named.filter((sight) => sees(rest, sight))
  }
  // The one that alone stands in the way; if it takes two to do that, one that refuses everything, or any.
  const alone = others.find((matcher) => besides(matcher).length > 0)
  const guilty = alone ?? others.find((matcher) => !named.some((sight) => takes(matcher, sight))) ?? others[0]!
  return refused(name, guilty, alone === undefined ? named : besides(guilty))
}

function isOfName({ label }: Matcher): boolean {
  return label === METRIC_NAME
}

/** What the series have that all other matchers take. */
function refused(name: string, matcher: Matcher, sights: readonly Seeable[]): Blindness {
  const { label, value } = matcher
  const message = `no series of ${name} has ${formatMatcher(matcher)}`
  const values = unique(
    sights.flatMap(({ labels, bounds }) => (label === 'le' ? (bounds ?? []) : [labels[label] ?? ''])),
  ).filter((each) => each !== '')
  if (values.length === 0) {
    const labels = unique(
      sights.flatMap((sight) => Object.keys(sight.labels).filter((each) => sight.labels[each] !== '')),
    )
    const near = nearName(label, labels)
    const known = labels.filter((each) => each !== METRIC_NAME).sort()
    const there = known.length === 0 ? 'They have none at all.' : `There are ${listed(known)}.`
    const meant = near === undefined ? there : `Did you mean ${near}?`
    return { message, hint: `None has a label ${label}. ${meant}` }
  }
  if (label === 'le')
    return { message, hint: `Buckets near it end at ${boundsAround(Number(value), values).join(' and ')}.` }
  const near = nearName(value, values)
  const meant = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`
  return { message, hint: `Of ${label} there ${values.length === 1 ? 'is' : 'are'} ${listed(values)}.${meant}` }
}

/** Since version 3, Prometheus writes the bound 1 as 1.0. */
function boundsAround(wanted: number, bounds: readonly string[]): readonly string[] {
  const above = bounds.findIndex((bound) => bound === '+Inf' || Number(bound) >= wanted)
  if (above < 0) return bounds
  return Number(bounds[above]) === wanted ? [bounds[above]!] : bounds.slice(Math.max(0, above - 1), above + 1)
}

const mostListed = 20

function listed(values: readonly string[]): string {
  const more = values.length - mostListed
  return `${values.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
