// What the routers of a Rollout do before the controller writes to them, if their objects fit.
import type { Problems } from '../../scenario/problem.js'
import type { Rule } from '../../world/cluster/objects.js'
import type { References } from './find-references.js'
import { readApisixRules, readGatewayRules, readMappingRules, readTraefikRules } from './read-backends.js'
import { readVirtualRouter } from './read-virtual-router.js'
import { readVirtualService } from './read-virtual-service.js'
import type { RolloutSpec } from './rollout-spec.js'

export interface ReadRoute {
  readonly kind: string
  readonly name: string
  readonly rules: readonly Rule[]
}

/** In the order in which the controller looks at them. */
export function readRoutes({ canary }: RolloutSpec, references: References, problems: Problems): readonly ReadRoute[] {
  const { istio, appMesh, apisix } = canary.routing ?? {}
  const routes: ReadRoute[] = []
  for (const found of references.virtualServices) {
    const rules = readVirtualService(found, found.reference, canary, problems)
    routes.push({ kind: 'VirtualService', name: found.manifest.name, rules })
  }
  const rule = istio?.destinationRule
  if (rule) routes.push(pointer('DestinationRule', rule.name, rule.stableSubset, rule.canarySubset))
  for (const { manifest } of references.mappings) {
    routes.push({ kind: 'Mapping', name: manifest.name, rules: readMappingRules(manifest, canary, problems) })
  }
  const { virtualRouter, traefikService, apisixRoute, gatewayRoutes } = references
  if (appMesh && virtualRouter) {
    // The router goes by the name of the VirtualService, in which it is named.
    const rules = readVirtualRouter(virtualRouter, appMesh, problems)
    routes.push({ kind: 'VirtualRouter', name: appMesh.virtualService.name, rules })
    for (const node of [appMesh.stableNode, appMesh.canaryNode]) routes.push(pointer('VirtualNode', node, node))
  }
  if (traefikService) {
    const rules = readTraefikRules(traefikService, canary, problems)
    routes.push({ kind: 'TraefikService', name: traefikService.name, rules })
  }
  if (apisix && apisixRoute) {
    const rules = readApisixRules(apisixRoute, apisix.rules, canary, problems)
    routes.push({ kind: 'ApisixRoute', name: apisixRoute.name, rules })
  }
  for (const { kind, manifest } of gatewayRoutes) {
    routes.push({ kind, name: manifest.name, rules: readGatewayRules(manifest, kind, canary, problems) })
  }
  return routes
}

/** Says of names which pods they mean: those of the whole workload until the controller tells versions apart. */
function pointer(kind: string, name: string, ...meant: readonly string[]): ReadRoute {
  return { kind, name, rules: [{ path: '', destinations: meant.map((to) => ({ to, hash: undefined, weight: 0 })) }] }
}
