// Apache APISIX as a router: the backends of an ApisixRoute's rules, and routes of its own for headers.
import type { Pass } from './pass.js'
import { type Router, rewrite, servicesOf, withShares, writeManaged } from './router.js'
import type { RouteStep } from './step.js'

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
  removeRoutes: (pass) => writeManaged(pass, routeOf(pass), []),
  verifies: undefined,
}

/** A route of that name beside the other: the copy of its rules without stable, one up in priority. */
function setHeaderRoute(pass: Pass, { name, match }: RouteStep): void {
  const route = routeOf(pass)
  const others = route.managed.filter((managed) => managed.name !== name)
  if (!match) return writeManaged(pass, route, others)
  const { stableService, canaryService } = pass.spec.canary
  const destinations = route.destinations
    .filter(({ to }) => to !== stableService)
    .map((destination) => (destination.to === canaryService ? { ...destination, weight: 100 } : destination))
  writeManaged(pass, route, [...others, { name, match, destinations, mirror: undefined }])
}

function routeOf({ spec, view }: Pass) {
  return view.cluster.route('ApisixRoute', spec.canary.routing!.apisix!.name)
}
