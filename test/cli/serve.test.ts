import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { coalmine } from './coalmine.js'
import { eventually, type Running, served } from './served.js'

const scenario = 'scenarios/good-release.yaml'
const requests = 'sum(rate(istio_requests_total{reporter="source"}[1m]))'

describe('coalmine run SCENARIO --serve', () => {
  let running: Running
  let address: string

  beforeAll(async () => {
    const flight = await served([scenario])
    running = flight.running
    address = flight.address
    await running.said(/in Grafana/)
  })
  afterAll(async () => void (await running?.end('SIGKILL')))

  const get = async (path: string) => {
    const response = await fetch(`${address}${path}`)
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
  const result = async (query: string, more = '') =>
    JSON.parse((await get(`/api/v1/query?query=${encodeURIComponent(query)}${more}`)).body).data.result

  it('answers at the end of the flight when no time is given', async () => {
    const [{ value }] = await result(requests)
    expect(value[0]).toBe(Date.UTC(2026, 0, 5, 0, 30) / 1000)
    expect(Number(value[1])).toBeGreaterThan(380)
    expect(Number(value[1])).toBeLessThan(420)
  })

  it('has the whole flight, and what no query of the policy asks for', async () => {
    const [first] = await result(requests, '&time=2026-01-05T00:01:00Z')
    expect(Number(first.value[1])).toBeGreaterThan(300)
    expect(await result('count(up{job="kubernetes-pods"} == 1)')).toMatchObject([{ value: [expect.anything(), '9'] }])
    expect(
      await result('histogram_quantile(0.5, sum by (le) (istio_request_duration_milliseconds_bucket))'),
    ).toHaveLength(1)
    const response = await fetch(`${address}/api/v1/label/__name__/values`)
    expect((await response.json()) as object).toMatchObject({ status: 'success', data: expect.arrayContaining(['up']) })
  })

  it('takes queries as forms, the way the clients of Argo Rollouts and Flagger send them', async () => {
    const body = new URLSearchParams({ query: requests, time: '1767571500', timeout: '1m0s' })
    const response = await fetch(`${address}/api/v1/query`, { method: 'POST', body })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect((await response.json()) as object).toMatchObject({
      data: { resultType: 'vector', result: [{ metric: {} }] },
    })
    expect(JSON.parse((await get('/api/v1/query?query=vector(1)')).body).data.result[0].value[1]).toBe('1')
  })

  it('opens itself to no page of a browser', async () => {
    const { headers } = await get('/api/v1/labels')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(await statusFor(address, 'attacker.example')).toBe(403)
    expect(await statusFor(address, 'localhost.attacker.example:9090')).toBe(403)
    expect(await statusFor(address, 'localhost:1234')).toBe(200)
    expect(await statusFor(address, '[::1]')).toBe(200)
  })

  it('changes nothing, takes nothing but forms, and no large ones', async () => {
    expect((await fetch(`${address}/api/v1/series?match[]=up`, { method: 'DELETE' })).status).toBe(405)
    expect((await fetch(`${address}/api/v1/query`, { method: 'POST', body: '{"query":"up"}' })).status).toBe(415)
    const body = new URLSearchParams({ query: 'x'.repeat(2_000_000) })
    expect((await fetch(`${address}/api/v1/query`, { method: 'POST', body })).status).toBe(413)
    expect((await fetch(`${address}/-/ready`, { method: 'HEAD' })).status).toBe(200)
    expect(await statusFor(address, 'localhost', `/api/v1/query?query=${'x'.repeat(100_000)}`)).toBe(431)
  })

  it('ends with Ctrl-C, after the same timeline and verdict as without', async () => {
    const { status, stdout, stderr } = await running.end()
    expect(status).toBe(0)
    expect(stdout).toMatch(/^✔ promoted {2}good-release {2}seed 1$/m)
    expect(stderr).toContain('from 2026-01-05T00:00:00Z to 2026-01-05T00:30:00Z: ?from=1767571200000&to=1767573000000')
  })
})

describe('coalmine run SCENARIO --wall-clock', () => {
  it('starts now, and sees no more than has been scraped by now', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { running, address } = await served([scenario, '--wall-clock'])
    onTestFinished(async () => void (await running.end('SIGKILL')))
    const numberOf = async (query: string) => {
      const response = await fetch(`${address}/api/v1/query?${new URLSearchParams({ query })}`)
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
      return Number(data.result[0]?.value[1] ?? 0)
    }
    const began = await numberOf('vector(time())')
    expect(began).toBeGreaterThanOrEqual(before)
    await eventually(async () => ((await numberOf('vector(time())')) > began + 1 ? true : undefined))
    const scrapes = await numberOf('max(count_over_time(up[1h]))')
    const seconds = (await numberOf('vector(time())')) - before
    expect(scrapes).toBeLessThanOrEqual(seconds / 15)
    expect(before + seconds).toBeLessThanOrEqual(Date.now() / 1000)
    const { status, stdout, stderr } = await running.end()
    expect([status, stdout]).toEqual([130, ''])
    expect(stderr).toContain('Nothing had been released yet.')
  })

  it('flies on to the verdict', async () => {
    const { running } = await served(['test/cli/seconds.yaml', '--wall-clock', '--json'])
    onTestFinished(async () => void (await running.end('SIGKILL')))
    const { status, stdout } = await running.ended
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'coalmine.run/v1', verdict: 'promoted', times: { endMs: 4000 } })
  })

  it('tells the verdict so far when it is interrupted after the release', async () => {
    const { running, address } = await served(['test/cli/minutes.yaml', '--wall-clock', '--json'])
    onTestFinished(async () => void (await running.end('SIGKILL')))
    await eventually(async () => {
      const response = await fetch(
        `${address}/api/v1/query?query=max(timestamp(up))-min(min_over_time(timestamp(up)[10m:1s]))`,
      )
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
      return Number(data.result[0]?.value[1]) >= 2 ? true : undefined
    })
    const { status, stdout } = await running.end()
    const { times } = JSON.parse(stdout)
    expect(status).toBe(130)
    expect(times.endMs).toBeGreaterThan(times.releasedMs)
    expect(times.endMs).toBeLessThan(600_000)
  })
})

describe('What --serve refuses', () => {
  it('is a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { status, stderr } = coalmine(['run', scenario, '--serve', '--port', String(port)])
    other.close()
    expect(status).toBe(3)
    expect(stderr).toContain(`error: port ${port} of 127.0.0.1 is taken. Choose another with --port`)
  })

  it.each([
    [['--serve', '--runs', '3'], "option '--serve' cannot be used with option '--runs <n>'"],
    [['--serve', '--watch'], 'cannot be used with option'],
    [['--port', '65536'], 'It must be from 0 to 65535.'],
    [['--port', 'x'], 'It must be a whole number.'],
    [['--port', '1'], "option '--port <n>' needs option '--serve'"],
    [['--wall-clock'], "option '--wall-clock' needs option '--serve'"],
    [['--speed', '5'], "option '--speed <factor>' needs option '--watch'"],
    [['--serve', '--speed', '3'], "option '--speed <factor>' needs option '--watch'"],
  ])('is %j', (args, message) => {
    const { status, stderr } = coalmine(['run', scenario, ...args])
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

/** On a connection of its own, as some are closed afterwards. */
function statusFor(address: string, host: string, path = '/-/healthy'): Promise<number> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers: { host }, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    asked.on('error', reject)
    asked.end()
  })
}
