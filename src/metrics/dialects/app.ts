// An application that counts its own requests with a Prometheus client library, found through a ServiceMonitor.
// No standard names these metrics; the names and labels are those most queries in the wild ask for. The start time of the
// process is the library's own.

import type { Dialect, Target } from './dialect.js'
import { scrapedLabels, upFamily } from './scrape-labels.js'

/** DefBuckets of client_golang (prometheus/histogram.go), the same in the other official libraries; seconds. */
export const DEFAULT_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const METRICS_PORT = 8080
const FIXED = { method: 'GET', path: '/' }

export const APP: Dialect = {
  name: 'app',
  families: [
    {
      name: 'http_requests_total',
      quantity: 'requests',
      side: 'application',
      type: 'counter',
      help: 'Total number of HTTP requests by method, path and status code.',
      counts: 'requests that the pod answered, by response code',
      fixed: FIXED,
      labels: requestLabels,
    },
    {
      name: 'http_request_duration_seconds',
      quantity: 'latency',
      side: 'application',
      type: 'histogram',
      help: 'Time to answer HTTP requests, in seconds.',
      counts: 'how long the pod took for its answers, by response code',
      bounds: DEFAULT_BOUNDS_SECONDS,
      unitMs: 1000,
      fixed: FIXED,
      labels: requestLabels,
    },
    {
      name: 'process_start_time_seconds',
      quantity: 'state',
      side: 'application',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      counts: 'when the container of the pod was last started',
      fixed: {},
      labels: appLabels,
      value: ({ startTimeMs }) => startTimeMs / 1000,
    },
    upFamily('application', appLabels),
  ],
}

/** A ServiceMonitor names the job after the Service that selects the pod, and adds service, container and endpoint. */
export function appLabels(target: Target): Record<string, string> {
  const { server, service } = target
  return {
    app: server.labels['app.kubernetes.io/name'] ?? server.workload,
    version: server.labels['app.kubernetes.io/version'] ?? '',
    ...scrapedLabels(target, service, METRICS_PORT),
    service,
    container: server.container,
    endpoint: 'http',
  }
}

/** Libraries disagree on what to call the response code; here it has all three of its usual names. */
function requestLabels(target: Target, code: string): Record<string, string> {
  return { ...appLabels(target), ...FIXED, code, status: code, status_code: code }
}
