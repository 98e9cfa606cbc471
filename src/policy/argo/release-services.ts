// What becomes of the Services that a Rollout has had and names no more: they select all its pods again, and are free.
import type { Cluster } from '../../world/cluster/cluster.js'
import type { RolloutSpec } from './rollout-spec.js'

export function releaseServices(before: RolloutSpec, after: RolloutSpec, cluster: Cluster): void {
  const kept = servicesOf(after)
  for (const name of servicesOf(before)) {
    const service = kept.includes(name) ? undefined : cluster.service(name)
    if (service?.managed) cluster.release(service)
  }
}

function servicesOf({ canary, blueGreen }: RolloutSpec): readonly string[] {
  const { canaryService, stableService, pingPong } = canary
  const { activeService, previewService } = blueGreen ?? {}
  return [canaryService, stableService, pingPong?.ping, pingPong?.pong, activeService, previewService].filter(
    (name) => name !== undefined,
  )
}
