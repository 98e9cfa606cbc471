// Which pod of a ReplicaSet goes first when there are too many (1.36, ActivePodsWithRanks of pkg/controller).
import type { Pod, ReplicaSet } from './objects.js'

/** The newest that isn't ready, then the one that became ready last. */
export function leastUseful({ pods, readyPods, readyOrder }: ReplicaSet): Pod {
  const anyUnready = readyPods < pods.length
  return (anyUnready ? pods.findLast(({ ready }) => !ready) : readyOrder.last())!
}

/**
 * Where pods are on nodes: those that have none first, then those that haven't run yet, those that aren't ready, and those
 * that share their node with most ready pods of the same owner. Of equals the one that became ready last goes: the real
 * controller compares the magnitude of their ages only, and then draws.
 */
export function leastUsefulOnNodes(replicaSet: ReplicaSet, all: readonly ReplicaSet[]): Pod {
  const related = all.filter(({ owner }) => isSame(owner, replicaSet.owner)).flatMap(({ pods }) => pods)
  const onNode = new Map<string, number>()
  for (const { node, ready } of related) if (ready) onNode.set(node, (onNode.get(node) ?? 0) + 1)
  const ranks = ({ node, hasAddress, ready, readyAtMs, restarts, ordinal }: Pod) => [
    node === '' ? 0 : 1,
    hasAddress ? 1 : 0,
    ready ? 1 : 0,
    -(onNode.get(node) ?? 0),
    ready ? -readyAtMs : 0,
    -restarts,
    -ordinal,
  ]
  return replicaSet.pods.reduce((least, pod) => (isLess(ranks(pod), ranks(least)) ? pod : least))
}

function isSame(some: ReplicaSet['owner'], other: ReplicaSet['owner']): boolean {
  return some.kind === other.kind && some.name === other.name
}

export function isLess(some: readonly number[], others: readonly number[]): boolean {
  const place = some.findIndex((rank, index) => rank !== others[index])
  return place >= 0 && some[place]! < others[place]!
}
