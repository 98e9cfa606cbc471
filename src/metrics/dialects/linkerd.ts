// Linkerd's proxies. Names, labels and help: linkerd/http/metrics/src/requests/report.rs, linkerd/metrics/src/latency.rs
// and linkerd/app/core/src/metrics.rs of linkerd/linkerd2-proxy; labels of pods: the job linkerd-proxy of
// viz/charts/linkerd-viz/templates/prometheus.yaml and pkg/inject/inject.go of linkerd/linkerd2.

import { type Dialect, type Family, type PodIdentity, type Side, scrapedPod, type Target } from './dialect.js'
import { scrapeLabels, upFamily } from './scrape-labels.js'

const BOUNDS_MS = [1, 10, 100, 1000, 10_000].flatMap((decade) => [1, 2, 3, 4, 5].map((step) => step * decade))
const METRICS_PORT = 4191

const PROXIES: readonly { side: Side; direction: string; who: string }[] = [
  { side: 'server', direction: 'inbound', who: 'the proxy beside the pod' },
  { side: 'client', direction: 'outbound', who: 'the proxy beside the client' },
]

export const LINKERD: Dialect = {
  name: 'linkerd',
  families: PROXIES.flatMap(({ side, direction, who }): Family[] => {
    const common = { side, fixed: { direction } } as const
    const about = (target: Target) => ({ ...scraped(target), ...requestLabels(target), direction })
    return [
      {
        ...common,
        name: 'request_total',
        quantity: 'requests',
        type: 'counter',
        help: 'Total count of HTTP requests.',
        counts: `requests, as ${who} saw them`,
        labels: about,
      },
      {
        ...common,
        name: 'response_total',
        quantity: 'requests',
        type: 'counter',
        help: 'Total count of HTTP responses.',
        counts: `requests that were answered, by status and classification, as ${who} saw them`,
        labels: (target, code) => ({ ...about(target), ...responseLabels(code) }),
      },
      {
        ...common,
        name: 'response_latency_ms',
        quantity: 'latency',
        type: 'histogram',
        help: "Elapsed times between a request's headers being received and its response stream completing",
        counts: `how long answers took, by status, as ${who} saw them`,
        bounds: BOUNDS_MS,
        unitMs: 1,
        labels: (target, code) => ({ ...about(target), status_code: code }),
      },
      upFamily(side, scraped),
    ]
  }),
}

/** Pods of kinds that Linkerd knows carry the name of their owner; a Rollout is none of them. */
function scraped(target: Target): Record<string, string> {
  const pod = scrapedPod(target)
  return { ...scrapeLabels(pod, 'linkerd-proxy', METRICS_PORT), ...ownerLabels(pod), control_plane_ns: 'linkerd' }
}

function ownerLabels({ workload, workloadKind, namespace }: PodIdentity): Record<string, string> {
  const owner = workloadKind === 'Deployment' ? { deployment: workload } : {}
  return { ...owner, workload_ns: namespace }
}

function requestLabels({ side, server, service, servicePort }: Target): Record<string, string> {
  const authority = `${service}.${server.namespace}.svc.cluster.local:${servicePort}`
  if (side === 'server') return { authority, target_addr: server.address, tls: 'true' }
  return {
    authority,
    dst: authority,
    dst_namespace: server.namespace,
    dst_service: service,
    tls: 'true',
  }
}

/** Responses are failures from 500 on. */
function responseLabels(code: string): Record<string, string> {
  return { status_code: code, classification: code.startsWith('5') ? 'failure' : 'success' }
}
