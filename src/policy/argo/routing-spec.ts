// The routers that a Rollout names, and what of their objects is the controller's.
import type { Place } from '../../scenario/problem.js'

/** The routers that split traffic, in the order in which the controller writes them. */
export interface Routing {
  readonly istio: IstioRouting | undefined
  readonly nginx: NginxRouting | undefined
  readonly alb: AlbRouting | undefined
  readonly smi: { readonly trafficSplit: string } | undefined
  readonly ambassador: { readonly mappings: readonly PlacedName[] } | undefined
  readonly appMesh: AppMeshRouting | undefined
  readonly traefik: PlacedName | undefined
  readonly apisix: ApisixRouting | undefined
  readonly plugins: readonly PluginRouting[] | undefined
  /** Names of the routes that steps may add, in the order in which they are tried. */
  readonly managedRoutes: readonly string[]
}

export interface IstioRouting {
  /** Which of the two fields names them. */
  readonly field: 'virtualService' | 'virtualServices'
  readonly virtualServices: readonly VirtualServiceReference[]
  readonly destinationRule:
    | {
        readonly name: string
        readonly canarySubset: string
        readonly stableSubset: string
        /** Those that keep the weight that they have. */
        readonly additionalSubsets: readonly string[]
      }
    | undefined
}

export interface VirtualServiceReference {
  readonly name: string
  /** Of the Rollout when undefined. */
  readonly namespace: string | undefined
  /** Names of the http routes that are managed; without any it is the only one. */
  readonly routes: readonly string[]
  readonly tlsRoutes: readonly TlsRoute[]
  readonly tcpRoutes: readonly TlsRoute[]
  /** Where it is written. */
  readonly place: Place
}

/** What routes are told by that have no names; a tcp route by its port alone. */
export interface TlsRoute {
  readonly port: number
  readonly sniHosts: readonly string[]
}

export interface NginxRouting {
  readonly field: 'stableIngress' | 'stableIngresses'
  readonly stableIngresses: readonly PlacedName[]
}

export interface AlbRouting {
  readonly field: 'ingress' | 'ingresses'
  readonly ingresses: readonly PlacedName[]
  /** The Service that the rules of the Ingresses name; the stable one when undefined. */
  readonly rootService: string | undefined
  /** Where it says that the load balancer keeps users with the version that they got, if it does. */
  readonly stickyPlace: Place | undefined
}

export interface AppMeshRouting {
  readonly virtualService: PlacedName
  /** Of the router's routes those that are managed; without any all of them. */
  readonly routes: readonly string[]
  readonly canaryNode: string
  readonly stableNode: string
}

export interface ApisixRouting extends PlacedName {
  /** Of its rules those that are managed; without any the one of the route's own name. */
  readonly rules: readonly string[]
}

export interface PluginRouting extends PlacedName {
  /** Of argoproj-labs/gatewayAPI. */
  readonly gateway: GatewayRouting | undefined
}

export interface GatewayRouting {
  readonly namespace: string | undefined
  readonly routes: readonly GatewayRoute[]
}

export interface GatewayRoute extends PlacedName {
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'
  readonly takesHeaderRoutes: boolean
}

export interface PlacedName {
  readonly name: string
  /** Where it is written. */
  readonly place: Place
}
