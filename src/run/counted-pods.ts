// Pods as targets: what each has counted since its container started, and what a scrape finds of it.
import { Exposition } from '../metrics/dialects/exposition.js'
import type { Sources } from '../metrics/dialects/instrument.js'
import type { Cells } from '../world/cells.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import type { Observation } from './observation.js'
import { type Bins, Taken, Tally } from './tally.js'
import { identityOfPod, targetOf, type Workload } from './workload.js'

export type VersionOf = (replicaSet: ReplicaSet) => number

/** What a scrape finds at an endpoint: the counts of its targets, or nothing because it doesn't answer. */
export interface Found {
  readonly exposition: Exposition
  readonly sources: Sources | undefined
}

/** Only part of some flights: kept from one to the next, as making one is costly. */
interface CountedPod {
  readonly key: string
  readonly exposition: Exposition
  readonly tally: Tally
}

/** So many pods that are gone are kept for the next flight, which may have pods of the same names. */
const mostKept = 1000

export class CountedPods {
  /** By name, which says version and ordinal, and by the Service through which requests come. */
  private readonly known = new Map<string, CountedPod>()
  private readonly present = new Map<Pod, CountedPod>()
  /** Those that are gone in this flight, the first ones first; the others have been forgotten. */
  private gone: CountedPod[] = []
  private readonly taken = new Taken()

  constructor(
    private readonly observation: Observation,
    private readonly workload: Workload,
    private readonly cells: Cells,
    private readonly bins: Bins,
    private readonly serviceOf: (version: number) => string,
  ) {}

  reset(): void {
    for (const { exposition } of this.known.values()) exposition.restart()
    this.present.clear()
    this.gone = []
    this.taken.reset()
  }

  /** What Prometheus knew of them is forgotten. */
  forget(): void {
    for (const { exposition } of this.present.values()) exposition.restart()
  }

  find(cluster: Cluster, versionOf: VersionOf, isDown: (version: number) => boolean, found: Found[]): void {
    for (const replicaSet of cluster.replicaSets) {
      const version = versionOf(replicaSet)
      const answers = !isDown(version)
      for (const pod of replicaSet.pods) if (pod.hasAddress) found.push(this.findOne(pod, version, answers))
    }
  }

  /** A container that doesn't run refuses the connection. */
  findOne(pod: Pod, version: number, answers: boolean): Found {
    const { exposition, tally } = this.count(pod, version)
    return { exposition, sources: answers && pod.running ? [tally] : undefined }
  }

  tallyOf(pod: Pod, version: number): Tally {
    return this.count(pod, version).tally
  }

  /** A container that starts again has forgotten what it counted until now. */
  restarted(pod: Pod, version: number): void {
    this.count(pod, version).tally.restart()
  }

  /** Whatever is no longer there: it was, when it was scraped last. */
  takeGone(gone: Exposition[]): void {
    for (const pod of this.present.keys()) if (pod.deleted) this.takeIfThere(pod, gone)
  }

  takeIfThere(pod: Pod, gone: Exposition[]): void {
    const counted = this.present.get(pod)
    if (counted === undefined) return
    gone.push(counted.exposition)
    this.present.delete(pod)
    this.gone.push(counted)
    if (this.gone.length >= 2 * mostKept) this.forgetGone()
  }

  /** Whatever is still found in the store keeps its place there. */
  private forgetGone(): void {
    for (const { key, exposition } of this.gone.splice(0, mostKept)) {
      exposition.forget()
      this.known.delete(key)
    }
  }

  private count(pod: Pod, version: number): CountedPod {
    const { cells } = this
    const counted = this.present.get(pod) ?? this.meet(pod, version)
    const cell = cells.cellOf(version, pod.id)
    if (cell !== undefined) this.taken.take(cells, cell, counted.tally)
    counted.tally.startTimeMs = this.observation.startsAtMs + pod.startedAtMs
    return counted
  }

  private meet(pod: Pod, version: number): CountedPod {
    const service = this.serviceOf(version)
    const key = `${pod.name} ${service}`
    let counted = this.known.get(key)
    if (!counted) {
      const server = identityOfPod(this.workload, version, pod)
      const target = targetOf(this.workload, 'server', server, service)
      const exposition = new Exposition(this.observation.exposure, target)
      exposition.add(target)
      counted = { key, exposition, tally: new Tally(this.bins, 0) }
      this.known.set(key, counted)
    }
    counted.tally.restart()
    this.present.set(pod, counted)
    return counted
  }
}
