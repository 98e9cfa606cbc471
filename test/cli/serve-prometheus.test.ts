// Flights read by those who read a real Prometheus: promtool, and a Prometheus server that scrapes and federates.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, Running, served } from './served.js'

/** Debian's package `prometheus` has both. */
const isThere = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0)
if (!isThere) process.stdout.write('Skipped: promtool and prometheus read flights (they are not installed)\n')

interface Answer {
  readonly status: string
  readonly data: { readonly resultType: string; readonly result: unknown }
  readonly errorType?: string
}

async function ask(address: string, path: string, parameters: Readonly<Record<string, string>>) {
  const response = await fetch(`${address}/api/v1/${path}?${new URLSearchParams(parameters)}`)
  const type = response.headers.get('content-type')
  return { status: response.status, type, answer: (await response.json()) as Answer }
}

describe.skipIf(!isThere)('promtool', () => {
  const time = '2026-01-05T00:20:00Z'
  const stretch = ['--start=2026-01-05T00:10:00Z', `--end=${time}`]
  let flight: Awaited<ReturnType<typeof served>>

  beforeAll(async () => {
    flight = await served(['scenarios/good-release.yaml'])
    await flight.running.said(/in Grafana/)
  })
  afterAll(() => flight.running.end('SIGKILL'))

  const promtool = (...args: string[]) => {
    const { stdout, stderr } = spawnSync('promtool', ['query', '-o', 'json', ...args], { encoding: 'utf8' })
    return stderr === '' ? JSON.parse(stdout) : stderr.trim()
  }

  it.each([
    'sum by (response_code) (rate(istio_requests_total{reporter="source"}[1m]))',
    'histogram_quantile(0.9, sum by (le) (rate(istio_request_duration_milliseconds_bucket[5m])))',
    'up',
    'up[1m]',
    'count(up) > bool 3',
    '1 + 1',
  ])('gets from us what we evaluate: %s', async (query) => {
    const { answer } = await ask(flight.address, 'query', { query, time })
    expect(promtool('instant', `--time=${time}`, flight.address, query)).toEqual(answer.data.result)
  })

  it('gets ranges, series, values of labels and errors', async () => {
    const query = 'sum(rate(istio_requests_total[1m]))'
    const range = { query, start: '2026-01-05T00:10:00Z', end: time, step: '30' }
    const { answer } = await ask(flight.address, 'query_range', range)
    expect(promtool('range', ...stretch, '--step=30s', flight.address, query)).toEqual(answer.data.result)
    const matched = await fetch(`${flight.address}/api/v1/series?match[]=up&start=2026-01-05T00:10:00Z&end=${time}`)
    const { data } = (await matched.json()) as { data: unknown }
    expect(promtool('series', '--match=up', ...stretch, flight.address)).toEqual(data)
    expect(promtool('labels', ...stretch, flight.address, 'job')).toContain('kubernetes-pods')
    expect(promtool('instant', flight.address, 'rate(up)')).toMatch(/bad_data: .*expected type range vector/)
  })

  it('finds nothing wrong with the text format but what Istio does', async () => {
    const input = await (await fetch(`${flight.address}/metrics`)).text()
    const { stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
    const complaints = stderr.split('\n').filter((line) => line !== '' && !/no help text|use base unit/.test(line))
    expect(complaints).toEqual([])
  })
})

describe.skipIf(!isThere)('A Prometheus server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coalmine-'))
  let flight: Awaited<ReturnType<typeof served>>
  let server: Running
  let real: string

  beforeAll(async () => {
    writeFileSync(join(folder, 'scenario.yaml'), scenario)
    writeFileSync(join(folder, 'rollout.yaml'), rollout)
    flight = await served([join(folder, 'scenario.yaml'), '--wall-clock'])
    writeFileSync(join(folder, 'prometheus.yml'), configOf(new URL(flight.address).host))
    const listen = `127.0.0.1:${await freePort()}`
    real = `http://${listen}`
    server = new Running('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
    ])
    await server.said(/Server is ready/)
  })
  afterAll(async () => {
    await Promise.all([flight?.running.end(), server?.end('SIGTERM')])
    rmSync(folder, { recursive: true })
  })

  const value = async (address: string, query: string, time?: number) => {
    const { answer } = await ask(address, 'query', { query, ...(time === undefined ? {} : { time: String(time) }) })
    return answer.data.result as { readonly value: readonly [number, string] }[]
  }

  it('that federates a flight gives the answers the flight gives, in the same form', async () => {
    // Three scrapes of the flight, so that rates have something to go by.
    const time = await eventually(async () => {
      const [found] = await value(
        real,
        'max(timestamp(up{job="shop"}) and count_over_time(up{job="shop"}[2500ms]) >= 3)',
      )
      return found && Number(found.value[1])
    })
    for (const query of queries) {
      const [ours, theirs] = await Promise.all([flight.address, real].map((from) => inOrder(from, { query, time })))
      expect(ours, query).toEqual(theirs)
    }
  })

  it('that scrapes the text format has the values the flight has', async () => {
    const query = 'sum by (code) (http_requests_total{via="metrics"})'
    await eventually(async () => {
      const [found] = await value(real, query)
      if (!found || Number(found.value[1]) === 0) return undefined
      const [at] = await value(real, 'max(timestamp(http_requests_total{via="metrics"}))')
      const time = Number(at!.value[1])
      const ours = await value(flight.address, query.replace('via="metrics"', ''), time)
      const theirs = await value(real, query, time)
      // At the very moment of a scrape either may be ahead of the other.
      return JSON.stringify(ours) === JSON.stringify(theirs) ? true : undefined
    })
    await eventually(async () => {
      const up = await value(real, 'up{job=~"targets|federation"} == 1')
      return up.length === 2 ? true : undefined
    })
    // What is federated comes without type and help.
    const told = { type: 'unknown', unit: '', help: '' }
    const [ours, theirs] = await Promise.all([flight.address, real].map(metadata))
    expect(new Set(theirs)).toEqual(new Set([...ours!, told]))
  })

  async function metadata(address: string): Promise<readonly object[]> {
    const { answer } = await ask(address, 'metadata', { metric: 'http_requests_total' })
    return (answer.data as unknown as { http_requests_total: object[] }).http_requests_total
  }

  async function inOrder(address: string, { query, time }: { query: string; time: number }) {
    const { answer, ...rest } = await ask(address, 'query', { query, time: String(time) })
    // Series have come to the two in another order; of errors each has words of its own version.
    const result =
      answer.data?.resultType === 'vector'
        ? (answer.data.result as object[]).map((each) => JSON.stringify(each)).sort()
        : answer.data?.result
    return { ...rest, keys: Object.keys(answer), errorType: answer.errorType, result, type: answer.data?.resultType }
  }
})

