// Traefik 3.7.13. Names, labels, buckets and help: pkg/observability/metrics/prometheus.go, pkg/observability/types/
// metrics.go and pkg/middlewares/metrics/metrics.go of traefik/traefik; what services and routers are called:
// pkg/provider/kubernetes/crd/{kubernetes_http,name_builder}.go there. Metrics of routers are on here, and off by default.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily, withOwnLabels } from './scrape-labels.js'

const BOUNDS_SECONDS = [0.1, 0.3, 1.2, 5]
const PROXY = proxyPod('traefik', 'traefik', 'traefik', { 'app.kubernetes.io/name': 'traefik' })
const METRICS_PORT = 9100
const FIXED = { method: 'GET', protocol: 'http' }

export const TRAEFIK: Dialect = {
  name: 'traefik',
  families: [
    ...familiesOf('service', 'a service', ({ server, service, servicePort }) => ({
      service: `${server.namespace}-${service}-${servicePort}@kubernetescrd`,
    })),
    ...familiesOf('entrypoint', 'an entrypoint', () => ({ entrypoint: 'web' })),
    ...familiesOf('router', 'a router', routerLabels),
    upFamily('client', scraped),
  ],
}

/**
 * A router of an IngressRoute is called by a hash of its rule, and by the service that it leads to, which splits the
 * requests: canary and stable have both in common. Names of IngressRoute and TraefikService are taken for the same, and
 * the hash is made up.
 */
function routerLabels({ server, route }: Target): Record<string, string> {
  const name = `${server.namespace}-${route.name}`
  return { router: `${name}-${RULE_HASH}@kubernetescrd`, service: `${name}@kubernetescrd` }
}

const RULE_HASH = '7d1f5c0e2b9a86f4c3d1'

function familiesOf(what: string, article: string, own: (target: Target) => Record<string, string>): RequestFamily[] {
  const common = {
    side: 'client',
    fixed: FIXED,
    labels: (target: Target, code: string) => withOwnLabels({ ...scraped(), ...FIXED }, { ...own(target), code }),
  } as const
  const isRouter = what === 'router'
  const processed = isRouter ? 'are processed' : 'processed'
  const partitioned = `partitioned by ${isRouter ? 'service, ' : ''}status code, protocol, and method`
  return [
    {
      ...common,
      name: `traefik_${what}_requests_total`,
      quantity: 'requests',
      type: 'counter',
      help: `How many HTTP requests ${processed} on ${article}, ${partitioned}.`,
      counts: `requests that Traefik answered, by ${what} and code`,
    },
    {
      ...common,
      name: `traefik_${what}_request_duration_seconds`,
      quantity: 'latency',
      type: 'histogram',
      help: `How long it took to process the request on ${article}, ${partitioned}.`,
      counts: `how long answers took through Traefik, by ${what} and code`,
      bounds: BOUNDS_SECONDS,
      unitMs: 1000,
    },
  ]
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}
