// What every Envoy counts, whoever configures it, as envoyproxy/envoy has it (stored files of it, of different ages).
// Names: docs/root/configuration/upstream/cluster_manager/cluster_stats.rst, docs/root/configuration/http/http_conn_man/
// stats.rst and source/server/admin/prometheus_stats.cc, which prints no help; labels: the tags of source/common/config/
// well_known_names.cc; buckets: source/common/stats/histogram_impl.cc; what is there from the start: source/common/http/
// conn_manager_config.h and codes.cc.

import type { RequestFamily, Side, StateFamily, Target } from './dialect.js'
import { idle } from './idle-classes.js'

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
  /** Whether it makes what it counts of a cluster with the first request, and not with the cluster. */
  readonly isDeferred?: boolean
}

/** By cluster, which is whom it sends requests to, and by listener, at which they come in. */
export function envoyFamilies(names: EnvoyNames): (RequestFamily | StateFamily)[] {
  return [...byCluster(names), ...byListener(names)]
}

const COUNTER = { quantity: 'requests', type: 'counter' } as const
const TIME = { quantity: 'latency', type: 'histogram', bounds: ENVOY_BOUNDS_MS, unitMs: 1 } as const

/** By code they are there from the first request of the code on. */
function byCluster({ side, who, scraped, clusterOf, isDeferred = false }: EnvoyNames): RequestFamily[] {
  const labels = (target: Target) => ({ ...scraped(target), envoy_cluster_name: clusterOf(target) })
  const common = { side, help: '', fixed: {}, labels } as const
  const answered = `requests that ${who} answered`
  return [
    {
      ...common,
      ...COUNTER,
      name: 'envoy_cluster_upstream_rq',
      counts: `${answered}, by cluster and response code`,
      labels: (target, code) => ({ ...labels(target), envoy_response_code: code }),
    },
    {
      ...common,
      ...COUNTER,
      name: 'envoy_cluster_upstream_rq_xx',
      counts: `${answered}, by cluster and class of response code`,
      labels: (target, code) => ({ ...labels(target), envoy_response_code_class: code[0]! }),
    },
    {
      ...common,
      ...COUNTER,
      name: 'envoy_cluster_upstream_rq_total',
      counts: `${answered}, by cluster`,
      isThereFromStart: !isDeferred,
    },
    { ...common, ...COUNTER, name: 'envoy_cluster_upstream_rq_completed', counts: `${answered}, by cluster` },
    {
      ...common,
      ...TIME,
      name: 'envoy_cluster_upstream_rq_time',
      counts: `how long answers took through ${who}, by cluster`,
    },
  ]
}

function byListener({ side, who, scraped, prefix }: EnvoyNames): (RequestFamily | StateFamily)[] {
  const fixed = { envoy_http_conn_manager_prefix: prefix }
  const labels = (target: Target) => ({ ...scraped(target), ...fixed })
  const common = { side, help: '', fixed, labels, isThereFromStart: true } as const
  const answered = `requests that ${who} answered`
  const byClass: RequestFamily = {
    ...common,
    ...COUNTER,
    name: 'envoy_http_downstream_rq_xx',
    counts: `${answered}, by listener and class of response code`,
    labels: (target, code) => ({ ...labels(target), envoy_response_code_class: code[0]! }),
  }
  return [
    byClass,
    idle(byClass),
    { ...common, ...COUNTER, name: 'envoy_http_downstream_rq_total', counts: `${answered}, by listener` },
    { ...common, ...COUNTER, name: 'envoy_http_downstream_rq_completed', counts: `${answered}, by listener` },
    {
      ...common,
      ...TIME,
      name: 'envoy_http_downstream_rq_time',
      counts: `how long answers took through ${who}, by listener`,
    },
  ]
}
