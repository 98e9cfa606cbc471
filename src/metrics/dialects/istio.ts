// Istio's standard metrics, reported by the client's or gateway's proxy (source) and by the server's (destination).
// Names, labels and values: source/extensions/filters/http/istio_stats/istio_stats.cc and extensions/common/
// metadata_object.cc of istio/proxy (stored files); owners and canonical names: pkg/kube/util.go and pkg/kube/labels/
// labels.go of istio/istio (August 2026). Buckets are Envoy's.

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
    ...workloadLabels('source', target.client, side === 'client'),
    ...workloadLabels('destination', server, side === 'server'),
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
 * The workload of a Rollout's pods is the Rollout, so canary and stable have it in common. What a proxy misses of itself
 * is left out, and of another unknown.
 */
function workloadLabels(role: 'source' | 'destination', pod: PodIdentity, isOwn: boolean): Record<string, string> {
  const { namespace, workload, labels } = pod
  const missing = isOwn ? '' : 'unknown'
  return {
    [`${role}_workload`]: workload,
    [`${role}_workload_namespace`]: namespace,
    [`${role}_app`]: labels['app'] ?? missing,
    [`${role}_version`]: labels['version'] ?? missing,
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
