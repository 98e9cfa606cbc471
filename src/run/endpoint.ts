// A scraped endpoint that tells of many targets: a gateway of routes, a kubelet or the cluster's exporter of pods.
import type { Observed, Target } from '../metrics/dialects/dialect.js'
import { Exposition } from '../metrics/dialects/exposition.js'
import type { Exposure } from '../metrics/dialects/exposure.js'

/** Made once and reused from flight to flight, as targets of the same name come again. */
export class Endpoint {
  readonly exposition: Exposition
  private readonly indices = new Map<string, number>()
  /** By target; undefined for those that are gone. */
  readonly sources: (Observed | undefined)[] = []

  constructor(exposure: Exposure, endpoint: Target) {
    this.exposition = new Exposition(exposure, endpoint)
  }

  /** A new flight begins: nothing is known of any target. */
  restart(): void {
    this.forget()
    this.exposition.restart()
  }

  forget(): void {
    this.sources.fill(undefined)
  }

  /** From now on scrapes tell this of the target with this key. */
  tell(key: string, observed: Observed, target: () => Target): void {
    let index = this.indices.get(key)
    if (index === undefined) {
      index = this.exposition.add(target())
      this.indices.set(key, index)
    }
    this.sources[index] = observed
  }
}
