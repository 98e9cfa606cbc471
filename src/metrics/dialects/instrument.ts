// The series of one family at one scraped endpoint: created when first needed, ended with a staleness marker.

import { formatOpenMetricsFloat } from '../float.js'
import { METRIC_NAME } from '../labels.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import {
  type Family,
  type Observed,
  type RequestFamily,
  type StateFamily,
  type Target,
  type UpFamily,
  variantsOf,
} from './dialect.js'
import type { Exposure } from './exposure.js'

/** By target of the endpoint; undefined for those that are gone. */
export type Sources = readonly (Observed | undefined)[]

export interface Instrument {
  /** Forgets what was exposed, not which series there are: making those is what takes time. */
  restart(): void
  scrape(store: Store, timeMs: number, sources: Sources): void
  end(store: Store, timeMs: number): void
  /** Its endpoint is gone for good. */
  forget(store: Store): void
  /** A target is gone for good: another may take its place among the sources. */
  drop(store: Store, source: number): void
}

/** What part of a target a series tells of. */
interface Member {
  readonly source: number
  readonly variant: number
}

/** Series that come and go together: what all members have in common is their labels. */
interface Group {
  readonly series: readonly Series[]
  readonly members: Member[]
  exposed: boolean
}

/** Groups by labels: of each target and variant that there has been anything to tell of. */
abstract class Grouped<OwnFamily extends Family, Own extends Group> implements Instrument {
  readonly #groups = new Map<string, Own>()
  /** By target, then variant: whether it is in a group already, if anybody asks for that. */
  readonly #joined: boolean[] = []

  constructor(
    readonly exposure: Exposure,
    readonly family: OwnFamily,
    readonly targets: readonly Target[],
    readonly variants: readonly string[],
  ) {}

  protected abstract isTold(observed: Observed, variant: number, target: Target): boolean
  protected abstract create(labels: Readonly<Record<string, string>>): Own
  /** False when there is nothing to tell of any member. */
  protected abstract append(store: Store, timeMs: number, group: Own, sources: Sources): boolean

