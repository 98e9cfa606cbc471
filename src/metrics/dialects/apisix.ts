// Apache APISIX 3.18. Names, labels, buckets and help: apisix/plugins/prometheus/exporter.lua of apache/apisix, with its
// plugin's prefer_name on; what routes and services are called that come from an ApisixRoute: api/adc/types.go and
// internal/adc/translator/apisixroute.go of apache/apisix-ingress-controller 2.2. The label `node`, address of the pod
// that answered, is left out: the gateway's counts don't tell pods apart here.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily, withOwnLabels } from './scrape-labels.js'

const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]
const PROXY = proxyPod('ingress-apisix', 'apisix', 'apisix', { 'app.kubernetes.io/name': 'apisix' })
const METRICS_PORT = 9091

export const APISIX: Dialect = {
  name: 'apisix',
  families: [
    {
      name: 'apisix_http_status',
      quantity: 'requests',
      side: 'client',
      type: 'counter',
      help: 'HTTP status codes per service in APISIX',
      counts: 'requests that APISIX answered, by route and code',
      fixed: {},
      labels: (target, code) => {
        const { host, path } = target.route
        return labels(target, { code, matched_uri: path, matched_host: host, response_source: 'upstream' })
      },
    },
    latency('request'),
    latency('upstream'),
    upFamily('client', scraped),
  ],
}

/** The world takes no time in the gateway itself, which is the third type. */
function latency(type: string): RequestFamily {
  return {
    name: 'apisix_http_latency',
    quantity: 'latency',
    side: 'client',
    type: 'histogram',
    help: 'HTTP request latency in milliseconds per service in APISIX',
    counts: 'how long answers took through APISIX, by route',
    bounds: BOUNDS_MS,
    unitMs: 1,
    fixed: { type },
    labels: (target) => labels(target, { type }),
  }
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}

/**
 * A route splits its requests by itself: which Service of Kubernetes one went to shows in no label. Its own service is
 * called by the number of the rule, which is taken for the first.
 */
function labels({ server, route }: Target, own: Record<string, string>): Record<string, string> {
  const object = `${server.namespace}_${route.name}`
  return withOwnLabels(scraped(), {
    ...own,
    route: `${object}_${route.rule}`,
    service: `${object}_0`,
    request_type: 'traditional_http',
  })
}
