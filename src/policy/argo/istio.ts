// Istio as a router: the routes of VirtualServices, the subsets of a DestinationRule, and routes that steps add.
import type { ManagedRoute, Route } from '../../world/cluster/objects.js'
import type { Pass } from './pass.js'
import { experimentsOf, inOrder, type Router, rewrite, tell, writeManaged, writeOnly } from './router.js'
import type { IstioRouting, VirtualServiceReference } from './routing-spec.js'
import { serviceNames } from './services.js'
import { type Sides, spreadByIstio } from './spread-by-istio.js'
import type { Weights } from './status.js'
import type { RouteStep } from './step.js'

export const istio: Router = { name: 'istio', write, setRoute, removeRoutes, verifies: undefined }

function write(pass: Pass, weights: Weights, subsetsWait: boolean): void {
  const { destinationRule: rule, virtualServices } = pass.spec.canary.routing!.istio!
  if (rule && !subsetsWait) writeDestinationRule(pass, rule, weights)
  const { canary, stable } = serviceNames(pass)
  const sides = { canary, stable, rule, experiments: experimentsOf(weights) }
  for (const reference of virtualServices) {
    if (writeVirtualService(pass, reference, weights.canary, sides)) tellWeight(pass, reference.name, weights.canary)
  }
}

function tellWeight(pass: Pass, name: string, weight: number): void {
  tell(pass, 'Updated VirtualService', () => `VirtualService \`${name}\` set to desiredWeight '${weight}'`)
}

type DestinationRule = NonNullable<IstioRouting['destinationRule']>

function writeDestinationRule(pass: Pass, rule: DestinationRule, weights: Weights): void {
  const { canaryHash, stableHash, additional } = weights
  const subsets = [
    { to: rule.stableSubset, hash: stableHash, weight: 0 },
    { to: rule.canarySubset, hash: canaryHash, weight: 0 },
    ...additional.map(({ service: to, hash }) => ({ to, hash, weight: 0 })),
  ]
  if (!writeOnly(pass, 'DestinationRule', rule.name, subsets)) return
  const change = `${rule.canarySubset}: ${canaryHash}, ${rule.stableSubset}: ${stableHash}`
  tell(pass, 'UpdatedDestinationRule', () => `DestinationRule ${rule.name} subset updated (${change})`)
}

/**
 * Mirroring routes of steps get the weights, too. Where no routes are named they are the only http routes that do, for
 * as long as they are there (argo-rollouts 1.10.1).
 */
function writeVirtualService(pass: Pass, reference: VirtualServiceReference, weight: number, sides: Sides): boolean {
  const route = pass.view.cluster.route('VirtualService', reference.name)
  const { managed } = route
  const isMirrored = managed.some(({ mirror }) => mirror)
  const leavesHttp = isMirrored && reference.routes.length === 0
  return rewrite(
    pass,
    route,
    ({ path, destinations }) =>
      leavesHttp && path.startsWith('http') ? destinations : spreadByIstio(destinations, weight, sides),
    isMirrored ? spreadMirrors(managed, weight, sides) : managed,
  )
}

function spreadMirrors(before: readonly ManagedRoute[], weight: number, sides: Sides): readonly ManagedRoute[] {
  const after = before.map((route) => {
    const destinations = route.mirror ? spreadByIstio(route.destinations, weight, sides) : route.destinations
    return destinations === route.destinations ? route : { ...route, destinations }
  })
  return after.every((route, index) => route === before[index]) ? before : after
}

/** Told in every pass over the step, whether or not it changes anything. */
function setRoute(pass: Pass, step: RouteStep): void {
  for (const route of virtualServices(pass)) {
    const others = route.managed.filter(({ name }) => name !== step.name)
    const managed = step.match ? [...others, routeOf(pass, route, step, step.match)] : others
    writeManaged(pass, route, inOrder(pass, managed))
    const what = step.kind === 'setHeaderRoute' ? 'headerRoute' : 'mirrorRoute'
    tell(pass, 'Updated VirtualService', () => `VirtualService \`${route.name}\` set ${what} '${step.name}'`)
  }
}

/** Told even where there was none, if there are steps that add routes: those are taken away each time (since 1.10). */
function removeRoutes(pass: Pass): void {
  const { routing, addsRoutes } = pass.spec.canary
  const isToldAnyway = addsRoutes && pass.does.removeRoutesOfSteps
  for (const { name } of routing!.istio!.virtualServices) {
    const route = pass.view.cluster.route('VirtualService', name)
    if ((!isToldAnyway && route.managed.length === 0) || !hasHttp(route)) continue
    writeManaged(pass, route, [])
    tell(pass, 'Updated VirtualService', () => `VirtualService \`${route.name}\` removed all managed routes.`)
  }
}

/** A mirroring route spreads what it takes as the first weighted route does. */
function routeOf(pass: Pass, route: Route, step: RouteStep, match: NonNullable<RouteStep['match']>): ManagedRoute {
  const to = pass.spec.canary.routing!.istio!.destinationRule?.canarySubset ?? serviceNames(pass).canary!
  const { name } = step
  if (step.kind === 'setMirrorRoute') {
    return { name, match, destinations: route.destinations, mirror: { to, percent: step.percent } }
  }
  return { name, match, destinations: [{ to, hash: undefined, weight: 100 }], mirror: undefined }
}

/** Those with http routes: steps add routes of no other kind. */
function virtualServices({ spec, view }: Pass): readonly Route[] {
  const { virtualServices: references } = spec.canary.routing!.istio!
  return references.map(({ name }) => view.cluster.route('VirtualService', name)).filter(hasHttp)
}

function hasHttp({ rules }: Route): boolean {
  return rules.some(({ path }) => path.startsWith('http'))
}
