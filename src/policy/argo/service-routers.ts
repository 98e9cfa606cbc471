// Routers that split between two Services and nothing else: SMI's TrafficSplit and Traefik's weighted service.
import { allServicesOf, type Router, rewrite, servicesOf, tell, weighing, withShares, writeOnly } from './router.js'

/** The object is the controller's own. */
export const smi: Router = weighing('smi', (pass, weights) => {
  const name = pass.spec.canary.routing!.smi!.trafficSplit
  const isNew = pass.view.cluster.route('TrafficSplit', name).rules.length === 0
  if (!writeOnly(pass, 'TrafficSplit', name, allServicesOf(pass, weights)) || !isNew) return
  tell(pass, 'TrafficSplitCreated', () => `TrafficSplit \`${name}\` created`)
})

export const traefik: Router = weighing('traefik', (pass, weights) => {
  const route = pass.view.cluster.route('TraefikService', pass.spec.canary.routing!.traefik!.name)
  const shares = servicesOf(pass, weights)
  rewrite(pass, route, ({ destinations }) => withShares(destinations, shares))
})
