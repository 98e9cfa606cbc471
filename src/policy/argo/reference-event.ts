// Which changes of the objects that a Rollout refers to make the controller look at it.
import type { View } from '../view.js'
import type { RolloutSpec } from './rollout-spec.js'

export interface ReferenceEvent {
  readonly kind: string
  readonly name: string
  readonly isDeleted: boolean
}

/**
 * A VirtualService that goes is noticed, an Ingress or Service is not; nor is a Service that selects no version by its
 * hash, or a template, whatever becomes of it (argo-rollouts 1.10.1).
 */
export function wakes(
  { kind, name, isDeleted }: ReferenceEvent,
  { canary }: RolloutSpec,
  cluster: View['cluster'],
): boolean {
  const { istio, nginx, alb } = canary.routing ?? {}
  if (kind === 'VirtualService') return istio?.virtualServices.some((named) => named.name === name) === true
  if (isDeleted) return false
  if (kind === 'Service') return cluster.service(name)?.hash !== undefined
  const ingresses = [...(nginx?.stableIngresses ?? []), ...(alb?.ingresses ?? [])]
  return kind === 'Ingress' && ingresses.some((named) => named.name === name)
}
