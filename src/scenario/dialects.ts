// The exporters whose metric names the queries of a policy may use.

/** Those of the cluster itself, kube-state-metrics and cAdvisor, are everywhere. */
export const dialectNames = [
  'app',
  'istio',
  'nginx',
  'linkerd',
  'traefik',
  'contour',
  'gloo',
  'emissary',
  'envoy-gateway',
  'nginx-gateway-fabric',
  'knative',
  'envoy',
  'app-mesh',
  'kuma',
  'apisix',
  'skipper',
  'haproxy',
  'osm',
] as const

export type DialectName = (typeof dialectNames)[number]
