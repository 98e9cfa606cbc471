// What every router of a Rollout has in common: how the controller writes to it, and what it is told.
import type { Destination, ManagedRoute, Route, Rule } from '../../world/cluster/objects.js'
import type { Pass } from './pass.js'
import type { Routing } from './routing-spec.js'
import { serviceNames } from './services.js'
import type { Weights } from './status.js'
import type { RouteStep } from './step.js'

export interface Router {
  readonly name: Exclude<keyof Routing, 'managedRoutes'>
  /** Istio may have to leave its subsets as they are. */
  readonly write: (pass: Pass, weights: Weights, subsetsWait: boolean) => void
  /** Adds or replaces the route of a step, or takes it away; in every pass over the step. */
  readonly setRoute: ((pass: Pass, step: RouteStep) => void) | undefined
  readonly removeRoutes: ((pass: Pass) => void) | undefined
  /** Whether it says that the weights are in force: a step waits for it where it says that they aren't. */
  readonly verifies: ((pass: Pass) => boolean) | undefined
}

/** A router that knows weights and nothing else. */
export function weighing(name: Router['name'], write: Router['write']): Router {
  return { name, write, setRoute: undefined, removeRoutes: undefined, verifies: undefined }
}

/**
 * By Service: which pods that means depends on what the Service selects at the moment. For the routers that don't know
 * of experiments, whose part stays with stable.
 */
export function servicesOf(pass: Pass, { canary: weight }: Weights): readonly Destination[] {
  const { stable, canary } = serviceNames(pass)
  return [
    { to: stable!, hash: undefined, weight: pass.spec.canary.maxWeight - weight },
    { to: canary!, hash: undefined, weight },
  ]
}

/** By Service, with what an experiment gets of stable's part. */
export function allServicesOf(pass: Pass, weights: Weights): readonly Destination[] {
  const { stable, canary } = serviceNames(pass)
  return [
    { to: canary!, hash: undefined, weight: weights.canary },
    ...experimentsOf(weights),
    { to: stable!, hash: undefined, weight: weights.stable },
  ]
}

/** What templates of an experiment get, by their Services. */
export function experimentsOf({ additional }: Weights): readonly Destination[] {
  return additional.length === 0
    ? noDestinations
    : additional.map(({ service: to, weight }) => ({ to, hash: undefined, weight }))
}

const noDestinations: readonly Destination[] = []

/** Writes the only rule of an object; false where it stands there already. */
export function writeOnly(pass: Pass, kind: string, name: string, destinations: readonly Destination[]): boolean {
  const route = pass.view.cluster.route(kind, name)
  if (isSame(route.destinations, destinations)) return false
  pass.view.cluster.routed(route, [{ path: '', destinations }])
  return true
}

/** Gives every rule of an object new destinations; false where all of them stand there already. */
export function rewrite(
  pass: Pass,
  route: Route,
  destinationsOf: (rule: Rule) => readonly Destination[],
  managed: readonly ManagedRoute[] = route.managed,
): boolean {
  let rules: Rule[] | undefined
  for (let index = 0; index < route.rules.length; index++) {
    const rule = route.rules[index]!
    const destinations = destinationsOf(rule)
    if (destinations === rule.destinations || isSame(rule.destinations, destinations)) continue
    rules ??= [...route.rules]
    rules[index] = { path: rule.path, destinations }
  }
  if (!rules && managed === route.managed) return false
  pass.view.cluster.routed(route, rules ?? route.rules, managed)
  return true
}

/** Routes of steps in the order of managedRoutes, in which they are tried. */
export function inOrder({ spec }: Pass, managed: readonly ManagedRoute[]): readonly ManagedRoute[] {
  const names = spec.canary.routing!.managedRoutes
  return managed.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
}

/** Gives an object other routes of steps, unless it has them already. */
export function writeManaged({ view }: Pass, route: Route, managed: readonly ManagedRoute[]): void {
  if (JSON.stringify(managed) !== JSON.stringify(route.managed)) view.cluster.routed(route, route.rules, managed)
}

/** In the order that the rule has; what is neither canary nor stable keeps its weight. */
export function withShares(before: readonly Destination[], shares: readonly Destination[]): readonly Destination[] {
  return before.map((destination) => {
    const share = shares.find(({ to }) => to === destination.to)
    return share ? { ...destination, weight: share.weight } : destination
  })
}

export function tell(pass: Pass, reason: string, words: () => string): void {
  pass.view.journal.event?.(`Rollout/${pass.spec.name}`, 'Normal', reason, words())
}

function isSame(before: readonly Destination[], after: readonly Destination[]): boolean {
  if (before.length !== after.length) return false
  for (let index = 0; index < before.length; index++) {
    const [one, other] = [before[index]!, after[index]!]
    if (one.weight !== other.weight || one.to !== other.to || one.hash !== other.hash) return false
  }
  return true
}
