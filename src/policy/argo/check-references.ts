// Whether what a Rollout refers to beside its analyses fits it, and what that means to the world.
import type { Problems } from '../../scenario/problem.js'
import type { Destination } from '../../world/cluster/objects.js'
import { checkIngress } from './check-ingress.js'
import type { References } from './find-references.js'
import type { Objects } from './objects.js'
import { checkService, mayReach } from './read-service.js'
import { readTraefikService } from './read-traefik-service.js'
import { readVirtualService } from './read-virtual-service.js'
import type { RolloutSpec } from './rollout-spec.js'

export interface Surroundings {
  /** Names of the Services through which requests reach the pods. */
  readonly services: readonly string[]
  /** What the managed routers do before the controller writes to them. */
  readonly routes: readonly Route[]
}

export interface Route {
  readonly kind: string
  readonly name: string
  readonly destinations: readonly Destination[]
}

/** In the order of the controller, which looks at the templates of analyses after the Services. */
export function checkReferences(
  spec: RolloutSpec,
  references: References,
  objects: Objects,
  checkTemplates: () => void,
  problems: Problems,
): Surroundings {
  const { canary, blueGreen } = spec
  for (const service of references.services) checkService(service, spec.template.labels, spec.name, problems)
  checkTemplates()
  for (const ingress of references.ingresses) {
    if (ingress.service !== undefined) checkIngress(ingress, ingress.service, problems)
  }
  const routes: Route[] = references.virtualServices.map((found) => {
    const destinations = readVirtualService(found, found.reference, canary, problems)
    return { kind: 'VirtualService', name: found.manifest.name, destinations }
  })
  const { traefikService } = references
  if (traefikService) {
    const destinations = readTraefikService(traefikService, canary, problems)
    routes.push({ kind: 'TraefikService', name: traefikService.name, destinations })
  }
  if (blueGreen) routes.push(throughService(blueGreen.activeService))
  return { services: servicesOf(spec, objects, routes), routes }
}

/** Everybody comes through the active Service, whatever it selects. */
function throughService(name: string): Route {
  return { kind: 'Service', name, destinations: [{ to: name, hash: undefined, weight: 100 }] }
}

/** Those that the strategy or its routes name, and those that may lead to the pods; others lead elsewhere. */
function servicesOf(spec: RolloutSpec, objects: Objects, routes: readonly Route[]): readonly string[] {
  const { canaryService, stableService, pingPong } = spec.canary
  const { activeService, previewService } = spec.blueGreen ?? {}
  const named = new Set([canaryService, stableService, pingPong?.ping, pingPong?.pong, activeService, previewService])
  for (const { destinations } of routes) for (const { to } of destinations) named.add(to)
  return objects
    .within(spec.namespace, 'Service')
    .filter((service) => named.has(service.name) || mayReach(service, spec.template.labels))
    .map(({ name }) => name)
}
