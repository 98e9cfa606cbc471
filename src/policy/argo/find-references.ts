// What a Rollout refers to, looked for in the order of the controller: it looks at nothing before all of it is there.
import { type Manifest, placeOf } from '../../scenario/manifest.js'
import type { Place, Problems } from '../../scenario/problem.js'
import { quote } from './condition/value/quote.js'
import type { Objects } from './objects.js'
import { routerReferenceOf } from './read-virtual-router.js'
import { invalidValue } from './refusal.js'
import { requireOne } from './require-one.js'
import type { RolloutSpec } from './rollout-spec.js'
import type { GatewayRoute, PlacedName, VirtualServiceReference } from './routing-spec.js'

/** What is there, each with the path under which the controller speaks of it. */
export interface References {
  readonly services: readonly Found[]
  readonly ingresses: readonly (Found & { readonly service: string | undefined })[]
  readonly virtualServices: readonly (Found & { readonly reference: VirtualServiceReference })[]
  readonly mappings: readonly Found[]
  readonly virtualRouter: Manifest | undefined
  readonly traefikService: Manifest | undefined
  readonly apisixRoute: Manifest | undefined
  readonly gatewayRoutes: readonly { readonly manifest: Manifest; readonly kind: GatewayRoute['kind'] }[]
}

export interface Found {
  readonly manifest: Manifest
  readonly path: string
}

export function findReferences(
  spec: RolloutSpec,
  rollout: Manifest,
  objects: Objects,
  findTemplates: () => void,
  problems: Problems,
): References {
  const finder = new Finder(spec, rollout, objects, problems)
  const services = finder.services()
  findTemplates()
  requireOne('nginx', rollout, problems)
  requireOne('alb', rollout, problems)
  const ingresses = finder.ingresses()
  requireOne('istio', rollout, problems)
  const virtualServices = finder.virtualServices()
  const mappings = finder.mappings()
  const virtualRouter = finder.virtualRouter()
  return { services, ingresses, virtualServices, mappings, virtualRouter, ...finder.others() }
}

const routingPath = 'spec.strategy.canary.trafficRouting'

class Finder {
  constructor(
    private readonly spec: RolloutSpec,
    private readonly rollout: Manifest,
    private readonly objects: Objects,
    private readonly problems: Problems,
  ) {}

  services(): readonly Found[] {
    const { canary, blueGreen } = this.spec
    const named = [
      [canary.stableService, 'canary.stableService'],
      [canary.canaryService, 'canary.canaryService'],
      [canary.pingPong?.ping, 'canary.pingPong.pingService'],
      [canary.pingPong?.pong, 'canary.pingPong.pongService'],
      [blueGreen?.activeService, 'blueGreen.activeService'],
      [blueGreen?.previewService, 'blueGreen.previewService'],
    ] as const
    return named.flatMap(([name = '', key]) => {
      if (name === '') return []
      const path = `spec.strategy.${key}`
      const place = placeOf(this.rollout, path.split('.'))
      const verbatim = invalidValue(path, name, notFound('Service', name))
      return this.find('Service', { name, place }, verbatim).map((manifest) => ({ manifest, path }))
    })
  }

  /** Of two routers with Ingresses the controller looks at those of the load balancer alone. */
  ingresses(): References['ingresses'] {
    const { routing, stableService } = this.spec.canary
    const { nginx, alb } = routing ?? {}
    if (alb) return this.ingressesOf('alb', alb.field, alb.ingresses, alb.rootService ?? stableService)
    return nginx ? this.ingressesOf('nginx', nginx.field, nginx.stableIngresses, stableService) : []
  }

  private ingressesOf(
    router: string,
    field: string,
    named: readonly PlacedName[],
    service: string | undefined,
  ): References['ingresses'] {
    const isList = field.endsWith('es')
    const fieldMissed = field === 'stableIngresses' ? 'StableIngresses' : field
    return named.flatMap((one) => {
      const value = isList ? named.map(({ name }) => name) : one.name
      const verbatim = invalidValue(`${routingPath}.${router}.${fieldMissed}`, value, notFound('Ingress', one.name))
      const path = `${routingPath}.${router}.${field}`
      return this.find('Ingress', one, verbatim).map((manifest) => ({ manifest, path, service }))
    })
  }

  virtualServices(): References['virtualServices'] {
    const { istio } = this.spec.canary.routing ?? {}
    const path = `${routingPath}.istio.${istio?.field}.name`
    return (istio?.virtualServices ?? []).flatMap((reference) => {
      const verbatim = invalidValue(path, reference.name, notFound('VirtualService', reference.name))
      const found = this.find('VirtualService', reference, verbatim, reference.namespace)
      return found.map((manifest) => ({ manifest, path, reference }))
    })
  }

