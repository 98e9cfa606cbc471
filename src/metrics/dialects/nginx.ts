// ingress-nginx 1.15, the NGINX ingress controller of Kubernetes. Names, labels, help and buckets: internal/ingress/
// metric/collectors/socket.go and pkg/flags/flags.go of kubernetes/ingress-nginx; what the labels hold: rootfs/etc/nginx/
// lua/monitor.lua and balancer.lua there.

import { DEFAULT_BOUNDS_SECONDS } from './app.js'
import type { Dialect, RequestFamily, Target } from './dialect.js'
import { proxyPod, scrapeLabels, upFamily, withOwnLabels } from './scrape-labels.js'

const CONTROLLER = proxyPod('ingress-nginx', 'ingress-nginx-controller', 'controller', {
  'app.kubernetes.io/name': 'ingress-nginx',
})
const METRICS_PORT = 10_254
const FIXED = {
  method: 'GET',
  controller_class: 'k8s.io/ingress-nginx',
  controller_namespace: CONTROLLER.namespace,
  controller_pod: CONTROLLER.name,
}

const COMMON = { side: 'client', fixed: FIXED, labels: requestLabels } as const

export const NGINX: Dialect = {
  name: 'nginx',
  families: [
    {
      ...COMMON,
      name: 'nginx_ingress_controller_requests',
      quantity: 'requests',
      type: 'counter',
      help: 'The total number of client requests',
      counts: 'requests that the ingress controller answered, by status',
    },
    duration('request', 'The request processing time in milliseconds'),
    duration('response', 'The time spent on receiving the response from the upstream server'),
    duration('header', 'The time spent on receiving first header from the upstream server'),
    upFamily('client', scraped),
  ],
}

/** The world takes no time between the first byte of an answer and the last, and none in the controller. */
function duration(what: string, help: string): RequestFamily {
  return {
    ...COMMON,
    name: `nginx_ingress_controller_${what}_duration_seconds`,
    quantity: 'latency',
    type: 'histogram',
    help,
    counts: 'how long answers took through the ingress controller, by status',
    bounds: DEFAULT_BOUNDS_SECONDS,
    unitMs: 1000,
  }
}

function scraped(): Record<string, string> {
  return scrapeLabels(CONTROLLER, 'kubernetes-pods', METRICS_PORT)
}

/**
 * Requests that the canary's Ingress splits off stay those of the stable Ingress and its Service; the upstream that they
 * went to is in `canary`, which other requests lack.
 */
function requestLabels(target: Target, status: string): Record<string, string> {
  const { server, service, servicePort, mainService, route } = target
  return withOwnLabels(
    { ...scraped(), ...FIXED },
    {
      namespace: server.namespace,
      ingress: route.name,
      service: mainService,
      canary: service === mainService ? '' : `${server.namespace}-${service}-${servicePort}`,
      host: route.host,
      path: route.path,
      status,
    },
  )
}
