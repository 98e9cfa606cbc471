// The part of a pass that restarts pods: those made before the time of a restart are evicted, a few at a time.

import { floorToSecond } from '../../world/cluster/cluster.js'
import type { Pod } from '../../world/cluster/objects.js'
import { type Pass, type Seen, totalSpec } from './pass.js'
import { lookAgainMs } from './timers.js'

/** How long until the controller looks again when pods are left to be restarted. */
const retryMs = 30_000

/** Returns how many pods were evicted; when none is left to be, the restart is over. */
export function restartPods(pass: Pass): number {
  const { spec, last, nowMs } = pass
  const { restartAtMs } = spec
  if (restartAtMs === undefined) return 0
  if (nowMs <= restartAtMs) {
    pass.wakeAt(lookAgainMs(restartAtMs, nowMs))
    return 0
  }
  if (last.restartedAtMs === restartAtMs) return 0
  const pods = byPriority(pass).flatMap(({ live }) => live.pods)
  const old = pods.filter((pod) => floorToSecond(pod.createdAtMs) < restartAtMs)
  const evicted = old.slice(0, roomFor(pass, pods))
  for (const pod of evicted) pass.view.cluster.evict(pod)
  if (evicted.length < old.length) pass.wakeAt(nowMs + retryMs)
  else pass.restartedAtMs = restartAtMs
  return evicted.length
}

/** As many as may be unavailable, but at least one: a Rollout without room could never be restarted. */
function roomFor(pass: Pass, pods: readonly Pod[]): number {
  const { spec, bounds, all } = pass
  const available = pods.filter((pod) => pod.available).length
  const wanted = Math.max(spec.replicas, totalSpec(all))
  return Math.max(0, available - (wanted - Math.max(bounds.unavailable, 1)))
}

/** Stable first, then the new version, then the others. */
function byPriority({ stable, canary, others }: Pass): readonly Seen[] {
  const first = stable === undefined || stable === canary ? [canary] : [stable, canary]
  return [...first, ...others]
}
