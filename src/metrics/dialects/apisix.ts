// Apache APISIX. Names, labels, buckets and help: apisix/plugins/prometheus/exporter.lua of apache/apisix; what a route
// is called that comes from an ApisixRoute: namespace, name and rule, as its ingress controller composes them. The label
// `node`, address of the pod that answered, is left out: the gateway's counts don't tell pods apart here.

import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily, withOwnLabels } from './scrape-labels.js'

const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000]
const PROXY = proxyPod('ingress-apisix', 'apisix', 'apisix', 'apisix')
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
        return labels(target, { code, matched_uri: path, matched_host: host })
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

/** A route splits its requests by itself: which Service one went to shows in no label. */
function labels({ server, route }: Target, own: Record<string, string>): Record<string, string> {
  const name = [server.namespace, route.name, route.rule].filter((part) => part !== '').join('_')
  return withOwnLabels(scraped(), { ...own, route: name })
}
