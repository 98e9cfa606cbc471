// Whether what a Rollout refers to beside its analyses fits it, and what that means to the world.
import type { Problems } from '../../scenario/problem.js'
import type { Labels } from '../../world/cluster/objects.js'
import { checkAlbAnnotations, checkIngress } from './check-ingress.js'
import type { References } from './find-references.js'
import { keepsUsers } from './keeps-users.js'
import type { Objects } from './objects.js'
import { type ReadRoute, readRoutes } from './read-routes.js'
import { checkService, mayReach, portOf, selectorOf } from './read-service.js'
import { namedServices, type RolloutSpec } from './rollout-spec.js'

export interface Surroundings {
  /** The Services through which requests reach the pods. */
  readonly services: readonly ServiceReference[]
  /** What the managed routers do before the controller writes to them. */
  readonly routes: readonly ReadRoute[]
  /** Whether a router keeps users with the version that they got. */
  readonly keepsUsers: boolean
}

export interface ServiceReference {
  readonly name: string
  readonly selector: Labels
  /** The first one; undefined where it names none. */
  readonly port: number | undefined
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
  if (canary.routing?.alb && canary.routing.managedRoutes.length > 0) {
    for (const { manifest } of references.ingresses) checkAlbAnnotations(manifest, problems)
  }
  const routes = blueGreen ? [throughService(blueGreen.activeService)] : readRoutes(spec, references, problems)
  return { services: servicesOf(spec, objects), routes, keepsUsers: keepsUsers(spec, objects, problems) }
}

/** Everybody comes through the active Service, whatever it selects. */
function throughService(name: string): ReadRoute {
  return { kind: 'Service', name, rules: [{ path: '', destinations: [{ to: name, hash: undefined, weight: 100 }] }] }
}

/** Those that the strategy names, and those that may lead to the pods; others lead elsewhere. */
function servicesOf(spec: RolloutSpec, objects: Objects): readonly ServiceReference[] {
  const named = namedServices(spec)
  return objects
    .within(spec.namespace, 'Service')
    .filter((service) => named.includes(service.name) || mayReach(service, spec.template.labels))
    .map((service) => ({ name: service.name, selector: selectorOf(service), port: portOf(service) }))
}
