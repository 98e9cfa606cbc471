// What becomes of the Services that a Rollout has had and names no more: they select all its pods again, and are free.
import type { Cluster } from '../../world/cluster/cluster.js'
import { namedServices, type RolloutSpec } from './rollout-spec.js'

export function releaseServices(before: RolloutSpec, after: RolloutSpec, cluster: Cluster): void {
  const kept = namedServices(after)
  for (const name of namedServices(before)) {
    const service = kept.includes(name) ? undefined : cluster.service(name)
    if (service?.managed) cluster.release(service)
  }
}
