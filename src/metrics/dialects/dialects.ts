// All dialects, by the names that a scenario knows them by, one for each exporter.

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

export const DIALECTS: readonly Dialect[] = [
  APP,
  ISTIO,
  NGINX,
  LINKERD,
  TRAEFIK,
  CONTOUR,
  GLOO,
  EMISSARY,
  ENVOY_GATEWAY,
  KNATIVE,
  ENVOY,
  APP_MESH,
  KUMA,
  APISIX,
  SKIPPER,
  HAPROXY,
  OSM,
  NGINX_GATEWAY_FABRIC,
  ...EVERYWHERE,
]
