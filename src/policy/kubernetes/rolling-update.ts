// The step of a rolling update: the new ReplicaSet grows as far as surge lets it, the old ones shrink as far as what is
// available lets them. One side a sync; which side comes next is seen when the cluster has answered.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import { type DeploymentSpec, surgeOf, unavailableOf } from './deployment.js'
import { availableOf, type Sync, specOf } from './sync.js'

/** Whether anything was scaled. */
export function stepRollingUpdate(sync: Sync, current: ReplicaSet): boolean {
  return sync.scale(current, sizeOfNew(sync.spec, sync.all, current.spec)) || shrinkOld(sync, current)
}

/** The size the new ReplicaSet gets, as far as all pods together may be `replicas` and the surge. */
export function sizeOfNew(spec: DeploymentSpec, all: readonly ReplicaSet[], size: number): number {
  const { replicas } = spec
  if (size >= replicas) return replicas
  const room = replicas + surgeOf(spec) - specOf(all)
  return room <= 0 ? size : size + Math.min(room, replicas - size)
}

function shrinkOld(sync: Sync, current: ReplicaSet): boolean {
  const active = sync.old.filter(({ spec }) => spec > 0)
  if (active.length === 0) return false
  const leastAvailable = sync.spec.replicas - unavailableOf(sync.spec)
  // Pods of the new version that aren't available yet may not be made up for by old ones that go.
  const spare = specOf(sync.all) - leastAvailable - (current.spec - current.available)
  if (spare <= 0) return false
  const dropped = dropUnavailable(sync, active, spare)
  return dropped !== undefined && dropped + dropAvailable(sync, active, leastAvailable) > 0
}

/**
 * Pods that aren't available are no loss. A ReplicaSet that hasn't told yet of its last reduction ends it, and nothing
 * more is taken from old ones before it has (kubernetes 1.36.3, observed): undefined then.
 */
function dropUnavailable(sync: Sync, active: readonly ReplicaSet[], most: number): number | undefined {
  let dropped = 0
  for (const set of active) {
    if (dropped >= most) break
    if (set.spec < set.available) return undefined
    const surplus = Math.min(most - dropped, set.spec - set.available)
    sync.scale(set, set.spec - surplus)
    dropped += surplus
  }
  return dropped
}

/** The oldest version goes first. */
function dropAvailable(sync: Sync, active: readonly ReplicaSet[], leastAvailable: number): number {
  const most = availableOf(sync.all) - leastAvailable
  let dropped = 0
  for (const set of active) {
    if (dropped >= most) break
    const surplus = Math.min(set.spec, most - dropped)
    sync.scale(set, set.spec - surplus)
    dropped += surplus
  }
  return dropped
}