  scrape(store: Store, timeMs: number, sources: Sources): void {
    const { variants } = this
    for (let source = 0; source < sources.length; source++) {
      const observed = sources[source]
      if (observed === undefined) continue
      for (let variant = 0; variant < variants.length; variant++) {
        if (this.#joined[source * variants.length + variant]) continue
        if (this.isTold(observed, variant, this.targets[source]!)) this.#join(source, variant)
      }
    }
    for (const group of this.#groups.values()) {
      if (this.append(store, timeMs, group, sources)) group.exposed = true
      else if (group.exposed) endGroup(store, timeMs, group)
    }
  }

  restart(): void {
    for (const group of this.#groups.values()) group.exposed = false
  }

  end(store: Store, timeMs: number): void {
    for (const group of this.#groups.values()) {
      if (group.exposed) endGroup(store, timeMs, group)
    }
  }

  forget(store: Store): void {
    for (const { series } of this.#groups.values()) for (const each of series) store.forget(each)
  }

  drop(store: Store, source: number): void {
    const { length } = this.variants
    this.#joined.fill(false, source * length, (source + 1) * length)
    for (const [key, { members, series }] of this.#groups) {
      const left = members.filter((member) => member.source !== source)
      if (left.length === members.length) continue
      members.splice(0, members.length, ...left)
      if (left.length > 0) continue
      this.#groups.delete(key)
      for (const each of series) store.forget(each)
    }
  }

  #join(source: number, variant: number): void {
    const labels = this.family.labels(this.targets[source]!, this.variants[variant]!)
    const key = JSON.stringify(
      Object.entries(labels)
        .filter(([, value]) => value !== '')
        .sort(),
    )
    let group = this.#groups.get(key)
    this.#joined[source * this.variants.length + variant] = true
    if (group === undefined) {
      group = this.create(labels)
      // What nobody asks for is never told.
      if (group.series.length === 0) return
      this.#groups.set(key, group)
    }
    group.members.push({ source, variant })
  }
}

/** Client libraries and proxies create most series with the first request they count, and not before. */
abstract class OfRequests<Own extends Group> extends Grouped<RequestFamily, Own> {
  constructor(exposure: Exposure, family: RequestFamily, targets: readonly Target[]) {
    super(exposure, family, targets, exposure.codes)
  }

  protected override isTold({ requests }: Observed, code: number, target: Target): boolean {
    const { takes, isThereFromStart } = this.family
    if (!(requests[code]! > 0) && isThereFromStart !== true) return false
    return takes === undefined || takes(this.variants[code]!, target)
  }

  /** -1 when there is nothing to tell: a count of zero after a restart is no series either. */
  protected requestsOf({ members }: Group, sources: Sources): number {
    let total = 0
    let isThere = false
    for (let i = 0; i < members.length; i++) {
      const { source, variant } = members[i]!
      const observed = sources[source]
      if (observed === undefined) continue
      isThere = true
      total += observed.requests[variant]!
    }
    return total > 0 || (isThere && this.family.isThereFromStart === true) ? total : -1
  }
}

export class Counter extends OfRequests<Group> {
  protected override create(labels: Readonly<Record<string, string>>): Group {
    const series = this.exposure.wanted({ ...labels, [METRIC_NAME]: this.family.name })
    return { series: series === undefined ? [] : [series], members: [], exposed: false }
  }

  protected override append(store: Store, timeMs: number, group: Group, sources: Sources): boolean {
    const requests = this.requestsOf(group, sources)
    if (requests < 0) return false
    const { share, adds = 1 } = this.family
    const counted = share === undefined ? requests : Math.floor(requests * share)
    store.append(group.series[0]!, timeMs, counted * adds)
    return true
  }
}

interface HistogramGroup extends Group {
  readonly buckets: readonly Bucket[]
  readonly sum: Series | undefined
  readonly count: Series | undefined
}

interface Bucket {
  readonly series: Series
  /** How many of the world's latency bins are at or below the bound. */
  readonly bins: number
}

export class Histogram extends OfRequests<HistogramGroup> {
  protected override create(labels: Readonly<Record<string, string>>): HistogramGroup {
    const { exposure, family } = this
    const named = (suffix: string, more = {}) =>
      exposure.wanted({ ...labels, ...more, [METRIC_NAME]: `${family.name}${suffix}` })
    const buckets: Bucket[] = []
    for (const bound of [...(family.bounds ?? []), Number.POSITIVE_INFINITY]) {
      // Prometheus 3 normalises `le` as it scrapes: 1 becomes 1.0.
      const series = named('_bucket', { le: formatOpenMetricsFloat(bound) })
      const boundMs = bound * (family.unitMs ?? 1)
      // The bin above all bounds is in +Inf alone.
      const bins = [...exposure.latencyBoundsMs, Number.POSITIVE_INFINITY].filter((each) => each <= boundMs).length
      if (series !== undefined) buckets.push({ series, bins })
    }
    const [sum, count] = [named('_sum'), named('_count')]
    const series = [...buckets.map((bucket) => bucket.series), sum, count].filter((each) => each !== undefined)
    return { series, members: [], buckets, sum, count, exposed: false }
  }

  protected override append(store: Store, timeMs: number, group: HistogramGroup, sources: Sources): boolean {
    const requests = this.requestsOf(group, sources)
    if (requests < 0) return false
    const { buckets, sum, count } = group
    let bin = 0
    let below = 0
    for (let i = 0; i < buckets.length; i++) {
      const { series, bins } = buckets[i]!
      for (; bin < bins; bin++) below += this.#inBin(group, sources, bin)
      store.append(series, timeMs, below)
    }
    if (sum !== undefined) store.append(sum, timeMs, this.#sumMs(group, sources) / (this.family.unitMs ?? 1))
    if (count !== undefined) store.append(count, timeMs, requests)
    return true
  }

  #inBin({ members }: Group, sources: Sources, bin: number): number {
    const bins = this.exposure.latencyBoundsMs.length + 1
    let total = 0
    for (let i = 0; i < members.length; i++) {
      const { source, variant } = members[i]!
      total += sources[source]?.latencyBins[variant * bins + bin] ?? 0
    }
    return total
  }

  #sumMs({ members }: Group, sources: Sources): number {
    return members.reduce((sum, { source, variant }) => sum + (sources[source]?.latencySumsMs[variant] ?? 0), 0)
  }
}

/** What the pods or sets of pods at the endpoint are. */
export class Gauge extends Grouped<StateFamily, Group> {
  constructor(exposure: Exposure, family: StateFamily, targets: readonly Target[]) {
    super(exposure, family, targets, variantsOf(family, exposure.codes))
  }

  protected override isTold(observed: Observed, variant: number, target: Target): boolean {
    return !Number.isNaN(this.family.value(observed, this.variants[variant]!, target))
  }

  protected override create(labels: Readonly<Record<string, string>>): Group {
    const series = this.exposure.wanted({ ...labels, [METRIC_NAME]: this.family.name })
    return { series: series === undefined ? [] : [series], members: [], exposed: false }
  }

  protected override append(store: Store, timeMs: number, { series, members }: Group, sources: Sources): boolean {
    let total = Number.NaN
    for (const { source, variant } of members) {
      const observed = sources[source]
      if (observed === undefined) continue
      const value = this.family.value(observed, this.variants[variant]!, this.targets[source]!)
      if (!Number.isNaN(value)) total = Number.isNaN(total) ? value : total + value
    }
    if (Number.isNaN(total)) return false
    for (const each of series) store.append(each, timeMs, total)
    return true
  }
}

/** Whether the endpoint answers: what the scraper itself adds. */
export class Up {
  readonly #series: Series | undefined
  #exposed = false

  constructor(exposure: Exposure, { name, labels }: UpFamily, target: Target) {
    this.#series = exposure.wanted({ ...labels(target, ''), [METRIC_NAME]: name })
  }

  set(store: Store, timeMs: number, value: 0 | 1): void {
    this.#exposed = true
    if (this.#series !== undefined) store.append(this.#series, timeMs, value)
  }

  restart(): void {
    this.#exposed = false
  }

  end(store: Store, timeMs: number): void {
    if (this.#exposed && this.#series !== undefined) store.stale(this.#series, timeMs)
    this.#exposed = false
  }

  forget(store: Store): void {
    if (this.#series !== undefined) store.forget(this.#series)
  }
}

function endGroup(store: Store, timeMs: number, group: Group): void {
  group.exposed = false
  for (const series of group.series) store.stale(series, timeMs)
}
