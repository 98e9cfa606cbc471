// What people do by hand to the routers and Services of a Rollout, behind the controller's back.
import type { Surroundings } from '../../src/policy/argo/check-references.js'
import type { Cluster } from '../../src/world/cluster/cluster.js'
import { type Route, Service } from '../../src/world/cluster/objects.js'

interface Patch {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string | null>> }
  readonly spec?: {
    readonly http?: readonly { readonly name?: string; readonly route?: readonly WrittenDestination[] }[]
    readonly selector?: Readonly<Record<string, string | null>>
  }
}

interface WrittenDestination {
  readonly destination: { readonly host: string; readonly subset?: string }
  readonly weight?: number
}

export class HandEdits {
  constructor(private readonly cluster: Cluster) {}

  /** False for what isn't played. */
  merge(on: string, patch: Record<string, unknown>): boolean {
    const { metadata, spec } = patch as Patch
    const [kind = '', name = ''] = on.split('/')
    if (kind === 'Service') return this.editService(name, spec?.selector)
    const route = this.routeOf(kind, name)
    if (!route) return false
    if (kind === 'VirtualService' && spec?.http?.length === 1) return this.editRoute(route, spec.http[0]!.route ?? [])
    const weight = metadata?.annotations?.['nginx.ingress.kubernetes.io/canary-weight']
    return kind === 'Ingress' && weight != null && this.editIngress(route, Number(weight))
  }

  delete(on: string): boolean {
    const [kind = '', name = ''] = on.split('/')
    const route = this.routeOf(kind, name)
    if (kind !== 'Ingress' || !route) return false
    this.cluster.removeRoute(route)
    return true
  }

  /** An object as its manifest has it, whatever the controller has made of one of that name before. */
  write(kind: string, name: string, { services, routes }: Surroundings): void {
    const service = services.find((candidate) => kind === 'Service' && candidate.name === name)
    const isKnown = this.cluster.service(name) !== undefined
    if (service && !isKnown) this.cluster.services.push(new Service(name, service.selector))
    if (kind !== 'Service') this.forget(kind, name)
    for (const route of routes) {
      if (route.kind === kind && route.name === name) this.cluster.route(kind, name).rules = route.rules
    }
  }

  forget(kind: string, name: string): void {
    const { services, routes } = this.cluster
    const isSame = (object: { readonly name: string }) => object.name === name
    const service = kind === 'Service' ? services.findIndex(isSame) : -1
    if (service >= 0) services.splice(service, 1)
    const route = routes.findIndex((candidate) => candidate.kind === kind && isSame(candidate))
    if (route >= 0) routes.splice(route, 1)
  }

  /** Of those that split requests; undefined where none of that name is there. */
  private routeOf(kind: string, name: string): Route | undefined {
    return this.cluster.routes.find((route) => route.kind === kind && route.name === name)
  }

  private editRoute(route: Route, written: readonly WrittenDestination[]): boolean {
    const destinations = written.map(({ destination: { host, subset }, weight = 0 }) => ({
      to: subset ?? host,
      ...(subset !== undefined && { subsetOf: host }),
      hash: undefined,
      weight,
    }))
    this.cluster.routed(route, [{ path: 'http[0]', destinations }], [])
    return true
  }

  private editIngress(route: Route, weight: number): boolean {
    const [stable, canary] = route.destinations
    if (!stable || !canary) return false
    const total = stable.weight + canary.weight
    const destinations = [
      { ...stable, weight: total - weight },
      { ...canary, weight },
    ]
    this.cluster.routed(route, [{ path: '', destinations }])
    return true
  }

  private editService(name: string, selector: Readonly<Record<string, string | null>> | undefined): boolean {
    const service = this.cluster.service(name)
    const hash = selector?.['rollouts-pod-template-hash']
    if (!service || hash === undefined) return false
    this.cluster.select(service, hash ?? undefined)
    return true
  }
}
