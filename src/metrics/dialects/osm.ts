// Open Service Mesh (openservicemesh/osm, July 2023, its last state). Names and labels: wasm/stats.cc, which counts at
// listeners for requests that go out, and nowhere else; charts/osm/templates/prometheus-configmap.yaml, whose job takes
// the labels out of the name of Envoy's statistic and adds none of pods; owners: pkg/compute/kube/client.go; the port:
// pkg/constants/constants.go. Buckets are Envoy's.

import type { Dialect, PodIdentity, Target } from './dialect.js'
import { ENVOY_BOUNDS_MS } from './envoy.js'
import { endpointLabels, upFamily } from './scrape-labels.js'

const METRICS_PORT = 15_010
const JOB = 'smi-metrics'
const WHO = 'as the proxy beside the client saw them'

export const OSM: Dialect = {
  name: 'osm',
  families: [
    {
      name: 'osm_request_total',
      quantity: 'requests',
      side: 'client',
      type: 'counter',
      help: '',
      counts: `requests that were answered, by response code, ${WHO}`,
      fixed: {},
      labels: (target, code) => ({ ...labels(target), response_code: code }),
    },
    {
      name: 'osm_request_duration_ms',
      quantity: 'latency',
      side: 'client',
      type: 'histogram',
      help: '',
      counts: `how long answers took, ${WHO}`,
      bounds: ENVOY_BOUNDS_MS,
      unitMs: 1,
      fixed: {},
      labels,
    },
    upFamily('client', scraped),
  ],
}

function scraped({ client }: Target): Record<string, string> {
  return endpointLabels(client, JOB, METRICS_PORT)
}

/** The client's counts don't tell pods apart here: those of a ReplicaSet stand under one name, which begins as theirs do. */
function labels(target: Target): Record<string, string> {
  const { server, client } = target
  return {
    ...scraped(target),
    ...workloadLabels('source', client, client.name),
    ...workloadLabels('destination', server, `${server.replicaSet}-0`),
  }
}

/** Whatever owns a ReplicaSet is taken for a Deployment. */
function workloadLabels(
  role: string,
  { namespace, workload, workloadKind, replicaSet }: PodIdentity,
  pod: string,
): Record<string, string> {
  return {
    [`${role}_namespace`]: inName(namespace),
    [`${role}_kind`]: replicaSet === '' ? workloadKind : 'Deployment',
    [`${role}_name`]: inName(workload),
    [`${role}_pod`]: inName(pod),
  }
}

/** Having been in the name of a metric (sanitizeName in source/server/admin/prometheus_stats.cc of envoyproxy/envoy). */
function inName(text: string): string {
  return text.replace(/\W/g, '_')
}
