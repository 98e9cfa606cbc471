// The routers that a Rollout can drive, in the order in which the controller writes to them.
import { ambassador } from './ambassador.js'
import { apisix } from './apisix.js'
import { appMesh } from './app-mesh.js'
import { alb, nginx } from './ingress-routers.js'
import { istio } from './istio.js'
import { plugins } from './plugins.js'
import type { Router } from './router.js'
import type { Routing } from './routing-spec.js'
import { smi, traefik } from './service-routers.js'

const routers: readonly Router[] = [istio, nginx, alb, smi, ambassador, appMesh, traefik, apisix, plugins]

const known = new WeakMap<Routing, readonly Router[]>()

/** Those of a strategy: asked for in every pass, and always the same. */
export function routersOf(routing: Routing): readonly Router[] {
  let found = known.get(routing)
  if (!found) {
    found = routers.filter(({ name }) => routing[name] !== undefined)
    known.set(routing, found)
  }
  return found
}
