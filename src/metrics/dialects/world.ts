// What a monitoring system at the gateway counts, for signals that read it off: one counter and one fine histogram,
// by version, Service and response code. No exporter has these names; they are for questions of our own.
import type { Dialect, Target } from './dialect.js'

export const WORLD_REQUESTS = 'world_requests_total'
export const WORLD_DURATION = 'world_request_duration_milliseconds'

const LEAST_MS = 1
const MOST_MS = 60_000
/** From one bound to the next: between them a quantile is interpolated, and so right within a few percent. */
const GROWTH = 1.1

export const WORLD: Dialect = {
  name: 'world',
  families: [
    {
      name: WORLD_REQUESTS,
      quantity: 'requests',
      side: 'world',
      type: 'counter',
      help: '',
      counts: 'requests that were answered, by version, Service and response code',
      fixed: {},
      labels,
    },
    {
      name: WORLD_DURATION,
      quantity: 'latency',
      side: 'world',
      type: 'histogram',
      help: '',
      counts: 'how long answers took, by version, Service and response code',
      bounds: bounds(),
      unitMs: 1,
      fixed: {},
      labels,
    },
  ],
}

function labels({ server, service }: Target, code: string): Record<string, string> {
  return { hash: server.labels['rollouts-pod-template-hash'] ?? '', service, code }
}

/** In microseconds they are whole, the same on every machine. */
function bounds(): readonly number[] {
  const all: number[] = []
  for (let bound = LEAST_MS; bound < MOST_MS; bound = Math.round(1000 * bound * GROWTH) / 1000) all.push(bound)
  return all
}
