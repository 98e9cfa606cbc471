// What queries can see of a flight, as far as it can be told beforehand: the series that there may be, with their labels.
import { type Family, isOfRequests, variantsOf } from '../../metrics/dialects/dialect.js'
import { exposedNames, rejecting } from '../../metrics/dialects/exposure.js'
import { formatOpenMetricsFloat } from '../../metrics/float.js'
import { METRIC_NAME } from '../../metrics/labels.js'
import type { Matcher } from '../../metrics/matcher.js'
import { identityOf, targetOf, type Workload } from '../workload.js'

/** A series, or all buckets of a histogram. */
export interface Seeable {
  /** Without `le`, where there are bounds. */
  readonly labels: Readonly<Record<string, string>>
  /** Values of `le`, of buckets. */
  readonly bounds: readonly string[] | undefined
  /** Labels whose values nobody knows beforehand: they may be any. */
  readonly unknown: ReadonlySet<string>
}

/** A series of one stack of pods, or all buckets of a histogram of it; of pods, that of any one stands for all. */
export interface Sight extends Seeable {
  readonly dialect: string
  readonly family: Family
  readonly stack: number
  readonly service: string
  /** Whether requests come that way while the release is under way, and not only after it. */
  readonly isMeanwhile: boolean
  /** Of a series. */
  readonly name: string
}

/** A Service through which requests come to a stack of pods. */
export type Way = Pick<Sight, 'service' | 'isMeanwhile'>

export function sightsOn(dialect: string, family: Family, workload: Workload, stack: number, way: Way): Sight[] {
  const { replicaSet } = identityOf(workload, stack, '', 0)
  const targetAt = (name: string, id: number) =>
    targetOf(workload, family.side, identityOf(workload, stack, name, id), way.service)
  const [target, another] = [targetAt(`${replicaSet}-p1`, 0), targetAt('another', 1)]
  return variantsOf(family, workload.codes).flatMap((variant) => {
    const labels = family.labels(target, variant)
    const unknown = differing(labels, family.labels(another, variant))
    return exposedNames(family).map((name) => ({
      dialect,
      family,
      stack,
      ...way,
      name,
      labels: { ...labels, [METRIC_NAME]: name },
      unknown,
      bounds: family.quantity === 'latency' && name.endsWith('_bucket') ? boundsOf(family) : undefined,
    }))
  })
}

/** What tells one pod from another. */
function differing(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  return new Set(Object.keys(one).filter((label) => one[label] !== other[label]))
}

function boundsOf(family: Family): readonly string[] {
  const { bounds = [] } = isOfRequests(family) ? family : {}
  return [...bounds, Number.POSITIVE_INFINITY].map(formatOpenMetricsFloat)
}

/** Whether all of the matchers take a series with the very labels it has, those included that stand for others. */
function seesAsIs(matchers: readonly Matcher[], { labels, bounds }: Seeable): boolean {
  return matchers.every((matcher) => takes(matcher, { labels, bounds, unknown: noLabels }))
}

const noLabels: ReadonlySet<string> = new Set()

/** Names of pods begin with that of their ReplicaSet: where that decides, it does. */
export function seenBy(matchers: readonly Matcher[], sights: readonly Sight[]): readonly Sight[] {
  const asIs = sights.filter((sight) => seesAsIs(matchers, sight))
  return asIs.length > 0 ? asIs : sights.filter((sight) => sees(matchers, sight))
}

/** Whether all of the matchers take a series, as far as can be told. */
export function sees(matchers: readonly Matcher[], seeable: Seeable): boolean {
  return matchers.every((matcher) => takes(matcher, seeable))
}

export function takes(matcher: Matcher, { labels, bounds, unknown }: Seeable): boolean {
  if (unknown.has(matcher.label) && labels[matcher.label] !== undefined) return true
  if (matcher.label !== 'le' || bounds === undefined) return rejecting([matcher], labels) === undefined
  return bounds.some((le) => rejecting([matcher], { le }) === undefined)
}
