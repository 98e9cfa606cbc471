// Open Service Mesh. Names and labels: charts/osm/templates/prometheus-configmap.yaml of openservicemesh/osm, which takes
// them out of the names of Envoy's statistics; buckets are Envoy's.

import type { Dialect, PodIdentity, Target } from './dialect.js'
import { ENVOY_BOUNDS_MS } from './envoy.js'
import { scrapedLabels, upFamily } from './scrape-labels.js'

const METRICS_PORT = 15_010
const JOB = 'smi-metrics'

export const OSM: Dialect = {
  name: 'osm',
  families: [
    {
      name: 'osm_request_total',
      quantity: 'requests',
      side: 'server',
      type: 'counter',
      help: '',
      counts: 'requests that were answered, by response code, as the proxy beside the pod saw them',
      fixed: {},
      labels: (target, code) => ({ ...labels(target), response_code: code }),
    },
    {
      name: 'osm_request_duration_ms',
      quantity: 'latency',
      side: 'server',
      type: 'histogram',
      help: '',
      counts: 'how long answers took, as the proxy beside the pod saw them',
      bounds: ENVOY_BOUNDS_MS,
      unitMs: 1,
      fixed: {},
      labels,
    },
    upFamily('server', scraped),
  ],
}

function scraped(target: Target): Record<string, string> {
  return scrapedLabels(target, JOB, METRICS_PORT)
}

function labels(target: Target): Record<string, string> {
  return {
    ...scraped(target),
    ...workloadLabels('source', target.client),
    ...workloadLabels('destination', target.server),
  }
}

/** Whatever owns a ReplicaSet is taken for a Deployment (pkg/compute/kube/client.go there). */
function workloadLabels(
  role: string,
  { namespace, workload, workloadKind, replicaSet, name }: PodIdentity,
): Record<string, string> {
  return {
    [`${role}_namespace`]: namespace,
    [`${role}_kind`]: replicaSet === '' ? workloadKind : 'Deployment',
    [`${role}_name`]: workload,
    [`${role}_pod`]: name,
  }
}
