// Plugins as routers: argoproj-labs/gatewayAPI by the routes that it writes, any other by the weights it is given.
import type { ManagedRoute, Route } from '../../world/cluster/objects.js'
import type { Pass } from './pass.js'
import { type Router, rewrite, servicesOf, withShares, writeManaged, writeOnly } from './router.js'
import type { GatewayRouting, PluginRouting } from './routing-spec.js'
import { serviceNames } from './services.js'
import type { Weights } from './status.js'
import type { RouteStep } from './step.js'

/** None of it is told by an event. */
export const plugins: Router = {
  name: 'plugins',
  write: (pass, weights) => {
    for (const plugin of pluginsOf(pass)) {
      if (plugin.gateway) writeGatewayRoutes(pass, plugin.gateway, weights)
      else writeWeights(pass, plugin, weights)
    }
  },
  setRoute: (pass, step) => {
    for (const { gateway } of pluginsOf(pass)) if (gateway) setHeaderRoute(pass, gateway, step)
  },
  removeRoutes: (pass) => {
    for (const { gateway } of pluginsOf(pass)) if (gateway) setManaged(pass, gateway, () => [])
  },
  // The gateway plugin says so of every weight, at once (rollouts-plugin-trafficrouter-gatewayapi 0.15).
  verifies: (pass) => pluginsOf(pass).at(-1)?.gateway !== undefined,
}

/** Every rule that names the two Services gets the weights. */
function writeGatewayRoutes(pass: Pass, gateway: GatewayRouting, weights: Weights): void {
  const shares = servicesOf(pass, weights)
  for (const { kind, name } of gateway.routes) {
    const route = pass.view.cluster.route(kind, name)
    rewrite(pass, route, ({ destinations }) => withShares(destinations, shares))
  }
}

/** A plugin gets the versions besides the weights, and needs no Services. */
function writeWeights(pass: Pass, { name }: PluginRouting, weights: Weights): void {
  const { stable = 'stable', canary = 'canary' } = serviceNames(pass)
  writeOnly(pass, 'Plugin', name, [
    { to: stable, hash: weights.stableHash, weight: weights.stable },
    { to: canary, hash: weights.canaryHash, weight: weights.canary },
    ...weights.additional.map(({ service: to, hash, weight }) => ({ to, hash, weight })),
  ])
}

/** The plugin knows no mirrors; a step without conditions takes away every route that one has added. */
function setHeaderRoute(pass: Pass, gateway: GatewayRouting, { kind, name, match }: RouteStep): void {
  if (kind !== 'setHeaderRoute') return
  const destinations = [{ to: serviceNames(pass).canary!, hash: undefined, weight: 100 }]
  setManaged(pass, gateway, ({ managed }) => {
    if (!match) return []
    return [...managed.filter((route) => route.name !== name), { name, match, destinations, mirror: undefined }]
  })
}

function setManaged(pass: Pass, gateway: GatewayRouting, managedOf: (route: Route) => readonly ManagedRoute[]): void {
  for (const { kind, name, takesHeaderRoutes } of gateway.routes) {
    if (!takesHeaderRoutes) continue
    const route = pass.view.cluster.route(kind, name)
    writeManaged(pass, route, managedOf(route))
  }
}

function pluginsOf({ spec }: Pass): readonly PluginRouting[] {
  return spec.canary.routing!.plugins!
}