/** The server has each series twice: federated, and scraped with a label that says so. */
const queries = [
  'up{job="shop"}',
  'http_requests_total{via=""}',
  'http_request_duration_seconds_bucket{via=""}',
  'sum by (code) (rate(http_requests_total{via=""}[2500ms]))',
  'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{via=""}[2500ms])))',
  'http_requests_total{via=""}[2500ms]',
  'process_start_time_seconds{via=""} * 1e21',
  'scalar(sum(http_requests_total{via=""}))',
  'vector(0) / 0',
  'sum(nothing)',
  '"text"',
  '1e-7',
  'up{',
  'nosuch(up)',
  'up * on () up',
]

const scenario = `
teaches: A real Prometheus reads a flight.
policy: rollout.yaml
release: { at: 4m, image: "shop:2" }
duration: 5m
traffic: { rate: 100/s }
service: { stable: { start: 100ms, errors: 10% } }
observability: { dialect: app, scrape: { interval: 1s } }
`

const rollout = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: shop, image: "shop:1" }] }
  strategy: { canary: { steps: [{ setWeight: 50 }] } }
`

function configOf(host: string): string {
  return `
global: { scrape_interval: 500ms, scrape_timeout: 500ms }
scrape_configs:
  - job_name: federation
    honor_labels: true
    honor_timestamps: true
    metrics_path: /federate
    params: { 'match[]': ['{__name__=~".+"}'] }
    static_configs: [{ targets: ['${host}'] }]
  - job_name: targets
    honor_labels: true
    metrics_path: /metrics
    static_configs: [{ targets: ['${host}'] }]
    metric_relabel_configs: [{ target_label: via, replacement: metrics }]
`
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  await new Promise((resolve) => taken.close(resolve))
  return port
}
