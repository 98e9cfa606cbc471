// Routes that steps add to a router for some of the requests: Istio's, the only router here that has them.
import type { ManagedRoute, Route } from '../../world/cluster/objects.js'
import type { Pass } from './pass.js'
import type { RouteStep } from './rollout-spec.js'
import { serviceNames } from './services.js'

/** Adds or replaces the route of a step, or takes it away; told in every pass over the step. */
export function setManagedRoute(pass: Pass, step: RouteStep): void {
  const names = pass.spec.canary.routing!.managedRoutes
  for (const route of virtualServices(pass)) {
    const others = route.managed.filter(({ name }) => name !== step.name)
    const managed = step.match ? [...others, routeOf(pass, step, step.match)] : others
    update(
      pass,
      route,
      managed.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name)),
    )
    const what = step.kind === 'setHeaderRoute' ? 'headerRoute' : 'mirrorRoute'
    tell(pass, `VirtualService \`${route.name}\` set ${what} '${step.name}'`)
  }
}

/** Told even where there was none, if there are steps that add routes: those are taken away each time (since 1.10). */
export function removeManagedRoutes(pass: Pass): void {
  const { does, spec } = pass
  const hasSteps =
    does.removeRoutesOfSteps &&
    spec.canary.steps.some(({ kind }) => kind === 'setHeaderRoute' || kind === 'setMirrorRoute')
  for (const route of virtualServices(pass)) {
    if (!hasSteps && route.managed.length === 0) continue
    update(pass, route, [])
    tell(pass, `VirtualService \`${route.name}\` removed all managed routes.`)
  }
}

function routeOf(pass: Pass, step: RouteStep, match: NonNullable<RouteStep['match']>): ManagedRoute {
  const to = pass.spec.canary.routing!.istio!.destinationRule?.canarySubset ?? serviceNames(pass).canary!
  const { name } = step
  if (step.kind === 'setHeaderRoute') return { name, match, to, mirror: undefined }
  return { name, match, to: undefined, mirror: { to, percent: step.percent } }
}

function virtualServices({ spec, view }: Pass): readonly Route[] {
  const { virtualServices: references = [] } = spec.canary.routing!.istio ?? {}
  return references.map(({ name }) => view.cluster.route('VirtualService', name))
}

function update({ view }: Pass, route: Route, managed: readonly ManagedRoute[]): void {
  if (JSON.stringify(managed) === JSON.stringify(route.managed)) return
  view.cluster.routed(route, route.destinations, managed)
}

function tell({ spec, view }: Pass, message: string): void {
  view.journal.event(`Rollout/${spec.name}`, 'Normal', 'Updated VirtualService', message)
}
