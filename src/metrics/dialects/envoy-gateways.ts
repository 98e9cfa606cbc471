// Gateways that are an Envoy, and differ in what they call the clusters behind it. Contour: namespace, Service and port
// (internal/envoy of projectcontour/contour, altStatName). Gloo: the discovered upstream and its namespace. Emissary:
// cluster_, then Service and namespace (its metrics in docs.emissary-ingress.dev, statistics). Envoy Gateway: one cluster
// for a rule of an HTTPRoute, whatever its weights (its retries task queries it). Knative: namespace and revision.

import type { Dialect, PodIdentity, Target } from './dialect.js'
import { envoyFamilies } from './envoy.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

export const CONTOUR = gateway({
  name: 'contour',
  pod: proxyPod('projectcontour', 'envoy', 'envoy', 'contour'),
  port: 8002,
  prefix: 'ingress_http',
  clusterOf: ({ server, service, servicePort }) => `${server.namespace}_${service}_${servicePort}`,
})

export const GLOO = gateway({
  name: 'gloo',
  pod: proxyPod('gloo-system', 'gateway-proxy', 'gateway-proxy', 'gloo'),
  port: 8081,
  prefix: 'http',
  clusterOf: ({ server, service, servicePort }) => `${server.namespace}-${service}-${servicePort}_gloo-system`,
})

export const EMISSARY = gateway({
  name: 'emissary',
  pod: proxyPod('emissary', 'emissary-ingress', 'ambassador', 'emissary-ingress'),
  port: 8877,
  prefix: 'ingress_http',
  clusterOf: ({ server, service }) => `cluster_${service}_${server.namespace}`.replace(/\W/g, '_'),
})

export const ENVOY_GATEWAY = gateway({
  name: 'envoy-gateway',
  pod: proxyPod('envoy-gateway-system', 'envoy', 'envoy', 'envoy'),
  port: 19_001,
  prefix: 'http-10080',
  clusterOf: ({ server, route }) => `httproute/${server.namespace}/${route.name}/rule/0`,
})

export const KNATIVE = gateway({
  name: 'knative',
  pod: proxyPod('kourier-system', '3scale-kourier-gateway', 'kourier-gateway', '3scale-kourier-gateway'),
  port: 9000,
  prefix: 'ingress_http',
  clusterOf: ({ server }) => `${server.namespace}/${server.replicaSet}`,
})

interface Gateway {
  readonly name: string
  readonly pod: PodIdentity
  readonly port: number
  readonly prefix: string
  readonly clusterOf: (target: Target) => string
}

function gateway({ name, pod, port, prefix, clusterOf }: Gateway): Dialect {
  const scraped = () => scrapeLabels(pod, 'kubernetes-pods', port)
  const families = envoyFamilies({ side: 'client', who: 'the gateway', scraped, clusterOf, prefix })
  return { name, families: [...families, upFamily('client', scraped)] }
}
