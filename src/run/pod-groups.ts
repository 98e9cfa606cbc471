// Which pods of a version are sent requests, and which of those are in the same condition.
import type { PodGroup } from '../world/answers.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'

/** By stack; undefined while all pods that are sent requests are in the condition of most. */
export function podGroups(
  { replicaSets }: Cluster,
  stacks: number,
  stackOf: (replicaSet: ReplicaSet) => number,
  conditionOf: (pod: Pod) => number,
): PodGroup[][] | undefined {
  const groups = Array.from({ length: stacks }, () => [] as { condition: number; podNumbers: number[] }[])
  for (const set of replicaSets) {
    const ofStack = groups[stackOf(set)]!
    for (const pod of routedPods(set)) {
      const condition = conditionOf(pod)
      const known = ofStack.find((group) => group.condition === condition)
      if (known) known.podNumbers.push(pod.id)
      else ofStack.push({ condition, podNumbers: [pod.id] })
    }
  }
  return groups.some((ofStack) => ofStack.some(({ condition }) => condition !== 0)) ? groups : undefined
}

/** By stack the ids of those that are sent requests. */
export function servingPods(
  { replicaSets }: Cluster,
  stacks: number,
  stackOf: (replicaSet: ReplicaSet) => number,
): number[][] {
  const serving = Array.from({ length: stacks }, () => [] as number[])
  for (const set of replicaSets) {
    const ids = serving[stackOf(set)]!
    for (const pod of routedPods(set)) ids.push(pod.id)
  }
  return serving
}

/** How many pods of a version are missing because faults took them: those would be missing without a release, too. */
export function struckDown({ replicaSets }: Cluster, isOf: (replicaSet: ReplicaSet) => boolean): number {
  let missing = 0
  for (const set of replicaSets) {
    if (!isOf(set)) continue
    missing += set.toReplace
    for (const { isStruckDown, ready } of set.pods) if (isStruckDown && !ready) missing++
  }
  return missing
}

/** Those that are about to go, too. */
function routedPods({ pods, leaving }: ReplicaSet): Pod[] {
  return [...pods, ...leaving].filter(({ isRouted }) => isRouted)
}
