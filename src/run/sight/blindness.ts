// Why a selector sees nothing of a flight, and what was probably meant.
import type { Dialect } from '../../metrics/dialects/dialect.js'
import { exposedNames } from '../../metrics/dialects/exposure.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import { formatMatcher, type Matcher } from '../../metrics/matcher.js'
import { isPartOf, nearestFirst, nearName } from '../../scenario/near-name.js'
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
  if (named.length === 0) {
    const missing = missingMetric(name, dialects, new Set([...namesOf(dialects), ...recorded]))
    return missing ?? (isComplete ? ofOthers(name, dialects) : undefined)
  }
  return isComplete ? refusalOf(name, matchers, named) : undefined
}

/** There is such a metric, but only of objects of a kind that the policy doesn't have. */
function ofOthers(name: string, dialects: readonly Dialect[]): Blindness | undefined {
  const family = dialects.flatMap(({ families }) => families).find((each) => exposedNames(each).includes(name))
  if (family?.quantity !== 'state' || family.onlyOf === undefined) return undefined
  const message = `no series of ${name}: it tells of ${family.onlyOf}s, and no ${family.onlyOf} is among the manifests`
  return { message, hint: 'Pods and ReplicaSets of a Rollout are in kube_pod_… and kube_replicaset_….' }
}

/** Which matchers are to blame that none of these is taken, though they have the name. */
export function refusalOf(name: string, matchers: readonly Matcher[], named: readonly Seeable[]): Blindness {
  const others = matchers.filter((matcher) => !isOfName(matcher))
  const besides = (matcher: Matcher) => {
    const rest = others.filter((other) => other !== matcher)
    return named.filter((sight) => sees(rest, sight))
  }
  // The one that alone stands in the way; if it takes several to do that, those that refuse everything, or any.
  const alone = others.find((matcher) => besides(matcher).length > 0)
  if (alone !== undefined) return refused(name, [alone], besides(alone), named)
  const refusing = others.filter((matcher) => !named.some((sight) => takes(matcher, sight)))
  return refused(name, refusing.length > 0 ? refusing : others.slice(0, 1), named, named)
}

function isOfName({ label }: Matcher): boolean {
  return label === METRIC_NAME
}

/** What the series have that all other matchers take. */
function refused(
  name: string,
  guilty: readonly Matcher[],
  sights: readonly Seeable[],
  named: readonly Seeable[],
): Blindness {
  return {
    message: `no series of ${name} has ${guilty.map(formatMatcher).join(', none has ')}`,
    hint: guilty.map((matcher) => refusalHint(matcher, sights, named)).join(' '),
  }
}

function refusalHint(matcher: Matcher, sights: readonly Seeable[], named: readonly Seeable[]): string {
  const { label, value } = matcher
  const values = unique(
    sights.flatMap(({ labels, bounds }) => (label === 'le' ? (bounds ?? []) : [labels[label] ?? ''])),
  ).filter((each) => each !== '')
  if (values.length === 0) return `None has a label ${label}. ${likelyLabel(label, labelsOf(sights))}`
  if (label === 'le') return `Buckets near it end at ${boundsAround(Number(value), values).join(' and ')}.`
  // Of names that are counted through, another number is another thing.
  const near = nearName(
    value,
    values.filter((each) => withoutDigits(each) !== withoutDigits(value)),
  )
  const meant = near === undefined ? elsewhere(matcher, named) : ` Did you mean ${JSON.stringify(near)}?`
  return `Of ${label} there ${values.length === 1 ? 'is' : 'are'} ${listed(nearestFirst(value, values))}.${meant}`
}

/** Another label may tell what this one doesn't. */
function elsewhere({ label, type, value }: Matcher, named: readonly Seeable[]): string {
  const holding = named.flatMap(({ labels }) =>
    Object.entries(labels).filter(
      ([each, text]) =>
        type === '=' && each !== label && each !== METRIC_NAME && value.length > 2 && text.includes(value),
    ),
  )
  const shortest = Math.min(...holding.map(([, text]) => text.length))
  const found = holding.find(([, text]) => text.length === shortest)
  return found === undefined ? '' : ` Did you mean ${found[0]}=${JSON.stringify(found[1])}?`
}

function withoutDigits(value: string): string {
  return value.replace(/\d/g, '')
}

/** What somebody probably meant by a label that these don't have. */
function likelyLabel(label: string, known: readonly string[]): string {
  const near = nearName(label, known) ?? known.find((each) => isPartOf(label, each))
  if (near !== undefined) return `Did you mean ${near}?`
  return known.length === 0 ? 'They have none at all.' : `There are ${listed(nearestFirst(label, known))}.`
}

/** Those that any of them has, but for the name. */
function labelsOf(sights: readonly Seeable[]): readonly string[] {
  const written = sights.flatMap(({ labels }) => Object.keys(labels).filter((label) => labels[label] !== ''))
  const ofBuckets = sights.some(({ bounds }) => bounds !== undefined) ? ['le'] : []
  return unique([...written, ...ofBuckets]).filter((label) => label !== METRIC_NAME)
}

/**
 * Of matchers that take a series without the label: those of a label that no series of the metric has, so that they
 * exclude nothing, mostly because it is misspelt.
 */
export function idleMatchers(
  matchers: readonly Matcher[],
  { sights: { all, isComplete }, recorded }: Visible,
): readonly Blindness[] {
  const name = matchers.find((matcher) => isOfName(matcher) && matcher.type === '=')?.value
  if (name === undefined || !isComplete || recorded.has(name)) return []
  const named = all.filter((sight) => sight.name === name)
  return named.length === 0 ? [] : idleOf(name, matchers, named)
}

/** Where all series are known that have the name. */
export function idleOf(name: string, matchers: readonly Matcher[], named: readonly Seeable[]): readonly Blindness[] {
  const known = labelsOf(named)
  return matchers
    .filter((matcher) => !isOfName(matcher) && matcher.accepts('') && !known.includes(matcher.label))
    .map((matcher) => ({
      message: `no series of ${name} has the label ${matcher.label}: ${formatMatcher(matcher)} excludes nothing`,
      hint: likelyLabel(matcher.label, known),
    }))
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
