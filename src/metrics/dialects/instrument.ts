// The series of one family on one target: created when first needed, ended with a staleness marker.

import { formatOpenMetricsFloat } from '../float.js'
import { METRIC_NAME } from '../labels.js'
import type { Series } from '../series.js'
import type { Store } from '../store.js'
import type { Family, Observed, Target } from './dialect.js'
import type { Exposure } from './exposure.js'

export interface Instrument {
  /** Forgets what was exposed, not which series there are: making those is what takes time. */
  restart(): void
  scrape(store: Store, timeMs: number, observed: Observed): void
  end(store: Store, timeMs: number): void
}

/** Series that come and go together: those of one response code. */
interface Group {
  readonly series: readonly Series[]
  exposed: boolean
}

/** By response code, groups that exist from the first request with that code on. */
abstract class ByCode<Own extends Group> implements Instrument {
  readonly #groups: (Own | undefined)[] = []

  constructor(
    readonly exposure: Exposure,
    readonly family: Family,
    readonly target: Target,
  ) {}

  protected abstract create(labels: Readonly<Record<string, string>>): Own
  protected abstract append(store: Store, timeMs: number, group: Own, observed: Observed, code: number): void

  scrape(store: Store, timeMs: number, observed: Observed): void {
    const { codes } = this.exposure
    for (let code = 0; code < codes.length; code++) {
      let group = this.#groups[code]
      // A count of zero after a restart is no series either.
      if (!(observed.requests[code]! > 0)) {
        if (group?.exposed) endGroup(store, timeMs, group)
        continue
      }
      if (group === undefined) {
        group = this.create(this.family.labels(this.target, codes[code]!))
        this.#groups[code] = group
      }
      group.exposed = true
      this.append(store, timeMs, group, observed, code)
    }
  }

  restart(): void {
    for (const group of this.#groups) {
      if (group !== undefined) group.exposed = false
    }
  }

  end(store: Store, timeMs: number): void {
    for (const group of this.#groups) {
      if (group?.exposed) endGroup(store, timeMs, group)
    }
  }
}

export class Counter extends ByCode<Group> {
  protected override create(labels: Readonly<Record<string, string>>): Group {
    const series = this.exposure.wanted({ ...labels, [METRIC_NAME]: this.family.name })
    return { series: series === undefined ? [] : [series], exposed: false }
  }

  protected override append(store: Store, timeMs: number, { series }: Group, observed: Observed, code: number): void {
    if (series.length > 0) store.append(series[0]!, timeMs, observed.requests[code]!)
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

export class Histogram extends ByCode<HistogramGroup> {
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
    return { series, buckets, sum, count, exposed: false }
  }

  protected override append(
    store: Store,
    timeMs: number,
    group: HistogramGroup,
    observed: Observed,
    code: number,
  ): void {
    const { buckets, sum, count } = group
    const first = code * (this.exposure.latencyBoundsMs.length + 1)
    let bin = 0
    let below = 0
    for (let i = 0; i < buckets.length; i++) {
      const { series, bins } = buckets[i]!
      for (; bin < bins; bin++) below += observed.latencyBins[first + bin]!
      store.append(series, timeMs, below)
    }
    if (sum !== undefined) store.append(sum, timeMs, observed.latencySumsMs[code]! / (this.family.unitMs ?? 1))
    if (count !== undefined) store.append(count, timeMs, observed.requests[code]!)
  }
}

/** A value the target always has: `up`, the start time. */
export class Gauge implements Instrument {
  readonly #group: Group
  readonly #unitMs: number

  constructor(exposure: Exposure, family: Family, target: Target) {
    const series = exposure.wanted({ ...family.labels(target, ''), [METRIC_NAME]: family.name })
    this.#group = { series: series === undefined ? [] : [series], exposed: false }
    this.#unitMs = family.unitMs ?? 1
  }

  scrape(store: Store, timeMs: number, observed: Observed): void {
    this.set(store, timeMs, observed.startTimeMs / this.#unitMs)
  }

  set(store: Store, timeMs: number, value: number): void {
    this.#group.exposed = true
    for (const series of this.#group.series) store.append(series, timeMs, value)
  }

  restart(): void {
    this.#group.exposed = false
  }

  end(store: Store, timeMs: number): void {
    if (this.#group.exposed) endGroup(store, timeMs, this.#group)
  }
}

function endGroup(store: Store, timeMs: number, group: Group): void {
  group.exposed = false
  for (const series of group.series) store.stale(series, timeMs)
}
