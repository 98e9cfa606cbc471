// Apache APISIX as a router: the backends of an ApisixRoute's rules, and routes of its own for headers.
import type { Pass } from './pass.js'
import type { RouteStep } from './rollout-spec.js'
import { type Router, rewrite, servicesOf, withShares } from './router.js'

/** None of it is told by an event. */
export const apisix: Router = {
  name: 'apisix',
  write: (pass, weights) => {
    const shares = servicesOf(pass, weights)
    rewrite(pass, routeOf(pass), ({ destinations }) => withShares(destinations, shares))
  },
  setRoute: (pass, step) => {
    if (step.kind === 'setHeaderRoute') setHeaderRoute(pass, step)
  },
  removeRoutes: (pass) => setManaged(pass, []),
  verifies: undefined,
}

/** A route of that name beside the other: the copy of its rules without stable, one up in priority. */
function setHeaderRoute(pass: Pass, { name, match }: RouteStep): void {
  const { managed, destinations: all } = routeOf(pass)
  const others = managed.filter((route) => route.name !== name)
  if (!match) return setManaged(pass, others)
  const { stableService, canaryService } = pass.spec.canary
  const destinations = all
    .filter(({ to }) => to !== stableService)
    .map((destination) => (destination.to === canaryService ? { ...destination, weight: 100 } : destination))
  setManaged(pass, [...others, { name, match, destinations, mirror: undefined }])
}

function setManaged(pass: Pass, managed: ReturnType<typeof routeOf>['managed']): void {
  const route = routeOf(pass)
  if (JSON.stringify(managed) === JSON.stringify(route.managed)) return
  pass.view.cluster.routed(route, route.rules, managed)
}

function routeOf({ spec, view }: Pass) {
  return view.cluster.route('ApisixRoute', spec.canary.routing!.apisix!.name)
}
