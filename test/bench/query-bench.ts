// Measures evaluations of typical analysis queries, and whether older history makes them dearer.
import { compile, type Query } from '../../src/metrics/promql/query.js'
import type { Store } from '../../src/metrics/store.js'
import { hashOf } from './hash.js'
import { history, SCRAPE_MS } from './history.js'

/** What analyses and alert rules in the wild ask, one of each kind. */
const SUCCESS_RATIO =
  'sum(rate(http_requests_total{service="shop-canary",code!~"5.."}[2m])) / sum(rate(http_requests_total{service="shop-canary"}[2m]))'
const errorRatio = (over: string) =>
  `sum(rate(http_requests_total{service="shop",code=~"5.."}[${over}])) / sum(rate(http_requests_total{service="shop"}[${over}]))`

export const queries: Readonly<Record<string, string>> = {
  'success ratio': SUCCESS_RATIO,
  'errors a second': 'sum by (service) (rate(http_requests_total{code=~"5.."}[1m]))',
  'p99 of a histogram':
    'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service="shop-canary"}[2m])))',
  'or vector(0)': 'sum(increase(http_requests_total{service="shop-canary",code="503"}[5m])) or vector(0)',
  'canary over stable':
    'sum by (app, code) (rate(http_requests_total{service="shop-canary"}[2m])) / on (app, code) sum by (app, code) (rate(http_requests_total{service="shop"}[2m]))',
  restarts: 'sum(increase(kube_pod_container_status_restarts_total{namespace="shop",pod=~"shop-.*"}[5m]))',
  'average over time': 'avg(avg_over_time(container_memory_working_set_bytes{pod=~"shop-canary-.*"}[5m]))',
  subquery: 'max_over_time(sum(rate(http_requests_total{service="shop"}[1m]))[10m:1m])',
  'busiest pods': 'topk(3, sum by (pod) (rate(http_requests_total[1m])))',
  'burn rate': `(${errorRatio('5m')}) > (14.4 * 0.001) and (${errorRatio('20m')}) > (14.4 * 0.001)`,
}

export interface QueryBenchOptions {
  readonly rounds: number
  /** How long one query is asked in one round. */
  readonly millisecondsPerQuery: number
}

export interface QueryBenchResult {
  readonly nanosecondsPerEvaluation: Readonly<Record<string, number>>
  /** How many times as long each takes where ten times as much lies before its windows. */
  readonly tenfoldHistory: Readonly<Record<string, number>>
  /** Of the answers at several times: nobody makes them fast by changing what they mean. */
  readonly hash: string
}

const MINUTE_MS = 60_000
const SHORT_MS = 30 * MINUTE_MS
const LONG_MS = 10 * SHORT_MS

export function queryBench({ rounds, millisecondsPerQuery }: QueryBenchOptions): QueryBenchResult {
  const short = history(SHORT_MS)
  const long = history(LONG_MS)
  const nanoseconds: Record<string, number> = {}
  const tenfold: Record<string, number> = {}
  for (const [name, text] of Object.entries(queries)) {
    const query = compile(text)
    const inShort: number[] = []
    const inLong: number[] = []
    // By turns, as the machine's speed may change meanwhile.
    for (let round = 0; round < rounds; round++) {
      inShort.push(nanosecondsFor(query, short, SHORT_MS, millisecondsPerQuery))
      inLong.push(nanosecondsFor(query, long, LONG_MS, millisecondsPerQuery))
    }
    nanoseconds[name] = Math.min(...inShort)
    tenfold[name] = Math.min(...inLong) / Math.min(...inShort)
  }
  return { nanosecondsPerEvaluation: nanoseconds, tenfoldHistory: tenfold, hash: hashOf(answers(short)) }
}

/** At the end of the history and a few scrapes before, as measurements of an analysis are. */
function nanosecondsFor(query: Query, store: Store, endMs: number, forMs: number): number {
  const start = process.cpuUsage()
  let evaluations = 0
  let spentMs = 0
  do {
    for (let back = 3; back >= 0; back--) query.at(store, endMs - back * SCRAPE_MS)
    evaluations += 4
    spentMs = millisecondsSince(start)
  } while (spentMs <= forMs)
  return (1e6 * spentMs) / evaluations
}

/** Of the processor: time on the clock passes for others, too. */
function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function answers(store: Store): string {
  const times = [5 * MINUTE_MS, 12.1 * MINUTE_MS, SHORT_MS - 1, SHORT_MS]
  const lines = Object.values(queries).flatMap((text) => {
    const query = compile(text)
    return times.map((timeMs) => {
      const value = query.at(store, timeMs)
      if (value.kind !== 'vector') return JSON.stringify(value)
      return value.samples.map((sample) => `${sample.labels} ${sample.value.toPrecision(12)}`).join(',')
    })
  })
  return lines.join('\n')
}
