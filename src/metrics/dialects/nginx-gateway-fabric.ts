// NGINX Gateway Fabric before 2.0 with NGINX Plus, whose metrics by upstream it takes from nginx-prometheus-exporter.
// Upstreams are called as ServicePortReference in internal/controller/state/graph/backend_refs.go of
// nginx/nginx-gateway-fabric composes them. The label `server`, address of the pod that answered, is left out: the
// gateway's counts don't tell pods apart here.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

const PROXY = proxyPod('nginx-gateway', 'nginx-gateway', 'nginx-gateway', 'nginx-gateway-fabric')
const METRICS_PORT = 9113
const FIXED = { class: 'nginx' }

/** Upstreams are there with all their classes of status from their start. */
const COMMON = {
  quantity: 'requests',
  side: 'client',
  type: 'counter',
  fixed: FIXED,
  isThereFromStart: true,
} as const satisfies Partial<RequestFamily>

export const NGINX_GATEWAY_FABRIC: Dialect = {
  name: 'nginx-gateway-fabric',
  families: [
    {
      ...COMMON,
      name: 'nginx_gateway_fabric_upstream_server_responses',
      help: 'Total responses sent to clients',
      counts: 'requests that NGINX Gateway Fabric answered, by upstream and class of status',
      labels: (target, code) => ({ ...labels(target), code: `${code[0]}xx` }),
    },
    {
      ...COMMON,
      name: 'nginx_gateway_fabric_upstream_server_requests',
      help: 'Total client requests',
      counts: 'requests that NGINX Gateway Fabric answered, by upstream',
      labels,
    },
    upFamily('client', scraped),
  ],
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}

function labels({ server, service, servicePort }: Target): Record<string, string> {
  return { ...scraped(), ...FIXED, upstream: `${server.namespace}_${service}_${servicePort}` }
}
