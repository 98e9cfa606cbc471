// Traefik 3. Names, labels, buckets and help: pkg/observability/metrics/prometheus.go of traefik/traefik; what a service
// of a TraefikService is called: pkg/provider/kubernetes/crd there. Of its routers nothing is told: their names end in a
// hash of their rule.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily, withOwnLabels } from './scrape-labels.js'

const BOUNDS_SECONDS = [0.1, 0.3, 1.2, 5]
const PROXY = proxyPod('traefik', 'traefik', 'traefik', 'traefik')
const METRICS_PORT = 9100
const FIXED = { method: 'GET', protocol: 'http' }

export const TRAEFIK: Dialect = {
  name: 'traefik',
  families: [
    ...familiesOf('service', 'a service', ({ server, service, servicePort }) => ({
      service: `${server.namespace}-${service}-${servicePort}@kubernetescrd`,
    })),
    ...familiesOf('entrypoint', 'an entrypoint', () => ({ entrypoint: 'web' })),
    upFamily('client', scraped),
  ],
}

function familiesOf(what: string, article: string, own: (target: Target) => Record<string, string>): RequestFamily[] {
  const common = {
    side: 'client',
    fixed: FIXED,
    labels: (target: Target, code: string) => withOwnLabels({ ...scraped(), ...FIXED }, { ...own(target), code }),
  } as const
  return [
    {
      ...common,
      name: `traefik_${what}_requests_total`,
      quantity: 'requests',
      type: 'counter',
      help: `How many HTTP requests processed on ${article}, partitioned by status code, protocol, and method.`,
      counts: `requests that Traefik answered, by ${what} and code`,
    },
    {
      ...common,
      name: `traefik_${what}_request_duration_seconds`,
      quantity: 'latency',
      type: 'histogram',
      help: `How long it took to process the request on ${article}, partitioned by status code, protocol, and method.`,
      counts: `how long answers took through Traefik, by ${what} and code`,
      bounds: BOUNDS_SECONDS,
      unitMs: 1000,
    },
  ]
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}
