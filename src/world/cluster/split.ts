// Where requests really go: from Services, routes and ready pods to each version's share.
import type { Cluster } from './cluster.js'
import type { Destination, ReplicaSet, Route, Service } from './objects.js'

/** Shares of the requests, and the pods that they are sent to, by version; both are written in place. */
export interface Split {
  readonly shares: Float64Array
  readonly pods: Int32Array
}

/**
 * Without a router every pod behind the Service that people call gets the same share. With routers the weights
 * decide, and behind each destination the pods that its Service or subset selects; of several routers every one sees
 * the same part of the requests.
 */
export function splitRequests(
  cluster: Cluster,
  isRouted: boolean,
  entryService: string,
  versionOf: (replicaSet: ReplicaSet) => number,
  split: Split,
): void {
  const { shares, pods } = split
  shares.fill(0)
  pods.fill(0)
  for (const replicaSet of cluster.replicaSets) pods[versionOf(replicaSet)]! += replicaSet.routedPods
  const entries = isRouted ? entriesOf(cluster) : []
  if (entries.length === 0) {
    const service = cluster.service(entryService)
    addByPods(cluster, 1, (set) => service?.fits(set) ?? !set.template.otherLabels, versionOf, shares)
    return
  }
  for (const { rules } of entries) {
    for (const { destinations } of rules) {
      splitRule(cluster, destinations, 1 / (entries.length * rules.length), versionOf, shares)
    }
  }
}

/**
 * What leads elsewhere takes requests that are none of the workload's: the others share what is left. An experiment may
 * get more than stable has, whose weight is below zero then.
 */
export function splitRule(
  cluster: Cluster,
  destinations: readonly Destination[],
  part: number,
  versionOf: (replicaSet: ReplicaSet) => number,
  shares: Float64Array,
): void {
  let total = 0
  for (const destination of destinations) {
    if (destination.weight > 0 && leadsHere(cluster, destination)) total += destination.weight
  }
  for (const destination of destinations) {
    if (destination.weight <= 0 || !leadsHere(cluster, destination)) continue
    const share = (part * destination.weight) / total
    addByPods(cluster, share, selectedBy(cluster, destination), versionOf, shares)
  }
}

/**
 * The Service through which requests reach each version now, if that isn't as it was before; versions without requests
 * keep what they had.
 */
export function changedEntries(
  cluster: Cluster,
  versionOf: (replicaSet: ReplicaSet) => number,
  before: readonly string[],
): readonly string[] | undefined {
  let after: string[] | undefined
  for (const route of cluster.routes) {
    if (!isEntry(route)) continue
    for (const { destinations } of route.rules) {
      for (const destination of destinations) {
        const version = destination.weight > 0 ? versionBehind(cluster, destination, versionOf) : undefined
        if (version === undefined || (after ?? before)[version] === destination.to) continue
        after ??= [...before]
        after[version] = destination.to
      }
    }
  }
  return after
}

function versionBehind(
  cluster: Cluster,
  { to }: Destination,
  versionOf: (replicaSet: ReplicaSet) => number,
): number | undefined {
  const hash = cluster.service(to)?.hash
  if (hash === undefined) return undefined
  for (const set of cluster.replicaSets) if (set.hash === hash) return versionOf(set)
  return undefined
}

/** Kinds that say which pods a destination of other routes means. */
const pointers: readonly string[] = ['DestinationRule', 'VirtualNode']

/** The routes by which requests come in. */
export function entriesOf({ routes }: Cluster): readonly Route[] {
  return routes.every(isEntry) ? routes : routes.filter(isEntry)
}

function isEntry({ kind, destinations }: Route): boolean {
  return destinations.length > 0 && !pointers.includes(kind)
}

/** The whole workload, where nobody has pointed it at a version yet. */
function selectedBy(cluster: Cluster, destination: Destination): (set: ReplicaSet) => boolean {
  const service = serviceOf(cluster, destination)
  if (service) return (set) => service.selects(set)
  const { hash } = pointerOf(cluster, destination) ?? destination
  return (set) => hash === undefined || set.hash === hash
}

/** A Service or subset that isn't among those of the workload leads to somebody else's pods. */
function leadsHere(cluster: Cluster, destination: Destination): boolean {
  const { hash } = destination
  return hash !== undefined || !!serviceOf(cluster, destination) || !!pointerOf(cluster, destination)
}

function serviceOf(cluster: Cluster, { to, subsetOf }: Destination): Service | undefined {
  return subsetOf === undefined ? cluster.service(to) : undefined
}

function pointerOf(cluster: Cluster, { to }: Destination): Destination | undefined {
  for (const { kind, destinations } of cluster.routes) {
    const pointer = pointers.includes(kind) && destinations.find((candidate) => candidate.to === to)
    if (pointer) return pointer
  }
  return undefined
}

const canary = 1

/** Spreads a share over the pods of the sets that qualify; without one it stays with the version of the first. */
function addByPods(
  cluster: Cluster,
  share: number,
  qualifies: (set: ReplicaSet) => boolean,
  versionOf: (replicaSet: ReplicaSet) => number,
  shares: Float64Array,
): void {
  let routed = 0
  let first: ReplicaSet | undefined
  for (const set of cluster.replicaSets) {
    if (!qualifies(set)) continue
    first ??= set
    routed += set.routedPods
  }
  if (routed === 0) {
    // Nobody answers: what is sent to pods that are not there is refused, as requests of the version it was meant for.
    shares[first ? versionOf(first) : canary]! += share
    return
  }
  for (const set of cluster.replicaSets) {
    if (qualifies(set)) shares[versionOf(set)]! += (share * set.routedPods) / routed
  }
}
