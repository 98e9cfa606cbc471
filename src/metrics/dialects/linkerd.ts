// Linkerd's proxies. Names, labels and help: linkerd/http/metrics/src/requests/report.rs, linkerd/metrics/src/latency.rs
// and linkerd/app/core/src/{metrics,transport/labels}.rs of linkerd/linkerd2-proxy 2.366; labels of pods: the job
// linkerd-proxy of viz/charts/linkerd-viz/templates/prometheus.yaml, pkg/inject/inject.go, controller/k8s/{k8s,
// metadata_api}.go, pkg/k8s/labels.go and controller/api/destination of linkerd/linkerd2 (edge-26.8.3). Left out are the
// labels of inbound policies (srv_*, route_*, authz_*) and, towards the outside, those that tell pods apart (target_*,
// dst_pod).

import { type Dialect, type Family, type PodIdentity, type Side, scrapedPod, type Target } from './dialect.js'
import { endpointLabels, podLabels, upFamily } from './scrape-labels.js'

const BOUNDS_MS = [1, 10, 100, 1000, 10_000].flatMap((decade) => [1, 2, 3, 4, 5].map((step) => step * decade))
const METRICS_PORT = 4191
const POD_PORT = 8080

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

function scraped(target: Target): Record<string, string> {
  const pod = scrapedPod(target)
  return {
    ...podLabels(pod),
    ...endpointLabels(pod, 'linkerd-proxy', METRICS_PORT),
    ...ownerLabel(pod),
    workload_ns: pod.namespace,
    control_plane_ns: 'linkerd',
  }
}

/** A Rollout is none of the kinds that Linkerd takes for the owner of a ReplicaSet: the ReplicaSet stands for itself. */
function ownerLabel({ workload, workloadKind, replicaSet }: PodIdentity): Record<string, string> {
  if (workloadKind === 'Deployment') return { deployment: workload }
  return replicaSet === '' ? {} : { replicaset: replicaSet }
}

function requestLabels({ side, server, client, service, servicePort }: Target): Record<string, string> {
  const { namespace, address } = server
  const authority = `${service}.${namespace}.svc.cluster.local:${servicePort}`
  if (side === 'server') {
    const targetLabels = { target_addr: `${address}:${POD_PORT}`, target_ip: address, target_port: `${POD_PORT}` }
    return { authority, ...targetLabels, tls: 'true', client_id: identityOf(client) }
  }
  const owner = Object.entries(ownerLabel(server)).map(([name, value]) => [`dst_${name}`, value])
  return {
    authority,
    tls: 'true',
    server_id: identityOf(server),
    dst_namespace: namespace,
    dst_service: service,
    dst_serviceaccount: 'default',
    dst_control_plane_ns: 'linkerd',
    ...Object.fromEntries(owner),
  }
}

function identityOf({ namespace }: PodIdentity): string {
  return `default.${namespace}.serviceaccount.identity.linkerd.cluster.local`
}

/** Responses are failures from 500 on. */
function responseLabels(code: string): Record<string, string> {
  return { status_code: code, classification: code.startsWith('5') ? 'failure' : 'success' }
}
