// Where requests really go: from Services, routes and ready pods to each version's share.
import type { Cluster } from './cluster.js'
import type { Destination, ReplicaSet, Route } from './objects.js'

/** Shares of the requests, and the pods that serve, by version; both are written in place. */
export interface Split {
  readonly shares: Float64Array
  readonly pods: Int32Array
}

/**
 * Without a router every ready pod of the workload gets the same share. With routers the weights decide, and behind each
 * destination the pods that its Service or subset selects; of several routers every one sees the same part of the
 * requests.
 */
export function splitRequests(
  cluster: Cluster,
  isRouted: boolean,
  versionOf: (replicaSet: ReplicaSet) => number,
  split: Split,
): void {
  const { shares, pods } = split
  shares.fill(0)
  pods.fill(0)
  for (const replicaSet of cluster.replicaSets) pods[versionOf(replicaSet)]! += replicaSet.ready
  const entries = isRouted ? cluster.routes.filter(isEntry) : []
  if (entries.length === 0) {
    addByPods(cluster, 1, () => true, versionOf, shares)
    return
  }
  for (const { destinations } of entries) {
    const total = destinations.reduce((sum, { weight }) => sum + weight, 0)
    for (const destination of destinations) {
      if (destination.weight === 0) continue
      const hash = selectedBy(cluster, destination)
      const share = destination.weight / total / entries.length
      addByPods(cluster, share, (set) => hash === undefined || set.hash === hash, versionOf, shares)
    }
  }
}

/** The Service through which requests reach each version now; versions without requests keep what they had. */
export function entriesByVersion(
  cluster: Cluster,
  versionOf: (replicaSet: ReplicaSet) => number,
  entries: string[],
): boolean {
  let changed = false
  for (const { destinations } of cluster.routes.filter(isEntry)) {
    for (const { to, weight } of destinations) {
      const hash = weight > 0 ? cluster.service(to)?.hash : undefined
      const set = hash === undefined ? undefined : cluster.replicaSets.find((candidate) => candidate.hash === hash)
      if (!set || entries[versionOf(set)] === to) continue
      entries[versionOf(set)] = to
      changed = true
    }
  }
  return changed
}

function isEntry({ kind, destinations }: Route): boolean {
  return kind !== 'DestinationRule' && destinations.length > 0
}

/** Undefined when it selects the whole workload: nobody has pointed it at a version yet. */
function selectedBy(cluster: Cluster, { to }: Destination): string | undefined {
  const service = cluster.service(to)
  if (service) return service.hash
  for (const { kind, destinations } of cluster.routes) {
    const subset = kind === 'DestinationRule' && destinations.find((candidate) => candidate.to === to)
    if (subset) return subset.hash
  }
  return undefined
}

/** Spreads a share over the ready pods of the sets that qualify; without one it stays with the version of the first. */
function addByPods(
  cluster: Cluster,
  share: number,
  qualifies: (set: ReplicaSet) => boolean,
  versionOf: (replicaSet: ReplicaSet) => number,
  shares: Float64Array,
): void {
  let ready = 0
  let first: ReplicaSet | undefined
  for (const set of cluster.replicaSets) {
    if (!qualifies(set)) continue
    first ??= set
    ready += set.ready
  }
  if (ready === 0) {
    // Nobody answers: what is sent to pods that are not there is refused, as requests of the version it was meant for.
    shares[first ? versionOf(first) : shares.length - 1]! += share
    return
  }
  for (const set of cluster.replicaSets) {
    if (qualifies(set)) shares[versionOf(set)]! += (share * set.ready) / ready
  }
}
