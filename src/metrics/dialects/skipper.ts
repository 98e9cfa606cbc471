// Skipper 0.27.65. Names, labels, help and default buckets: metrics/prometheus.go and metrics/utils.go of zalando/skipper,
// with the flags -serve-route-metrics, -serve-route-counter, -serve-host-metrics, -serve-host-counter and
// -route-response-metrics (config/config.go), of which only the last is on by default, by way of compatibility; names of
// routes: routeID in dataclients/kubernetes/ingress.go and ingressv1.go.

import { DEFAULT_BOUNDS_SECONDS } from './app.js'
import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily } from './scrape-labels.js'

const PROXY = proxyPod('kube-system', 'skipper-ingress', 'skipper-ingress', {
  application: 'skipper-ingress',
  component: 'ingress',
})
const METRICS_PORT = 9911
const FIXED = { method: 'GET' }

type Own = (target: Target) => Record<string, string>

export const SKIPPER: Dialect = {
  name: 'skipper',
  families: [
    duration('serve_route', 'Duration in seconds of serving a route.', byRoute),
    duration('serve_host', 'Duration in seconds of serving a host.', byHost),
    duration('response', 'Duration in seconds of a response.', byRoute),
    counter('route', byRoute),
    counter('host', byHost),
    upFamily('client', scraped),
  ],
}

function duration(what: string, help: string, own: Own): RequestFamily {
  return {
    ...common(own),
    name: `skipper_${what}_duration_seconds`,
    quantity: 'latency',
    type: 'histogram',
    help,
    counts: 'how long answers took through Skipper, by code',
    bounds: DEFAULT_BOUNDS_SECONDS,
    unitMs: 1000,
  }
}

function counter(what: string, own: Own): RequestFamily {
  return {
    ...common(own),
    name: `skipper_serve_${what}_count`,
    quantity: 'requests',
    type: 'counter',
    help: `Total number of requests of serving a ${what}.`,
    counts: `requests that Skipper answered, by ${what} and code`,
  }
}

function common(own: Own) {
  const labels = (target: Target, code: string) => ({ ...scraped(), ...FIXED, ...own(target), code })
  return { side: 'client', fixed: FIXED, labels } as const
}

function scraped(): Record<string, string> {
  return scrapeLabels(PROXY, 'kubernetes-pods', METRICS_PORT)
}

function byRoute({ server, service, route }: Target): Record<string, string> {
  const parts = [server.namespace, route.name, route.host, route.path, service]
  const [namespace, ...others] = parts.map((part) => part.replace(/\W/g, '_'))
  return { route: `kube_${[namespace, ...others].join('__')}` }
}

function byHost({ route }: Target): Record<string, string> {
  return { host: route.host.replaceAll('.', '_').replaceAll(':', '__') }
}
