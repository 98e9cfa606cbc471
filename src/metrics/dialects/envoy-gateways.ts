// Gateways that are an Envoy, and differ in what they call the clusters behind it and their listeners.
//
// Contour 1.33.8: AltStatName in internal/envoy/cluster.go, MetricsPrefix in internal/xdscache/v3/listener.go,
//   examples/contour/03-envoy.yaml.
// Gloo (solo-io/gloo, August 2026): projects/gloo/pkg/translator/{utils,clusters,network_filters}.go and, for the names of
//   discovered upstreams, plugins/kubernetes/uds_convert.go; install/helm/gloo/templates/7-gateway-proxy-deployment.yaml.
//   With its Gateway API controller on, it calls clusters differently.
// Emissary 4.1 (emissary-ingress/emissary, August 2026): python/ambassador/src/ambassador/ir/{ircluster,irbasemapping,
//   irlistener}.py. The port is there if the Mapping writes it.
// Envoy Gateway 1.9.1: irRouteDestinationName in internal/gatewayapi/helpers.go, hcmStatPrefix in internal/xds/translator/
//   listener.go, internal/xds/bootstrap. One cluster for a rule of an HTTPRoute, whatever its weights, unless a Service
//   with some weight has no endpoints: then there is one for each Service, `/backend/` and its place in the rule.
// Knative: pkg/generator/ingress_translator.go, pkg/envoy/api/http_connection_manager.go and config/300-gateway.yaml of
//   net-kourier 1.23; pkg/reconciler/route/resources/ingress.go of serving 0.51.

import type { Dialect, PodIdentity, Target } from './dialect.js'
import { envoyFamilies } from './envoy.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

export const CONTOUR = gateway({
  name: 'contour',
  pod: proxyPod('projectcontour', 'envoy', 'envoy', { app: 'envoy' }),
  port: 8002,
  prefix: 'ingress_http',
  clusterOf: ({ server, service, servicePort }) => `${server.namespace}_${service}_${servicePort}`,
})

export const GLOO = gateway({
  name: 'gloo',
  pod: proxyPod('gloo-system', 'gateway-proxy', 'gateway-proxy', { gloo: 'gateway-proxy' }),
  port: 8081,
  prefix: 'http',
  clusterOf: ({ server, service, servicePort }) => `${server.namespace}-${service}-${servicePort}_gloo-system`,
})

export const EMISSARY = gateway({
  name: 'emissary',
  pod: proxyPod('emissary', 'emissary-ingress', 'ambassador', { 'app.kubernetes.io/name': 'emissary-ingress' }),
  port: 8877,
  prefix: 'ingress_http',
  clusterOf: ({ server, service, servicePort }) => `${service}_${server.namespace}_${servicePort}`.replace(/\W/g, '_'),
})

export const ENVOY_GATEWAY = gateway({
  name: 'envoy-gateway',
  pod: proxyPod('envoy-gateway-system', 'envoy', 'envoy', { 'app.kubernetes.io/name': 'envoy' }),
  port: 19_001,
  prefix: 'http-10080',
  isDeferred: true,
  clusterOf: ({ server, route }) => `httproute/${server.namespace}/${route.name}/rule/0`,
})

export const KNATIVE = gateway({
  name: 'knative',
  pod: proxyPod('kourier-system', '3scale-kourier-gateway', 'kourier-gateway', { app: '3scale-kourier-gateway' }),
  port: 9000,
  prefix: 'ingress_http',
  clusterOf: ({ server }) => `${server.namespace}/${server.replicaSet}`,
})

interface Gateway {
  readonly name: string
  readonly pod: PodIdentity
  readonly port: number
  readonly prefix: string
  readonly isDeferred?: boolean
  readonly clusterOf: (target: Target) => string
}

function gateway({ name, pod, port, ...names }: Gateway): Dialect {
  const scraped = () => scrapeLabels(pod, 'kubernetes-pods', port)
  const families = envoyFamilies({ side: 'client', who: 'the gateway', scraped, ...names })
  return { name, families: [...families, upFamily('client', scraped)] }
}
