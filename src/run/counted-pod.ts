// What one pod has counted, and the targets that Prometheus has of it: the proxy beside its application, which is found
// as the pod, and the application itself once for each Service that selects the pod.
import type { PodIdentity } from '../metrics/dialects/dialect.js'
import { Exposition } from '../metrics/dialects/exposition.js'
import type { Cells } from '../world/cells.js'
import { Endpoint } from './endpoint.js'
import type { Observation } from './observation.js'
import { type Bins, type Taken, Tally } from './tally.js'
import { targetOf, type Workload } from './workload.js'

/** The application of a pod, as it is found through a Service. */
export interface Application {
  readonly exposition: Exposition
  /** Whether the Service selects the pod now. */
  isFound: boolean
}

/** Only part of some flights: kept from one to the next, as making one is costly. */
export class CountedPod {
  /** Undefined where nobody asks for what it tells. */
  readonly sidecar: Endpoint | undefined
  /** Since its container started. */
  readonly tally: Tally
  /** The same by the Service through which requests came: a proxy tells those apart. */
  private readonly ways = new Map<string, Tally>()
  private way: Tally | undefined
  private readonly known = new Map<string, Application>()
  /** Undefined until it has been looked for. */
  private services: readonly string[] | undefined
  private found: Application[] = []
  /** Those that were found at the scrape before, and are no more. */
  private left: Application[] = []

  constructor(
    readonly name: string,
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly bins: Bins,
    private readonly identity: PodIdentity,
  ) {
    this.tally = new Tally(bins, 0)
    const { exposure, watches } = observation
    if (watches.has('server')) {
      this.sidecar = new Endpoint(exposure, targetOf(workload, 'server', identity, workload.entryService))
    }
  }

  /** It begins to be counted, in a flight that knew nothing of it. */
  begin(): void {
    this.restart()
    this.services = undefined
    this.found = []
    this.left = []
    this.way = undefined
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
    const { sidecar, workload, identity } = this
    if (!sidecar) return
    let tally = this.ways.get(service)
    if (!tally) {
      tally = new Tally(this.bins, 0)
      this.ways.set(service, tally)
    }
    if (tally === this.way) return
    this.way = tally
    sidecar.tell(service, tally, () => targetOf(workload, 'server', identity, service))
  }

  /** The application, through each of the Services that select the pod now. */
  findThrough(services: readonly string[]): readonly Application[] {
    if (services === this.services) return this.found
    this.services = services
    const before = this.found
    for (const each of before) each.isFound = false
    this.found = services.map((service) => this.applicationBehind(service))
    for (const each of this.found) each.isFound = true
    for (const each of before) if (!each.isFound) this.left.push(each)
    return this.found
  }

  takeLeft(gone: Departed[]): void {
    if (this.left.length > 0) gone.push(...this.left.splice(0).map(departed))
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
    this.sidecar?.restart()
    this.forgetExposed()
  }

  /** What Prometheus knew of it is forgotten. */
  forgetExposed(): void {
    this.sidecar?.exposition.restart()
    for (const { exposition } of this.known.values()) exposition.restart()
  }

  /** Nobody will ask for it any more; whatever is still found in the store keeps its place there. */
  forget(): void {
    this.sidecar?.exposition.forget()
    for (const { exposition } of this.known.values()) exposition.forget()
  }

  private applicationBehind(service: string): Application {
    let application = this.known.get(service)
    if (!application) {
      const target = targetOf(this.workload, 'application', this.identity, service)
      const exposition = new Exposition(this.observation.exposure, target)
      exposition.add(target)
      application = { exposition, isFound: false }
      this.known.set(service, application)
    }
    return application
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