  mappings(): readonly Found[] {
    const { ambassador } = this.spec.canary.routing ?? {}
    if (!ambassador) return []
    const path = `${routingPath}.ambassador.mappings`
    if (ambassador.mappings.length === 0) {
      this.refuse(path, null, 'must provide at least one mapping', placeOf(this.rollout, path.split('.')))
    }
    return ambassador.mappings.flatMap((mapping) => {
      const verbatim = invalidValue(path, mapping.name, notFound('Mapping', mapping.name))
      return this.find('Mapping', mapping, verbatim).map((manifest) => ({ manifest, path }))
    })
  }

  /** Of App Mesh: the one that the VirtualService is provided by. */
  virtualRouter(): Manifest | undefined {
    const { appMesh } = this.spec.canary.routing ?? {}
    if (!appMesh) return undefined
    const { name, place } = appMesh.virtualService
    const path = `${routingPath}.appmesh.virtualService`
    if (name === '') this.refuse(path, null, 'must provide virtual-service', place)
    const value = `${name}.${this.spec.namespace}`
    const kind = 'VirtualService.appmesh.k8s.aws'
    const verbatim = (of: string, missing: string) => invalidValue(path, value, notFound(of, missing))
    const [service] = name === '' ? [] : this.find(kind, { name, place }, verbatim(kind, name))
    const reference = service && routerReferenceOf(service, this.problems)
    if (!reference) return undefined
    const words = verbatim('VirtualRouter', reference.name)
    return this.find('VirtualRouter', { name: reference.name, place }, words, reference.namespace)[0]
  }

  /** What the controller misses only when it comes to write it. */
  others(): Pick<References, 'traefikService' | 'apisixRoute' | 'gatewayRoutes'> {
    const { istio, nginx, alb, appMesh, traefik, apisix, plugins } = this.spec.canary.routing ?? {}
    const at = (...path: string[]) => placeOf(this.rollout, [...routingPath.split('.'), ...path])
    const { name: rule } = istio?.destinationRule ?? {}
    if (rule) this.find('DestinationRule', { name: rule, place: at('istio', 'destinationRule', 'name') })
    // The rootService is a name in annotations of the Ingress; no object of that name has to be there.
    if (alb) for (const ingress of nginx?.stableIngresses ?? []) this.find('Ingress', ingress)
    for (const node of appMesh ? [appMesh.stableNode, appMesh.canaryNode] : []) {
      if (node !== '') this.find('VirtualNode', { name: node, place: at('appMesh', 'virtualNodeGroup') })
    }
    return {
      traefikService: traefik?.name ? this.find('TraefikService', traefik)[0] : undefined,
      apisixRoute: apisix?.name ? this.find('ApisixRoute', apisix)[0] : undefined,
      gatewayRoutes: (plugins ?? []).flatMap(({ gateway }) =>
        (gateway?.routes ?? []).flatMap((route) => {
          const found = this.find(route.kind, route, undefined, gateway?.namespace)
          return found.map((manifest) => ({ manifest, kind: route.kind }))
        }),
      ),
    }
  }

  private refuse(path: string, value: null, message: string, place: Place): void {
    const verbatim = invalidValue(path, value, message)
    this.problems.error('invalid-spec', place, `${path}: ${message}`, { verbatim })
  }

  private find(
    kind: string,
    { name, place }: PlacedName,
    verbatim?: string,
    namespace = this.spec.namespace,
  ): readonly Manifest[] {
    const found = this.objects.find(kind, namespace, name)
    if (found) return this.objects.isRefused(found) ? [] : [found]
    const hint = this.objects.whyMissing(kind, namespace, name)
    // What it has no words for, it misses only when it comes to write it.
    const code = verbatim === undefined ? 'missing-router-object' : 'missing-reference'
    this.problems.error(code, place, notFound(kind, name), { hint, verbatim })
    return []
  }
}

const resources: Readonly<Record<string, string>> = {
  Service: 'service',
  Ingress: 'ingress.networking.k8s.io',
  VirtualService: 'virtualservices.networking.istio.io',
  DestinationRule: 'destinationrules.networking.istio.io',
  TraefikService: 'traefikservices.traefik.io',
  Mapping: 'mappings.getambassador.io',
  'VirtualService.appmesh.k8s.aws': 'virtualservices.appmesh.k8s.aws',
  VirtualRouter: 'virtualrouters.appmesh.k8s.aws',
  VirtualNode: 'virtualnodes.appmesh.k8s.aws',
  ApisixRoute: 'apisixroutes.apisix.apache.org',
  HTTPRoute: 'httproutes.gateway.networking.k8s.io',
  GRPCRoute: 'grpcroutes.gateway.networking.k8s.io',
  TCPRoute: 'tcproutes.gateway.networking.k8s.io',
  TLSRoute: 'tlsroutes.gateway.networking.k8s.io',
}

function notFound(kind: string, name: string): string {
  return `${resources[kind]} ${quote(name)} not found`
}
