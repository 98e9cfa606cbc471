// Routers that are told by Ingresses: NGINX by a second Ingress for the canary, AWS load balancers by annotations.
import type { Pass } from './pass.js'
import { allServicesOf, inOrder, type Router, servicesOf, tell, weighing, writeOnly } from './router.js'
import { serviceNames } from './services.js'
import type { Weights } from './status.js'
import type { RouteStep } from './step.js'

export const nginx: Router = weighing('nginx', (pass, weights) => {
  for (const { name } of pass.spec.canary.routing!.nginx!.stableIngresses) writeCanaryIngress(pass, name, weights)
})

export const alb: Router = { name: 'alb', write: writeForwardActions, setRoute, removeRoutes, verifies: undefined }

function writeCanaryIngress(pass: Pass, ingress: string, weights: Weights): void {
  const name = `${pass.spec.name}-${ingress}-canary`
  const isNew = pass.view.cluster.route('Ingress', name).rules.length === 0
  if (!writeOnly(pass, 'Ingress', name, servicesOf(pass, weights))) return
  const { canary } = weights
  if (isNew) tell(pass, 'CreatingCanaryIngress', () => `Creating canary ingress \`${name}\` with weight \`${canary}\``)
  else tell(pass, 'PatchingCanaryIngress', () => `Updating Ingress \`${name}\` to desiredWeight '${canary}'`)
}

/** An Ingress that has the weight already ends it: those after it keep what they have (argo-rollouts 1.10.1). */
function writeForwardActions(pass: Pass, weights: Weights): void {
  for (const name of ingressesOf(pass)) {
    if (!writeOnly(pass, 'ALB', name, allServicesOf(pass, weights))) return
    tell(pass, 'PatchingALBIngress', () => `Updating Ingress \`${name}\` to desiredWeight '${weights.canary}'`)
  }
}

/** A header route is a path of its own, in the order of managedRoutes. */
function setRoute(pass: Pass, { kind, name, match }: RouteStep): void {
  if (kind !== 'setHeaderRoute') return
  for (const ingress of ingressesOf(pass)) {
    const route = pass.view.cluster.route('ALB', ingress)
    const isThere = route.managed.some((managed) => managed.name === name)
    if (isThere === (match !== undefined)) return
    const others = route.managed.filter((managed) => managed.name !== name)
    const destinations = [{ to: serviceNames(pass).canary!, hash: undefined, weight: 100 }]
    const managed = match ? [...others, { name, match, destinations, mirror: undefined }] : others
    pass.view.cluster.routed(route, route.rules, inOrder(pass, managed))
    // The real message has the step as a number of some kind: an address in memory.
    tell(pass, 'PatchingALBIngress', () => `Updating Ingress \`${ingress}\` to headerRoute '${name}'`)
  }
}

/** Where nothing was removed, the first time tells all the same: the Ingress is marked as managed. */
function removeRoutes(pass: Pass): void {
  if (pass.spec.canary.routing!.managedRoutes.length === 0) return
  for (const ingress of ingressesOf(pass)) {
    const route = pass.view.cluster.route('ALB', ingress)
    const isMarked = route.rules.length > 0
    if (isMarked && route.managed.length === 0) return
    pass.view.cluster.routed(route, isMarked ? route.rules : [{ path: '', destinations: [] }], [])
    tell(pass, 'PatchingALBIngress', () => `Updating Ingress \`${ingress}\` removing managed routes`)
  }
}

function ingressesOf({ spec }: Pass): readonly string[] {
  return spec.canary.routing!.alb!.ingresses.map(({ name }) => name)
}
