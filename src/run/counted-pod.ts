// What one pod has counted, and the targets that Prometheus has of it.
import type { PodIdentity } from '../metrics/dialects/dialect.js'
import type { Exposition } from '../metrics/dialects/exposition.js'
import type { Cells } from '../world/cells.js'
import type { Endpoint } from './endpoint.js'
import type { Observation } from './observation.js'
import { type Application, PodFace } from './pod-face.js'
import { type Bins, type Taken, Tally } from './tally.js'
import type { Workload } from './workload.js'

/** Only part of some flights: kept from one to the next, as making one is costly. */
export class CountedPod {
  /** Since its container started. */
  readonly tally: Tally
  /** The same by the Service through which requests came: a proxy tells those apart. */
  private readonly ways = new Map<string, Tally>()
  private way: Tally | undefined
  /** Those through which requests have come in this flight. */
  private readonly usedWays = new Set<string>()
  /** By the version as which it shows: mostly one. */
  private readonly faces: PodFace[] = []
  private face!: PodFace
  private shownAs = -1
  /** Undefined until it has been looked for. */
  private services: readonly string[] | undefined
  private found: Application[] = []
  /** What was found at the scrape before, and is no more. */
  private left: Departed[] = []

  constructor(
    readonly name: string,
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly bins: Bins,
  ) {
    this.tally = new Tally(bins, 0)
  }

  /** It begins to be counted, in a flight that knew nothing of it. */
  begin(version: number, identity: () => PodIdentity): void {
    this.restart()
    this.services = undefined
    this.found = []
    this.left = []
    this.way = undefined
    this.usedWays.clear()
    this.wear(version, identity)
  }

  get sidecar(): Endpoint | undefined {
    return this.face.sidecar
  }

  /** Its labels are those of this version: to Prometheus targets with others have gone. */
  showAs(version: number, identity: () => PodIdentity): void {
    if (version === this.shownAs) return
    const { face } = this
    this.wear(version, identity)
    if (face.sidecar) this.left.push({ exposition: face.sidecar.exposition, isBack: () => this.face === face })
    for (const each of this.found) {
      each.isFound = false
      this.left.push(departed(each))
    }
    this.found = []
    this.services = undefined
    for (const service of this.usedWays) this.tell(service, this.ways.get(service)!)
  }

  private wear(version: number, identity: () => PodIdentity): void {
    this.faces[version] ??= new PodFace(this.observation, this.workload, identity())
    this.face = this.faces[version]
    this.shownAs = version
  }

  /** A container that starts again has forgotten what it counted until now, and so has the proxy beside it. */
  restart(): void {
    this.tally.restart()
    for (const tally of this.ways.values()) tally.restart()
  }

  take(cells: Cells, cell: number, taken: Taken, takenByWay: Taken): void {
    taken.take(cells, cell, this.tally)
    if (this.way) takenByWay.take(cells, cell, this.way)
  }

  /** Requests come through this Service from now on. */
  route(service: string): void {
    if (!this.sidecar) return
    let tally = this.ways.get(service)
    if (!tally) {
      tally = new Tally(this.bins, 0)
      this.ways.set(service, tally)
    }
    if (tally === this.way) return
    this.way = tally
    this.usedWays.add(service)
    this.tell(service, tally)
  }

  private tell(service: string, tally: Tally): void {
    this.sidecar?.tell(service, tally, () => this.face.target(service))
  }

  /** The application, through each of the Services that select the pod now. */
  findThrough(services: readonly string[]): readonly Application[] {
    if (services === this.services) return this.found
    this.services = services
    const before = this.found
    for (const each of before) each.isFound = false
    this.found = services.map((service) => this.face.applicationBehind(service))
    for (const each of this.found) each.isFound = true
    for (const each of before) if (!each.isFound) this.left.push(departed(each))
    return this.found
  }

  takeLeft(gone: Departed[]): void {
    if (this.left.length > 0) gone.push(...this.left.splice(0))
  }

  /** The pod is gone, and every target with it. */
  takeAll(gone: Departed[]): void {
    this.takeLeft(gone)
    if (this.sidecar) gone.push({ exposition: this.sidecar.exposition, isBack: () => false })
    for (const each of this.found) {
      each.isFound = false
      gone.push(departed(each))
    }
  }

  /** A new flight begins: nothing is known of it. */
  reset(): void {
    for (const face of this.faces) face?.reset()
  }

  /** What Prometheus knew of it is forgotten. */
  forgetExposed(): void {
    for (const face of this.faces) face?.forgetExposed()
  }

  /** Nobody will ask for it any more; whatever is still found in the store keeps its place there. */
  forget(): void {
    for (const face of this.faces) face?.forget()
  }
}

/** A target that Prometheus has lost, unless it has come back since. */
export interface Departed {
  readonly exposition: Exposition
  readonly isBack: () => boolean
}

function departed(application: Application): Departed {
  return { exposition: application.exposition, isBack: () => application.isFound }
}
