// A store as a Prometheus beside a canary has it: two versions of ten pods, scraped for a while.
import { Tape } from '../../src/kernel/random.js'
import { Store } from '../../src/metrics/store.js'

export const SCRAPE_MS = 15_000

const PODS_PER_VERSION = 10
const CODES = ['200', '404', '500', '503']
/** Requests of one pod between two scrapes, by code. */
const MEANS = [600, 12, 3, 1]
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf']

/** One series, and what is added to it at each scrape, or put in its place. */
interface Growing {
  readonly labels: Readonly<Record<string, string>>
  readonly kind: 'counter' | 'gauge'
  readonly draw: () => number
}

/** Samples up to and including this time. */
export function history(untilMs: number): Store {
  const store = new Store()
  const series = everySeries().map((growing) => ({
    ...growing,
    series: store.series(store.labels.of(growing.labels)),
    value: 0,
  }))
  for (let timeMs = SCRAPE_MS; timeMs <= untilMs; timeMs += SCRAPE_MS) {
    for (const each of series) {
      each.value = each.kind === 'counter' ? each.value + each.draw() : each.draw()
      store.append(each.series, timeMs, each.value)
    }
  }
  return store
}

function everySeries(): readonly Growing[] {
  const stream = new Tape(1).stream('history')
  const about = (mean: number) => () => Math.floor(2 * mean * stream.uniform())
  const all: Growing[] = []
  for (const service of ['shop', 'shop-canary']) {
    for (let pod = 0; pod < PODS_PER_VERSION; pod++) {
      const name = `${service}-7d4b9c${pod}`
      const target = { namespace: 'shop', pod: name, container: 'shop', instance: `10.1.0.${pod}:8080` }
      const labels = { ...target, app: 'shop', service, job: 'shop', method: 'GET' }
      CODES.forEach((code, index) => {
        const draw = about(MEANS[index]!)
        all.push({ labels: { ...labels, __name__: 'http_requests_total', code }, kind: 'counter', draw })
      })
      BOUNDS.forEach((le, index) => {
        const draw = about(50 * (index + 1))
        const bucket = { ...labels, __name__: 'http_request_duration_seconds_bucket', le }
        all.push({ labels: bucket, kind: 'counter', draw })
      })
      const restarts = { ...target, __name__: 'kube_pod_container_status_restarts_total' }
      all.push({ labels: restarts, kind: 'counter', draw: about(0.51) })
      const memory = { ...target, __name__: 'container_memory_working_set_bytes' }
      all.push({ labels: memory, kind: 'gauge', draw: about(1e8) })
    }
  }
  return all
}
