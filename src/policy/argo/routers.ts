// The routers that a Rollout can drive: what they make of a weight, and which pods their destinations lead to.
import type { Destination, Route } from '../../world/cluster/objects.js'
import type { Pass } from './pass.js'
import type { IstioRouting, Routing } from './rollout-spec.js'
import { serviceNames } from './services.js'
import type { Weights } from './status.js'

type DestinationRule = NonNullable<IstioRouting['destinationRule']>

/** What writes a weight to the routers of a strategy, in the controller's order. */
export const routers: readonly {
  readonly name: keyof Routing
  readonly write: (pass: Pass, weights: Weights, subsetsWait: boolean) => void
}[] = [
  { name: 'istio', write: writeIstio },
  { name: 'nginx', write: writeCanaryIngresses },
  { name: 'alb', write: writeForwardActions },
  { name: 'smi', write: writeTrafficSplit },
  { name: 'traefik', write: writeTraefikService },
]

export function writeIstio(pass: Pass, weights: Weights, subsetsWait: boolean): void {
  const { destinationRule: rule, virtualServices } = pass.spec.canary.routing!.istio!
  if (rule && !subsetsWait) writeDestinationRule(pass, rule, weights)
  const shares = rule ? subsetsOf(rule, weights) : servicesOf(pass, weights)
  for (const { name } of virtualServices) {
    const { destinations: before } = pass.view.cluster.route('VirtualService', name)
    if (!write(pass, 'VirtualService', name, withShares(before, shares))) continue
    tell(pass, 'Updated VirtualService', `VirtualService \`${name}\` set to desiredWeight '${weights.canary}'`)
  }
}

function writeDestinationRule(pass: Pass, rule: DestinationRule, { canaryHash, stableHash }: Weights): void {
  const subsets = [
    { to: rule.stableSubset, hash: stableHash, weight: 0 },
    { to: rule.canarySubset, hash: canaryHash, weight: 0 },
  ]
  if (!write(pass, 'DestinationRule', rule.name, subsets)) return
  const change = `${rule.canarySubset}: ${canaryHash}, ${rule.stableSubset}: ${stableHash}`
  tell(pass, 'UpdatedDestinationRule', `DestinationRule ${rule.name} subset updated (${change})`)
}

function writeCanaryIngresses(pass: Pass, weights: Weights): void {
  for (const { name } of pass.spec.canary.routing!.nginx!.stableIngresses) writeCanaryIngress(pass, name, weights)
}

function writeCanaryIngress(pass: Pass, ingress: string, weights: Weights): void {
  const name = `${pass.spec.name}-${ingress}-canary`
  const isNew = pass.view.cluster.route('Ingress', name).destinations.length === 0
  if (!write(pass, 'Ingress', name, servicesOf(pass, weights))) return
  const { canary } = weights
  if (isNew) tell(pass, 'CreatingCanaryIngress', `Creating canary ingress \`${name}\` with weight \`${canary}\``)
  else tell(pass, 'PatchingCanaryIngress', `Updating Ingress \`${name}\` to desiredWeight '${canary}'`)
}

/** The load balancer's rule stands in an annotation of the Ingress. */
function writeForwardActions(pass: Pass, weights: Weights): void {
  for (const { name } of pass.spec.canary.routing!.alb!.ingresses) {
    if (!write(pass, 'ALB', name, servicesOf(pass, weights))) continue
    tell(pass, 'PatchingALBIngress', `Updating Ingress \`${name}\` to desiredWeight '${weights.canary}'`)
  }
}

function writeTrafficSplit(pass: Pass, weights: Weights): void {
  const name = pass.spec.canary.routing!.smi!.trafficSplit
  const isNew = pass.view.cluster.route('TrafficSplit', name).destinations.length === 0
  if (!write(pass, 'TrafficSplit', name, servicesOf(pass, weights).toReversed()) || !isNew) return
  tell(pass, 'TrafficSplitCreated', `TrafficSplit \`${name}\` created`)
}

function writeTraefikService(pass: Pass, weights: Weights): void {
  const { name } = pass.spec.canary.routing!.traefik!
  const { destinations: before } = pass.view.cluster.route('TraefikService', name)
  write(pass, 'TraefikService', name, withShares(before, servicesOf(pass, weights)))
}

/** In the order that the route has; what is neither canary nor stable keeps its weight. */
function withShares(before: readonly Destination[], shares: readonly Destination[]): readonly Destination[] {
  return before.map((destination) => shares.find(({ to }) => to === destination.to) ?? destination)
}

/** By Service: which pods that means depends on what the Service selects at the moment. */
function servicesOf(pass: Pass, weights: Weights): readonly Destination[] {
  const { stable, canary } = serviceNames(pass)
  return [
    { to: stable!, hash: undefined, weight: weights.stable },
    { to: canary!, hash: undefined, weight: weights.canary },
  ]
}

/** By subset: which pods that means stands in the DestinationRule. */
function subsetsOf(rule: DestinationRule, weights: Weights): readonly Destination[] {
  return [
    { to: rule.stableSubset, hash: undefined, weight: weights.stable },
    { to: rule.canarySubset, hash: undefined, weight: weights.canary },
  ]
}

function write(pass: Pass, kind: string, name: string, destinations: readonly Destination[]): boolean {
  const route = pass.view.cluster.route(kind, name)
  if (isSame(route, destinations)) return false
  pass.view.cluster.routed(route, destinations)
  return true
}

function isSame(route: Route, destinations: readonly Destination[]): boolean {
  const { destinations: before } = route
  if (before.length !== destinations.length) return false
  return before.every((destination, index) => {
    const next = destinations[index]!
    return destination.weight === next.weight && destination.to === next.to && destination.hash === next.hash
  })
}

function tell(pass: Pass, reason: string, message: string): void {
  pass.view.journal.event(`Rollout/${pass.spec.name}`, 'Normal', reason, message)
}
