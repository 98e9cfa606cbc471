// An application that counts its own requests with a Prometheus client library, found through a ServiceMonitor.
// No standard names these metrics; the names and labels are those most queries in the wild ask for.

import type { Dialect, Target } from './dialect.js'
import { scrapedLabels, upFamily } from './scrape-labels.js'

/** DefBuckets of client_golang (prometheus/histogram.go), the same in the other official libraries; seconds. */
const DEFAULT_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const METRICS_PORT = 8080
const FIXED = { method: 'GET', path: '/' }

export const APP: Dialect = {
  name: 'app',
  families: [
    { name: 'http_requests_total', quantity: 'requests', side: 'server', fixed: FIXED, labels: requestLabels },
    {
      name: 'http_request_duration_seconds',
      quantity: 'latency',
      side: 'server',
      bounds: DEFAULT_BOUNDS_SECONDS,
      unitMs: 1000,
      fixed: FIXED,
      labels: requestLabels,
    },
    { name: 'process_start_time_seconds', quantity: 'startTime', side: 'server', unitMs: 1000, fixed: {}, labels },
    upFamily(labels),
  ],
}

/** A ServiceMonitor names the job after the Service, and adds service, container and endpoint. */
function labels(target: Target): Record<string, string> {
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
  return { ...labels(target), ...FIXED, code, status: code, status_code: code }
}
