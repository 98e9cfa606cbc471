// NGINX Gateway Fabric with NGINX Plus, of both its lines. Before 2.0 it takes its metrics by upstream from
// nginx-prometheus-exporter: internal/mode/static/metrics of nginx/nginx-gateway-fabric 1.6.2 and collector/nginx_plus.go of
// nginx/nginx-prometheus-exporter 1.3. From 2.0 on NGINX Agent has them: its names in Prometheus are from the page on
// monitoring in nginx/documentation, its labels and help from internal/collector/nginxplusreceiver/metadata.yaml of
// nginx/agent (a stored file). Upstreams are called as ServicePortReference in internal/controller/state/graph/
// backend_refs.go (2.6) composes them. What tells pods apart (`server`, nginx_peer_*) is left out: the gateway's counts
// don't. Without Plus there are no metrics by upstream.

import type { Dialect, RequestFamily, StateFamily, Target } from './dialect.js'
import { idle } from './idle-classes.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

const PROXY = proxyPod('nginx-gateway', 'nginx-gateway', 'nginx', { 'app.kubernetes.io/name': 'nginx-gateway-fabric' })
const METRICS_PORT = 9113

interface Line {
  readonly requests: Pick<RequestFamily, 'name' | 'help'>
  readonly responses: Pick<RequestFamily, 'name' | 'help'>
  readonly fixed: Readonly<Record<string, string>>
  readonly upstreamLabels: (upstream: string) => Record<string, string>
  readonly classLabel: string
}

export const NGINX_GATEWAY_FABRIC: Dialect = {
  name: 'nginx-gateway-fabric',
  families: [
    ...familiesOf({
      requests: { name: 'nginx_gateway_fabric_upstream_server_requests', help: 'Total client requests' },
      responses: { name: 'nginx_gateway_fabric_upstream_server_responses', help: 'Total responses sent to clients' },
      fixed: { class: 'nginx' },
      upstreamLabels: (upstream) => ({ upstream }),
      classLabel: 'code',
    }),
    ...familiesOf({
      requests: {
        name: 'nginx_http_upstream_peer_requests_total',
        help: 'The total number of client requests forwarded to the HTTP upstream peer.',
      },
      responses: {
        name: 'nginx_http_upstream_peer_responses_total',
        help: 'The total number of responses obtained from the HTTP upstream peer grouped by status range.',
      },
      fixed: {},
      upstreamLabels: (upstream) => ({ nginx_upstream_name: upstream, nginx_zone_name: upstream }),
      classLabel: 'nginx_status_range',
    }),
    upFamily('client', scraped),
  ],
}

/** Upstreams are there with all their classes of status from their start. */
function familiesOf({ requests, responses, fixed, upstreamLabels, classLabel }: Line): (RequestFamily | StateFamily)[] {
  const labels = ({ server, service, servicePort }: Target) => ({
    ...scraped(),
    ...fixed,
    ...upstreamLabels(`${server.namespace}_${service}_${servicePort}`),
  })
  const common = { quantity: 'requests', side: 'client', type: 'counter', fixed, isThereFromStart: true } as const
  const byClass: RequestFamily = {
    ...common,
    ...responses,
    counts: 'requests that NGINX Gateway Fabric answered, by upstream and class of status',
    labels: (target, code) => ({ ...labels(target), [classLabel]: `${code[0]}xx` }),
  }
  const counts = 'requests that NGINX Gateway Fabric answered, by upstream'
  return [byClass, idle(byClass), { ...common, ...requests, counts, labels }]
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}
