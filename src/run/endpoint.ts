// A scraped endpoint that tells of many targets: a gateway of routes, a kubelet or the cluster's exporter of pods.
import type { Observed, Target } from '../metrics/dialects/dialect.js'
import { Exposition } from '../metrics/dialects/exposition.js'
import type { Exposure } from '../metrics/dialects/exposure.js'
import type { TargetKind } from '../scenario/scrape.js'

/** Of targets that are gone so many are remembered, for the next flight has them again. */
const mostKept = 1000

/** Made once and reused from flight to flight, as targets of the same name come again. */
export class Endpoint {
  readonly exposition: Exposition
  private readonly indices = new Map<string, number>()
  /** Of how many targets the last scrape tells. */
  private told = 0
  /** By target; undefined for those that are gone. */
  readonly sources: (Observed | undefined)[] = []

  constructor(
    exposure: Exposure,
    endpoint: Target,
    /** Whose it is, where that is one of the targets. */
    readonly of?: TargetKind,
  ) {
    this.exposition = new Exposition(exposure, endpoint)
  }

  /** A new flight begins: nothing is known of any target. */
  restart(): void {
    this.forget()
    this.exposition.restart()
  }

  forget(): void {
    if (this.indices.size >= this.told + 2 * mostKept) this.dropGone()
    this.sources.fill(undefined)
    this.told = 0
  }

  /** From now on scrapes tell this of the target with this key. */
  tell(key: string, observed: Observed, target: () => Target): void {
    let index = this.indices.get(key)
    if (index === undefined) {
      index = this.exposition.add(target())
      this.indices.set(key, index)
    }
    this.sources[index] = observed
    this.told++
  }

  /** Those of the last scrape that are not there any more may still have to be stored: the oldest go. */
  private dropGone(): void {
    let left = mostKept
    for (const [key, index] of this.indices) {
      if (left === 0) return
      if (this.sources[index] !== undefined) continue
      this.exposition.drop(index)
      this.indices.delete(key)
      left--
    }
  }
}
