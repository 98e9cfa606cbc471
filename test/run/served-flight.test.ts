// Flights that anybody may ask about: what is kept of them, and what becomes of the flight itself.
import { describe, expect, it } from 'vitest'
import { prepare } from '../../src/run/plan.js'
import { ServedFlight, TooManySamples } from '../../src/run/served-flight.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { rollout } from './plans.js'

const scenario = `
teaches: Nothing.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: 200/s}
service: {stable: {errors: 1%, start: 10s}}
faults: [{on: canary, errors: 5%}]
observability: {dialect: istio}
`

function planOf(startsAtMs?: number, text = scenario) {
  const policy = rollout(4, 'steps: [{setWeight: 20}, {pause: {duration: 2m}}]')
  const files: Files = { read: (path) => ({ text: path === 'policy.yaml' ? policy : text }) }
  const problems = new Problems()
  const file = readScenario('scenario.yaml', files, problems)
  const manifests = readManifests(['policy.yaml'], files, problems)
  const audience = { isServed: true, ...(startsAtMs === undefined ? {} : { startsAtMs }) }
  return prepare('test', file, manifests, problems, audience)!
}

function ask(flight: ServedFlight, query: string, more = '') {
  const parameters = new URLSearchParams(`query=${encodeURIComponent(query)}${more}`)
  const { body } = flight.answer({ method: 'GET', path: '/api/v1/query', parameters }, () => 0)
  return JSON.parse(body).data.result.map(({ value }: { value: [number, string] }) => Number(value[1]))
}

describe('A flight that is served', () => {
  it('is scraped from the first interval to the end, whatever the policy asks', () => {
    const flight = new ServedFlight(planOf(), 1, '0.0.0')
    flight.advance(flight.durationMs)
    expect(ask(flight, 'max(timestamp(up)) - min(min_over_time(timestamp(up)[20m:15s]))')).toEqual([20 * 60 - 15])
    expect(ask(flight, 'max(count_over_time(up{app="istio-ingressgateway"}[20m]))')).toEqual([80])
    const [beforeRelease] = ask(flight, 'sum(rate(istio_requests_total{reporter="source"}[1m]))', '&time=1767571290')
    expect(beforeRelease).toBeGreaterThan(150)
    expect(ask(flight, 'count(count by (response_code) (istio_requests_total))')).toEqual([2])
  })

  it('shows no more than there has been', () => {
    const flight = new ServedFlight(planOf(), 1, '0.0.0')
    expect(ask(flight, 'up')).toEqual([])
    flight.advance(14_999)
    expect(ask(flight, 'up')).toEqual([])
    flight.advance(15_000)
    expect(ask(flight, 'sum(up{job="kubernetes-pods"})')).toEqual([5])
    flight.advance(10_000)
    expect(flight.timeMs).toBe(15_000)
  })

  it('starts when its audience wants it to', () => {
    const startsAtMs = Date.UTC(2031, 4, 6, 7, 8, 9)
    const flight = new ServedFlight(planOf(startsAtMs), 1, '0.0.0')
    flight.advance(60_000)
    expect(ask(flight, 'vector(time())')).toEqual([startsAtMs / 1000 + 60])
    expect(ask(flight, 'max(timestamp(up))')).toEqual([startsAtMs / 1000 + 60])
  })

  it('comes out the same however it is cut into parts, and whoever asks in between', () => {
    const whole = new ServedFlight(planOf(), 7, '0.0.0')
    whole.advance(whole.durationMs)
    const parts = new ServedFlight(planOf(), 7, '0.0.0')
    for (let timeMs = 0; timeMs < parts.durationMs; timeMs += 7_777) {
      parts.advance(timeMs)
      ask(parts, 'sum(rate(istio_requests_total[1m]))')
    }
    parts.advance(parts.durationMs)
    const everything = '{__name__=~".+"}[20m]'
    const all = (flight: ServedFlight) =>
      flight.answer(
        { method: 'GET', path: '/api/v1/query', parameters: new URLSearchParams({ query: everything }) },
        () => 0,
      )
    expect(all(parts).body).toBe(all(whole).body)
    expect(parts.land()).toEqual(whole.land())
  })

  it('answers nobody while its Prometheus is down, and everybody once it is over', () => {
    const gaps = scenario.replace('dialect: istio', 'dialect: istio, scrape: {gaps: [{at: 1m, for: 1h}]}')
    const flight = new ServedFlight(planOf(undefined, gaps), 1, '0.0.0')
    const status = () =>
      flight.answer({ method: 'GET', path: '/-/ready', parameters: new URLSearchParams() }, () => 0).status
    flight.advance(179_000)
    expect(status()).toBe(200)
    flight.advance(181_000)
    expect(status()).toBe(503)
    flight.advance(flight.durationMs)
    flight.land()
    expect(ask(flight, 'max(timestamp(up))', '&time=1767571400')).toEqual([1767571380 - 15])
  })

  it('can end early: its outcome is that of what there was', () => {
    const flight = new ServedFlight(planOf(), 1, '0.0.0')
    flight.advance(150_000)
    expect(flight.isReleased).toBe(true)
    const { verdict, times, blastRadius } = flight.land()
    expect([verdict, times.endMs]).toEqual(['paused', 150_000])
    expect(blastRadius.requests.total).toBeGreaterThan(29_000)
    expect(blastRadius.requests.total).toBeLessThan(31_000)
  })

  it('is refused when it would keep too much', () => {
    const flight = new ServedFlight(planOf(), 1, '0.0.0', 10_000)
    expect(() => flight.advance(flight.durationMs)).toThrow(TooManySamples)
    expect(flight.timeMs).toBeLessThan(flight.durationMs)
  })
})
