// What every Envoy counts, whoever configures it. Names: docs/root/configuration/upstream/cluster_manager/
// cluster_stats.rst and docs/root/configuration/http/http_conn_man/stats.rst of envoyproxy/envoy; labels: the tags of
// source/common/config/well_known_names.cc there; buckets: source/common/stats/histogram_impl.cc. It prints no help.

import type { RequestFamily, Side, Target } from './dialect.js'

/** Milliseconds. */
export const ENVOY_BOUNDS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
]

export interface EnvoyNames {
  readonly side: Side
  /** Who it is, for people. */
  readonly who: string
  readonly scraped: (target: Target) => Record<string, string>
  /** What it calls those behind it. */
  readonly clusterOf: (target: Target) => string
  /** What it calls its listener for them. */
  readonly prefix: string
}

/** By cluster, which is whom it sends requests to, and by listener, at which they come in. */
export function envoyFamilies({ side, who, scraped, clusterOf, prefix }: EnvoyNames): RequestFamily[] {
  const cluster = (target: Target) => ({ ...scraped(target), envoy_cluster_name: clusterOf(target) })
  const listener = (target: Target) => ({ ...scraped(target), envoy_http_conn_manager_prefix: prefix })
  const common = { side, help: '' } as const
  const byCluster = { ...common, fixed: {} } as const
  const byListener = { ...common, fixed: { envoy_http_conn_manager_prefix: prefix }, isThereFromStart: true } as const
  const counter = { quantity: 'requests', type: 'counter' } as const
  const time = { quantity: 'latency', type: 'histogram', bounds: ENVOY_BOUNDS_MS, unitMs: 1, labels: cluster } as const
  const answered = `requests that ${who} answered`
  return [
    {
      ...byCluster,
      ...counter,
      name: 'envoy_cluster_upstream_rq',
      counts: `${answered}, by cluster and response code`,
      labels: (target, code) => ({ ...cluster(target), envoy_response_code: code }),
    },
    {
      ...byCluster,
      ...counter,
      name: 'envoy_cluster_upstream_rq_xx',
      counts: `${answered}, by cluster and class of response code`,
      labels: (target, code) => ({ ...cluster(target), envoy_response_code_class: code[0]! }),
    },
    ...['total', 'completed'].map((suffix): RequestFamily => {
      const name = `envoy_cluster_upstream_rq_${suffix}`
      return {
        ...byCluster,
        ...counter,
        name,
        counts: `${answered}, by cluster`,
        labels: cluster,
        isThereFromStart: true,
      }
    }),
    {
      ...byCluster,
      ...time,
      name: 'envoy_cluster_upstream_rq_time',
      counts: `how long answers took through ${who}, by cluster`,
    },
    {
      ...byListener,
      ...counter,
      name: 'envoy_http_downstream_rq_xx',
      counts: `${answered}, by listener and class of response code`,
      labels: (target, code) => ({ ...listener(target), envoy_response_code_class: code[0]! }),
    },
    ...['total', 'completed'].map((suffix): RequestFamily => {
      const name = `envoy_http_downstream_rq_${suffix}`
      return { ...byListener, ...counter, name, counts: `${answered}, by listener`, labels: listener }
    }),
    {
      ...byListener,
      ...time,
      name: 'envoy_http_downstream_rq_time',
      counts: `how long answers took through ${who}, by listener`,
      labels: listener,
    },
  ]
}
