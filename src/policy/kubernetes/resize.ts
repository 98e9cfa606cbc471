// A change of `replicas`: while several versions have pods, each of them gets its part of what comes or goes.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import { surgeOf } from './deployment.js'
import { type Sync, specOf } from './sync.js'

/** Whether a ReplicaSet with pods was last sized for another number of replicas. */
export function isResize({ spec, all }: Sync): boolean {
  return all.some((set) => set.spec > 0 && set.desired >= 0 && set.desired !== spec.replicas)
}

export function resize(sync: Sync): void {
  const { current, old, spec } = sync
  const active = sync.all.filter((set) => set.spec > 0)
  if (active.length <= 1) {
    const only = active[0] ?? current ?? old.at(-1)
    if (only) sync.scale(only, spec.replicas)
  } else if (current && isSaturated(sync, current)) {
    for (const set of active) if (set !== current) sync.scale(set, 0)
  } else if (spec.rolling) {
    resizeAll(sync, active)
  }
}

function isSaturated({ spec: { replicas } }: Sync, { spec, desired, available }: ReplicaSet): boolean {
  return spec === replicas && desired === replicas && available === replicas
}

/** The largest comes first, and gets what rounding leaves over. Of equal ones the newer grows first, the older shrinks. */
function resizeAll(sync: Sync, active: readonly ReplicaSet[]): void {
  const { spec } = sync
  const mostPods = spec.replicas > 0 ? spec.replicas + surgeOf(spec) : 0
  const toAdd = mostPods - specOf(active)
  const newerFirst = toAdd > 0 ? -1 : 1
  const inOrder = active.toSorted((a, b) => b.spec - a.spec || newerFirst * (a.index - b.index))
  let added = 0
  const sizes = inOrder.map((set) => {
    const part = toAdd === 0 ? 0 : partOf(sync, set, toAdd - added)
    added += part
    return set.spec + part
  })
  sizes[0] = Math.max(0, sizes[0]! + toAdd - added)
  for (const [index, set] of inOrder.entries()) sync.scale(set, sizes[index]!, true)
}

/** As much as keeps its share of all pods, and no more than is left to give or to take. */
function partOf({ spec, deployment }: Sync, set: ReplicaSet, left: number): number {
  if (left === 0) return 0
  if (spec.replicas === 0) return Math.max(-set.spec, left)
  const before = set.mostPods || deployment.status.replicas
  const wanted = before === 0 ? 0 : roundAway((set.spec * (spec.replicas + surgeOf(spec))) / before) - set.spec
  return left > 0 ? Math.min(wanted, left) : Math.max(wanted, left)
}

/** Halves go away from zero. */
function roundAway(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value)
}
