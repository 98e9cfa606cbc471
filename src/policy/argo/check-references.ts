// What a Rollout refers to beside its analyses: Services and routers that must be there, and fit.
import type { Manifest } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import type { Destination } from '../../world/cluster/objects.js'
import { checkIngress } from './check-ingress.js'
import { type Objects, placeOf } from './objects.js'
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

export function checkReferences(
  spec: RolloutSpec,
  rollout: Manifest,
  objects: Objects,
  problems: Problems,
): Surroundings {
  const { canary, blueGreen, namespace } = spec
  const { labels } = spec.template
  const at = ['spec', 'strategy', 'canary']
  const find = (kind: string, name: string, place: Place, within = namespace, resource?: string) => {
    const found = objects.find(kind, within, name)
    if (found || name === '') return found
    const message = `${resource ?? kind.toLowerCase()} ${JSON.stringify(name)} not found`
    problems.error('missing-reference', place, message, { hint: objects.whyMissing(kind, within, name) })
    return undefined
  }
  const checkNamed = (name: string | undefined, path: readonly string[]) => {
    const service = find('Service', name ?? '', placeOf(rollout, ['spec', 'strategy', ...path]))
    if (service) checkService(service, labels, spec.name, problems)
  }
  checkNamed(canary.stableService, ['canary', 'stableService'])
  checkNamed(canary.canaryService, ['canary', 'canaryService'])
  checkNamed(canary.pingPong?.ping, ['canary', 'pingPong', 'pingService'])
  checkNamed(canary.pingPong?.pong, ['canary', 'pingPong', 'pongService'])
  checkNamed(blueGreen?.activeService, ['blueGreen', 'activeService'])
  checkNamed(blueGreen?.previewService, ['blueGreen', 'previewService'])
  const { istio, nginx, alb, traefik } = canary.routing ?? {}
  const routes: Route[] = (istio?.virtualServices ?? []).flatMap((reference) => {
    const resource = 'virtualservices.networking.istio.io'
    const found = find('VirtualService', reference.name, reference.place, reference.namespace, resource)
    if (!found) return []
    const destinations = readVirtualService(found, reference, canary, problems)
    return [{ kind: 'VirtualService', name: found.name, destinations }]
  })
  const rulePlace = placeOf(rollout, [...at, 'trafficRouting', 'istio', 'destinationRule', 'name'])
  const ruleName = istio?.destinationRule?.name ?? ''
  find('DestinationRule', ruleName, rulePlace, namespace, 'destinationrules.networking.istio.io')
  for (const { name, place } of nginx?.stableIngresses ?? []) {
    const found = find('Ingress', name, place, namespace, 'ingress.networking.k8s.io')
    if (found && canary.stableService !== undefined) checkIngress(found, canary.stableService, problems)
  }
  for (const { name, place } of alb?.ingresses ?? []) {
    const found = find('Ingress', name, place, namespace, 'ingress.networking.k8s.io')
    const root = alb?.rootService ?? canary.stableService
    if (found && root !== undefined) checkIngress(found, root, problems)
  }
  checkNamed(alb?.rootService, ['canary', 'trafficRouting', 'alb', 'rootService'])
  if (traefik) {
    const found = find('TraefikService', traefik.name, traefik.place, namespace, 'traefikservices.traefik.io')
    if (found)
      routes.push({
        kind: 'TraefikService',
        name: found.name,
        destinations: readTraefikService(found, canary, problems),
      })
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
