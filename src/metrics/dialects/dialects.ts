// All dialects, by the names that a scenario knows them by, one for each exporter.

import type { DialectName } from '../../scenario/dialects.js'
import { APISIX } from './apisix.js'
import { APP } from './app.js'
import { CADVISOR } from './cadvisor.js'
import type { Dialect } from './dialect.js'
import { CONTOUR, EMISSARY, ENVOY_GATEWAY, GLOO, KNATIVE } from './envoy-gateways.js'
import { APP_MESH, ENVOY, KUMA } from './envoy-sidecars.js'
import { HAPROXY } from './haproxy.js'
import { ISTIO } from './istio.js'
import { KUBE_STATE } from './kube-state.js'
import { LINKERD } from './linkerd.js'
import { NGINX } from './nginx.js'
import { NGINX_GATEWAY_FABRIC } from './nginx-gateway-fabric.js'
import { OSM } from './osm.js'
import { SKIPPER } from './skipper.js'
import { TRAEFIK } from './traefik.js'

/** What every cluster has, whatever its router: a scenario needn't name them. */
export const EVERYWHERE: readonly Dialect[] = [KUBE_STATE, CADVISOR]

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  app: APP,
  istio: ISTIO,
  nginx: NGINX,
  linkerd: LINKERD,
  traefik: TRAEFIK,
  contour: CONTOUR,
  gloo: GLOO,
  emissary: EMISSARY,
  'envoy-gateway': ENVOY_GATEWAY,
  'nginx-gateway-fabric': NGINX_GATEWAY_FABRIC,
  knative: KNATIVE,
  envoy: ENVOY,
  'app-mesh': APP_MESH,
  kuma: KUMA,
  apisix: APISIX,
  skipper: SKIPPER,
  haproxy: HAPROXY,
  osm: OSM,
}
