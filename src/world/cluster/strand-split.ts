// Where the requests of each strand go: by weight as all others, or by a route that was added for them.
import type { Labels, Strand } from '../strand.js'
import type { Cluster } from './cluster.js'
import type { ManagedRoute, ReplicaSet, Route } from './objects.js'
import { entriesOf, type Split, splitRule } from './split.js'

/** Whether a request with these headers takes a route that was added to a router of this kind. */
export type Takes = (kind: string, managed: ManagedRoute, headers: Labels) => boolean

export class StrandSplit {
  /** At `strand * versions + version`; those of a strand add up to 1. */
  readonly shares: Float64Array
  /** By version, of all requests. */
  readonly ofAll: Float64Array
  private readonly ofStrands: readonly Float64Array[]

  constructor(
    private readonly byWeight: Split,
    private readonly strands: readonly Strand[],
    private readonly takes: Takes,
  ) {
    const versions = byWeight.shares.length
    const isPlain = strands.length === 1 && !hasHeaders(strands[0]!)
    this.shares = isPlain ? byWeight.shares : new Float64Array(strands.length * versions)
    this.ofAll = isPlain ? byWeight.shares : new Float64Array(versions)
    this.ofStrands = isPlain
      ? []
      : strands.map((_, strand) => this.shares.subarray(strand * versions).subarray(0, versions))
  }

  /** Once requests have been split by weight. */
  update(cluster: Cluster, isRouted: boolean, versionOf: (replicaSet: ReplicaSet) => number): void {
    const { byWeight, strands, ofStrands, ofAll } = this
    if (ofStrands.length === 0) return
    const entries = isRouted ? entriesOf(cluster) : []
    const hasAdded = entries.some(({ managed }) => managed.length > 0)
    ofAll.fill(0)
    for (const [index, shares] of ofStrands.entries()) {
      const strand = strands[index]!
      if (hasAdded && hasHeaders(strand)) this.route(cluster, entries, strand, versionOf, shares)
      else shares.set(byWeight.shares)
      for (let version = 0; version < ofAll.length; version++) ofAll[version]! += strand.share * shares[version]!
    }
  }

  /** Of several routers every one sees the same part of the requests. */
  private route(
    cluster: Cluster,
    entries: readonly Route[],
    { headers }: Strand,
    versionOf: (replicaSet: ReplicaSet) => number,
    shares: Float64Array,
  ): void {
    shares.fill(0)
    for (const { kind, rules, managed } of entries) {
      const added = managed.find((route) => this.takes(kind, route, headers))
      const ways = added ? [added] : rules
      for (const { destinations } of ways) {
        splitRule(cluster, destinations, 1 / (entries.length * ways.length), versionOf, shares)
      }
    }
  }
}

function hasHeaders({ headers }: Strand): boolean {
  return Object.keys(headers).length > 0
}
