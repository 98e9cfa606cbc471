// Istio's standard metrics, reported by the client's or gateway's proxy (source) and by the server's (destination).
// Names and labels: https://istio.io/latest/docs/reference/config/metrics/, their values as in the examples of
// https://istio.io/latest/docs/concepts/observability/ and of a gateway in front of an Argo Rollouts canary.

import type { Dialect, Family, PodIdentity, Side, Target } from './dialect.js'
import { ENVOY_BOUNDS_MS } from './envoy.js'
import { scrapedLabels, upFamily } from './scrape-labels.js'

/** Istio's agent serves the proxy's and the application's metrics, merged, on this port. */
const MERGED_METRICS_PORT = 15_020
const JOB = 'kubernetes-pods'

/** The proxy that reports calls itself by its place in the request. */
const REPORTERS: readonly { side: Side; reporter: string; who: string }[] = [
  { side: 'client', reporter: 'source', who: 'the gateway or the client' },
  { side: 'server', reporter: 'destination', who: 'the proxy beside the pod' },
]

export const ISTIO: Dialect = {
  name: 'istio',
  families: REPORTERS.flatMap(({ side, reporter, who }): Family[] => [
    {
      name: 'istio_requests_total',
      quantity: 'requests',
      side,
      type: 'counter',
      help: '',
      counts: `requests that were answered, by response code, as ${who} saw it`,
      fixed: fixedLabels(reporter),
      labels: requestLabels,
    },
    {
      name: 'istio_request_duration_milliseconds',
      quantity: 'latency',
      side,
      type: 'histogram',
      help: '',
      counts: `how long answers took, by response code, as ${who} saw it`,
      bounds: ENVOY_BOUNDS_MS,
      unitMs: 1,
      fixed: fixedLabels(reporter),
      labels: requestLabels,
    },
    upFamily(side, (target) => scrapedLabels(target, JOB, MERGED_METRICS_PORT)),
  ]),
}

function fixedLabels(reporter: string): Record<string, string> {
  return {
    reporter,
    request_protocol: 'http',
    // Only the server's proxy knows whether the connection was encrypted.
    connection_security_policy: reporter === 'destination' ? 'mutual_tls' : 'unknown',
    source_cluster: 'Kubernetes',
    destination_cluster: 'Kubernetes',
  }
}

function requestLabels(target: Target, code: string): Record<string, string> {
  const { side, server, service } = target
  return {
    ...scrapedLabels(target, JOB, MERGED_METRICS_PORT),
    ...fixedLabels(side === 'client' ? 'source' : 'destination'),
    ...workloadLabels('source', target.client),
    ...workloadLabels('destination', server),
    destination_service: `${service}.${server.namespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: server.namespace,
    response_code: code,
    // Envoy's reason for an answer of its own; the simulated world does not tell those from the application's.
    response_flags: '-',
    // grpc_response_status is empty for plain HTTP, and an empty label is none.
  }
}

/**
 * Since Istio 1.21 the workload of a Rollout's pods is the Rollout (istio/istio#49256), so canary and stable have it in
 * common. Canonical name and revision come from the pod's labels: https://istio.io/latest/docs/ops/deployment/.
 */
function workloadLabels(role: 'source' | 'destination', pod: PodIdentity): Record<string, string> {
  const { namespace, workload, labels } = pod
  return {
    [`${role}_workload`]: workload,
    [`${role}_workload_namespace`]: namespace,
    [`${role}_app`]: labels['app'] ?? 'unknown',
    [`${role}_version`]: labels['version'] ?? 'unknown',
    [`${role}_principal`]: `spiffe://cluster.local/ns/${namespace}/sa/default`,
    [`${role}_canonical_service`]:
      labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workload,
    [`${role}_canonical_revision`]:
      labels['service.istio.io/canonical-revision'] ??
      labels['app.kubernetes.io/version'] ??
      labels['version'] ??
      'latest',
  }
}
