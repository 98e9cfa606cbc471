// What an endpoint in front of the versions counts: the requests of each, by the Service through which they reach it.
import type { Observed } from '../metrics/dialects/dialect.js'
import type { TargetKind } from '../scenario/scrape.js'
import type { Cells } from '../world/cells.js'
import type { Endpoint } from './endpoint.js'
import { type Bins, Taken, Tally } from './tally.js'
import { identityOf, targetOf, type Workload } from './workload.js'

export class CountedRoutes {
  private readonly tallies = new Map<string, Tally>()
  private readonly kinds = new Map<Observed, TargetKind>()
  /** By version, where it is counted now. */
  private readonly counted: (Tally | undefined)[]
  private readonly taken = new Taken()

  constructor(
    readonly endpoint: Endpoint,
    private readonly side: 'client' | 'world',
    private readonly workload: Workload,
    private readonly bins: Bins,
    private readonly startTimeMs: number,
    /** Through which Service requests reach a version. */
    private readonly entryOf: (version: number) => string,
    /** As which version it shows. */
    private readonly shownAs: (version: number) => number,
  ) {
    this.counted = workload.pods.map(() => undefined)
  }

  reset(): void {
    for (const tally of this.tallies.values()) tally.restart()
    this.endpoint.restart()
    this.taken.reset()
    this.changed()
  }

  /** Requests come through other Services, or show as others, from now on. */
  changed(): void {
    this.counted.fill(undefined)
  }

  count(cells: Cells): void {
    for (let version = 0; version < this.counted.length; version++) {
      const tally = this.countedAt(version)
      for (const cell of cells.cellsOf(version)) this.taken.take(cells, cell, tally)
    }
  }

  /** Whose requests it counts. */
  kindOf(observed: Observed): TargetKind {
    return this.kinds.get(observed)!
  }

  private countedAt(version: number): Tally {
    const known = this.counted[version]
    if (known) return known
    const shown = this.shownAs(version)
    const tally = this.through(shown, this.entryOf(shown))
    this.counted[version] = tally
    return tally
  }

  private through(version: number, service: string): Tally {
    const { workload, endpoint, side } = this
    const key = `${version} ${service}`
    let tally = this.tallies.get(key)
    if (!tally) {
      tally = new Tally(this.bins, this.startTimeMs)
      this.tallies.set(key, tally)
      this.kinds.set(tally, workload.pods[version]!.kind)
    }
    endpoint.tell(key, tally, () =>
      targetOf(workload, side, identityOf(workload, version, `${workload.name}-0`, 0), service),
    )
    return tally
  }
}
