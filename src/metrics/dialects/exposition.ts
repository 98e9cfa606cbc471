// What Prometheus scrapes from one target, scrape by scrape.

import type { Store } from '../store.js'
import type { Family, Observed, Target } from './dialect.js'
import type { Exposure } from './exposure.js'
import { Counter, Gauge, Histogram, type Instrument } from './instrument.js'

/**
 * Series appear with the first request they count, and not before: client libraries and proxies create them then.
 * A restarted container counts from zero again, without the series it has not counted anything for yet.
 */
export class Exposition {
  readonly #store: Store
  readonly #instruments: readonly Instrument[]
  /** One for each exporter: a pod with a sidecar has two. */
  readonly #ups: readonly Gauge[]

  constructor(exposure: Exposure, target: Target) {
    this.#store = exposure.store
    const own = exposure.families.filter(({ side }) => side === undefined || side === target.side)
    const counted = own.filter(({ quantity }) => quantity !== 'up')
    this.#instruments = counted.map((family) => instrument(exposure, family, target))
    this.#ups = own.filter((family) => !counted.includes(family)).map((family) => new Gauge(exposure, family, target))
  }

  /** A new run begins, on a cleared store: the target has exposed nothing yet. */
  restart(): void {
    for (const each of this.#instruments) each.restart()
    for (const up of this.#ups) up.restart()
  }

  /** `timeMs` is the scrape's own timestamp; calling later than that is a delay in storing. */
  scrape(timeMs: number, observed: Observed): void {
    for (const each of this.#instruments) each.scrape(this.#store, timeMs, observed)
    for (const up of this.#ups) up.set(this.#store, timeMs, 1)
  }

  /** The target is there and does not answer: all it exposed is stale. */
  fail(timeMs: number): void {
    for (const each of this.#instruments) each.end(this.#store, timeMs)
    for (const up of this.#ups) up.set(this.#store, timeMs, 0)
  }

  /** The target is no longer scraped, its pod is gone: everything is stale from the time of the next scrape. */
  end(timeMs: number): void {
    for (const each of this.#instruments) each.end(this.#store, timeMs)
    for (const up of this.#ups) up.end(this.#store, timeMs)
  }
}

function instrument(exposure: Exposure, family: Family, target: Target): Instrument {
  if (family.quantity === 'latency') return new Histogram(exposure, family, target)
  return family.quantity === 'requests' ? new Counter(exposure, family, target) : new Gauge(exposure, family, target)
}
