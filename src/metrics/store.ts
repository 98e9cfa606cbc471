// The time series database: get or create series, append samples, select by matchers.

import { grown } from '../kernel/grown.js'
import { type Labels, LabelTable, METRIC_NAME } from './labels.js'
import { type Matcher, matchesAll } from './matcher.js'
import { Series } from './series.js'

/**
 * Samples become visible by being appended: what is scraped at t and stored late is appended late, with timestamp t.
 * Cleared and filled again for each run, it keeps its label sets, arrays and what each selector matched.
 */
export class Store {
  /** Goes up whenever a series appears, so that holders of a selection know when to ask again. */
  generation = 0
  /** How far back any reader looks; older samples may be dropped. */
  retentionMs = Number.POSITIVE_INFINITY
  readonly labels = new LabelTable()
  readonly #pool = new Map<Labels, Series>()
  readonly #listedByName = new Map<string, Series[]>()
  readonly #selections = new WeakMap<readonly Matcher[], Selection>()
  #listed: Series[] = []
  #epoch = 0
  #freeIds: number[] = []
  /** At so many listed series those are looked for that have ended long ago. */
  #sweepAt = LEAST_SWEPT

  /** The series with these labels. It is selected only from its first sample on. */
  series(labels: Labels): Series {
    let series = this.#pool.get(labels)
    if (series === undefined) {
      series = new Series(labels, this.#freeIds.pop() ?? this.#pool.size)
      this.#pool.set(labels, series)
    }
    return series
  }

  append(series: Series, timeMs: number, value: number): boolean {
    if (!series.listed) this.#list(series, timeMs)
    return series.append(timeMs, value, false, this.retentionMs)
  }

  /** The target no longer exposes the series: instant selectors stop seeing it at once. */
  stale(series: Series, timeMs: number): boolean {
    return series.listed && series.append(timeMs, Number.NaN, true, this.retentionMs)
  }

  /** In order of appearance, which is the order in which a Prometheus head block answers. */
  select(matchers: readonly Matcher[]): readonly Series[] {
    let selection = this.#selections.get(matchers)
    if (selection === undefined) {
      selection = new Selection(matchers)
      this.#selections.set(matchers, selection)
    }
    const { name } = selection
    selection.extend(name === undefined ? this.#listed : (this.#listedByName.get(name) ?? []), this.#epoch)
    return selection.series
  }

  /** Its exporter will never come back, and nobody finds it any more: the next series may have its place. */
  forget(series: Series): void {
    if (series.listed || this.#pool.get(series.labels) !== series) return
    this.#pool.delete(series.labels)
    this.labels.forget(series.labels)
    this.#freeIds.push(series.id)
  }

  /** How many series are found, by those who look for any. */
  get listedSeriesCount(): number {
    return this.#listed.length
  }

  /** How many series it keeps arrays for, of this run and of earlier ones. */
  get pooledSeriesCount(): number {
    return this.#pool.size
  }

  /** Samples kept of this run. */
  get sampleCount(): number {
    return this.#listed.reduce((sum, { from, to }) => sum + to - from, 0)
  }

  /** Forgets all samples. Series held by callers stay valid and come back with their next sample. */
  clear(): void {
    for (const series of this.#listed) series.clear()
    this.#listed = []
    this.#sweepAt = LEAST_SWEPT
    this.#listedByName.clear()
    this.#epoch += 1
    this.generation += 1
  }

  #list(series: Series, timeMs: number): void {
    if (this.#listed.length >= this.#sweepAt) this.#sweep(timeMs - this.retentionMs)
    series.listed = true
    this.#listed.push(series)
    const name = series.labels.get(METRIC_NAME)
    const sameName = this.#listedByName.get(name)
    if (sameName === undefined) this.#listedByName.set(name, [series])
    else sameName.push(series)
    this.generation += 1
  }

  /** Series whose last sample no window reaches are as good as never there; done at each doubling, it costs little. */
  #sweep(oldestMs: number): void {
    const kept: Series[] = []
    for (const series of this.#listed) {
      if (series.endedBefore(oldestMs)) series.clear()
      else kept.push(series)
    }
    this.#sweepAt = Math.max(LEAST_SWEPT, 2 * kept.length)
    if (kept.length === this.#listed.length) return
    this.#listed = kept
    for (const [name, series] of this.#listedByName) {
      this.#listedByName.set(
        name,
        series.filter(({ listed }) => listed),
      )
    }
    this.#epoch += 1
    this.generation += 1
  }
}

/** So few series cost nobody anything. */
const LEAST_SWEPT = 256

const UNKNOWN = 0
const MATCHES = 1
const DIFFERS = 2

/** What one selector matched so far; only series it has never met cost an evaluation of its matchers. */
class Selection {
  readonly name: string | undefined
  series: Series[] = []
  #examined = 0
  #epoch = 0
  #verdicts = new Uint8Array(64)
  /** Whom a verdict is about: an id may have been given to another series since. */
  readonly #met: Series[] = []

  constructor(readonly matchers: readonly Matcher[]) {
    this.name = matchers.find((matcher) => matcher.label === METRIC_NAME && matcher.type === '=')?.value
  }

  extend(candidates: readonly Series[], epoch: number): void {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch
      this.#examined = 0
      this.series = []
    }
    for (; this.#examined < candidates.length; this.#examined++) {
      const series = candidates[this.#examined]!
      if (this.#verdict(series) === MATCHES) this.series.push(series)
    }
  }

  #verdict(series: Series): number {
    if (series.id >= this.#verdicts.length) this.#verdicts = grown(this.#verdicts, new Uint8Array(2 * series.id))
    if (this.#verdicts[series.id] === UNKNOWN || this.#met[series.id] !== series) {
      this.#met[series.id] = series
      this.#verdicts[series.id] = matchesAll(this.matchers, series.labels) ? MATCHES : DIFFERS
    }
    return this.#verdicts[series.id]!
  }
}
