// Pods as targets: what each has counted since its container started, and what a scrape finds of it.
import type { Exposition } from '../metrics/dialects/exposition.js'
import type { Sources } from '../metrics/dialects/instrument.js'
import type { TargetKind } from '../scenario/scrape.js'
import type { Cells } from '../world/cells.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import { CountedPod, type Departed } from './counted-pod.js'
import { Discovery } from './discovery.js'
import type { Observation } from './observation.js'
import { type Pipeline, shownAs } from './pipeline.js'
import { type Bins, Taken, type Tally } from './tally.js'
import { identityOfPod, type Workload } from './workload.js'

export type VersionOf = (replicaSet: ReplicaSet) => number

/** What a scrape finds at an endpoint: the counts of its targets, or nothing because it doesn't answer. */
export interface Found {
  readonly exposition: Exposition
  readonly sources: Sources | undefined
  /** Whose they are, where more than the exporter itself may come in between. */
  readonly of?: TargetKind | undefined
}

/** So many pods that are gone are kept for the next flight, which may have pods of the same names. */
const mostKept = 1000

export class CountedPods {
  /** By name, which says version and ordinal. */
  private readonly known = new Map<string, CountedPod>()
  private readonly present = new Map<Pod, CountedPod>()
  /** Those that are gone in this flight, the first ones first; the others have been forgotten. */
  private gone: CountedPod[] = []
  private readonly taken = new Taken()
  private readonly takenByWay = new Taken()
  private readonly discovery: Discovery
  private readonly findsApplications: boolean

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly cells: Cells,
    private readonly bins: Bins,
    /** Through which Service requests reach a version. */
    private readonly entryOf: (version: number) => string,
    private readonly pipeline: Pipeline,
  ) {
    this.discovery = new Discovery(workload.entryService)
    this.findsApplications = observation.watches.has('application')
  }

  reset(): void {
    for (const counted of this.known.values()) counted.reset()
    this.present.clear()
    this.gone = []
    this.taken.reset()
    this.takenByWay.reset()
    this.discovery.changed()
  }

  /** What Prometheus knew of them is forgotten. */
  forget(): void {
    for (const counted of this.present.values()) counted.forgetExposed()
  }

  find(cluster: Cluster, versionOf: VersionOf, found: Found[]): void {
    for (const replicaSet of cluster.replicaSets) {
      const version = versionOf(replicaSet)
      for (const pod of replicaSet.pods) if (pod.hasAddress) this.findOne(pod, cluster, version, found)
    }
  }

  /** A container that doesn't run refuses the connection. */
  findOne(pod: Pod, cluster: Cluster, version: number, found: Found[]): void {
    const { workload, pipeline } = this
    const counted = this.count(pod, version)
    const of = workload.pods[version]!.kind
    const isUp = pipeline.answers(of) && pod.running && !pod.isLost
    const shown = shownAs(workload, version, pipeline)
    counted.showAs(shown, () => identityOfPod(workload, shown, pod))
    const told = (sources: Sources) =>
      pipeline.isClean ? sources : sources.map((each) => each && pipeline.told([of], each, each))
    const { sidecar, tally } = counted
    if (sidecar) found.push({ exposition: sidecar.exposition, sources: isUp ? told(sidecar.sources) : undefined, of })
    if (!this.findsApplications) return
    const sources = isUp ? told([tally]) : undefined
    const services = this.discovery.servicesOf(pod.replicaSet, cluster)
    for (const { exposition } of counted.findThrough(services)) found.push({ exposition, sources, of })
  }

  tallyOf(pod: Pod, version: number): Tally {
    return this.count(pod, version).tally
  }

  /** A container that starts again has forgotten what it counted until now. */
  restarted(pod: Pod, version: number): void {
    this.count(pod, version).restart()
  }

  /** Services select other pods than before. */
  reselected(): void {
    this.discovery.changed()
  }

  /** What came until now is told from what comes through other Services: `change` says through which. */
  rerouted(cluster: Cluster, versionOf: VersionOf, change: () => void): void {
    const each = (act: (pod: Pod, version: number) => void) => {
      for (const set of cluster.replicaSets) for (const pod of set.pods) act(pod, versionOf(set))
    }
    each((pod, version) => this.count(pod, version))
    change()
    each((pod, version) => this.count(pod, version).route(this.entryOf(version)))
  }

  /** Whether it has met no pods, or none that is still there. */
  get isEmpty(): boolean {
    return this.present.size === 0
  }

  /** Whatever is no longer there: it was, when it was scraped last. */
  takeGone(gone: Departed[]): void {
    for (const pod of this.present.keys()) this.takeGoneOf(pod, gone)
  }

  takeGoneOf(pod: Pod, gone: Departed[]): void {
    const counted = this.present.get(pod)
    if (counted === undefined) return
    if (!pod.deleted) return counted.takeLeft(gone)
    counted.takeAll(gone)
    this.present.delete(pod)
    this.gone.push(counted)
    if (this.gone.length >= 2 * mostKept) this.forgetGone()
  }

  private forgetGone(): void {
    for (const counted of this.gone.splice(0, mostKept)) {
      counted.forget()
      this.known.delete(counted.name)
    }
  }

  private count(pod: Pod, version: number): CountedPod {
    const { cells } = this
    const counted = this.present.get(pod) ?? this.meet(pod, version)
    const cell = cells.cellOf(version, pod.id)
    if (cell !== undefined) counted.take(cells, cell, this.taken, this.takenByWay)
    counted.tally.startTimeMs = this.observation.startsAtMs + pod.startedAtMs
    return counted
  }

  private meet(pod: Pod, version: number): CountedPod {
    const { name } = pod
    let counted = this.known.get(name)
    if (!counted) {
      counted = new CountedPod(name, this.observation, this.workload, this.bins)
      this.known.set(name, counted)
    }
    counted.begin(version, () => identityOfPod(this.workload, version, pod))
    counted.route(this.entryOf(version))
    this.present.set(pod, counted)
    return counted
  }
}
