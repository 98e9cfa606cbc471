// The Services and routes of the cluster, and whoever is told when they change.
import type { ClusterListener } from './listener.js'
import { Route, type Service } from './objects.js'

export class Network {
  readonly services: Service[] = []
  readonly routes: Route[] = []
  protected readonly listeners: ClusterListener[] = []

  listen(listener: ClusterListener): void {
    this.listeners.push(listener)
  }

  service(name: string): Service | undefined {
    return this.services.find((service) => service.name === name)
  }

  addService(service: Service): void {
    this.services.push(service)
    this.serviceChanged(service)
  }

  removeService(service: Service): void {
    service.deleted = true
    this.services.splice(this.services.indexOf(service), 1)
    this.serviceChanged(service)
  }

  /** Without a hash the Service selects all pods of the workload again; whose it is stays written in it. */
  select(service: Service, hash: string | undefined): void {
    service.hash = hash
    service.managed = true
    this.serviceChanged(service)
  }

  /** Takes back what a controller has written into a Service. */
  release(service: Service): void {
    service.hash = undefined
    service.managed = false
    this.serviceChanged(service)
  }

  /** The route of that name; made when it isn't there, as controllers do with the objects they own. */
  route(kind: string, name: string): Route {
    const known = this.routes.find((route) => route.kind === kind && route.name === name)
    if (known) return known
    const made = new Route(kind, name)
    this.routes.push(made)
    return made
  }

  routed(route: Route, rules: Route['rules'], managed = route.managed): void {
    route.rules = rules
    route.managed = managed
    this.routeChanged(route)
  }

  /** Somebody took the object away; a route of that name is another one from then on. */
  removeRoute(route: Route): void {
    route.deleted = true
    this.routes.splice(this.routes.indexOf(route), 1)
    this.routeChanged(route)
  }

  private serviceChanged(service: Service): void {
    for (const listener of this.listeners) listener.serviceChanged?.(service)
  }

  private routeChanged(route: Route): void {
    for (const listener of this.listeners) listener.routeChanged?.(route)
  }
}
