// What Prometheus scrapes from one endpoint, scrape by scrape: a pod's own, a gateway's, a kubelet's.

import type { Store } from '../store.js'
import { type Family, isOfRequests, type Target, type UpFamily } from './dialect.js'
import type { Exposure } from './exposure.js'
import { Counter, Gauge, Histogram, type Instrument, type Sources, Up } from './instrument.js'

/**
 * An endpoint tells of one target or of many: a pod of itself, a gateway of every version behind each Service, the
 * cluster's exporter of all pods. Series appear with the first request they count, and not before: client libraries and
 * proxies create them then. A restarted container counts from zero again, without the series it has not counted
 * anything for yet.
 */
export class Exposition {
  readonly #store: Store
  readonly #targets: Target[] = []
  /** Indices of targets that were dropped. */
  readonly #free: number[] = []
  readonly #instruments: readonly Instrument[]
  /** One for each exporter: a pod with a sidecar has two. */
  readonly #ups: readonly Up[]

  /** `endpoint` is any target of it. */
  constructor(exposure: Exposure, endpoint: Target) {
    this.#store = exposure.store
    const own = exposure.families.filter(({ side }) => side === endpoint.side)
    const isUp = (family: Family): family is UpFamily => family.quantity === 'up'
    this.#instruments = own.flatMap((family) => (isUp(family) ? [] : [instrument(exposure, family, this.#targets)]))
    this.#ups = own.filter(isUp).map((family) => new Up(exposure, family, endpoint))
  }

  /** From now on it tells of this target, too; returns the target's index among the sources of a scrape. */
  add(target: Target): number {
    const index = this.#free.pop() ?? this.#targets.length
    this.#targets[index] = target
    return index
  }

  /** The target is gone for good, and its series have ended. */
  drop(index: number): void {
    for (const each of this.#instruments) each.drop(this.#store, index)
    this.#free.push(index)
  }

  /** A new run begins, on a cleared store: nothing has been exposed yet. */
  restart(): void {
    for (const each of this.#instruments) each.restart()
    for (const up of this.#ups) up.restart()
  }

  /** `timeMs` is the scrape's own timestamp; calling later than that is a delay in storing. */
  scrape(timeMs: number, sources: Sources): void {
    for (const each of this.#instruments) each.scrape(this.#store, timeMs, sources)
    for (const up of this.#ups) up.set(this.#store, timeMs, 1)
  }

  /** The endpoint is there and does not answer: all it exposed is stale. */
  fail(timeMs: number): void {
    for (const each of this.#instruments) each.end(this.#store, timeMs)
    for (const up of this.#ups) up.set(this.#store, timeMs, 0)
  }

  /** The endpoint is no longer scraped, its pod is gone: everything is stale from the time of the next scrape. */
  end(timeMs: number): void {
    for (const each of this.#instruments) each.end(this.#store, timeMs)
    for (const up of this.#ups) up.end(this.#store, timeMs)
  }

  /** Nobody will ask this exposition for anything any more. */
  forget(): void {
    for (const each of this.#instruments) each.forget(this.#store)
    for (const up of this.#ups) up.forget(this.#store)
  }
}

function instrument(exposure: Exposure, family: Exclude<Family, UpFamily>, targets: readonly Target[]): Instrument {
  if (!isOfRequests(family)) return new Gauge(exposure, family, targets)
  return family.quantity === 'latency'
    ? new Histogram(exposure, family, targets)
    : new Counter(exposure, family, targets)
}
