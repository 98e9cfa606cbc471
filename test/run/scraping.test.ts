// Scraping as Prometheus does it: which targets answer when, what is stored then, and what queries make of it.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import type { Flying } from '../../src/run/flying.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, tryPlan } from './plans.js'
import { askingPolicy, minuteMs, releaseMs, scrapedScenario, watched } from './scraped-canary.js'
import { samplesOf, valuesByPod } from './series.js'

const scenario = (scrape: string, more = '') => scrapedScenario('app', scrape, more)

function flight(scrape: string, more = '', queries = watched, seed = 1) {
  const plan = planOf(scenario(scrape, more), askingPolicy(...queries))
  const simulation = new Simulation(plan)
  const flying = simulation.takeOff(seed)
  return { plan, simulation, flying }
}

function advance(flying: Flying, sinceReleaseMs: number): void {
  flying.advance(releaseMs + sinceReleaseMs)
}

const podsOf = (flying: Flying, image: string) =>
  flying.cluster.replicaSets.filter(({ template }) => template.image === image).flatMap(({ pods }) => pods)

describe('A pod', () => {
  it('is no target until its container has been started, and one without requests for as long as it isn’t ready', () => {
    const { plan, flying } = flight('', 'faults: [{on: canary, neverReady: true}]')
    // The canary is made within the release's first second and starts 10 s later.
    advance(flying, 9_000)
    const [canary] = podsOf(flying, 'shop:2')
    expect(canary!.running).toBe(false)
    expect(Object.keys(valuesByPod(plan, 'up{pod!=""}', 9_000))).toHaveLength(4)
    advance(flying, 15_000)
    expect(valuesByPod(plan, 'up', 15_000)).toMatchObject({ [canary!.name]: 1 })
    const startedMs = canary!.startedAtMs - releaseMs
    expect(startedMs).toBeGreaterThan(10_000)
    expect(valuesByPod(plan, 'time() - process_start_time_seconds', 15_000)[canary!.name]).toBeCloseTo(
      (15_000 - startedMs) / 1000,
      6,
    )
    advance(flying, 5 * minuteMs)
    expect(samplesOf(plan, `http_requests_total{pod="${canary!.name}"}`, 5 * minuteMs, 5 * minuteMs)).toEqual([])
    expect(valuesByPod(plan, 'up', 5 * minuteMs)[canary!.name]).toBe(1)
  })

  it('that crashes refuses every scrape until its container runs again: `up` is 0 and the rest is stale', () => {
    const crash = 'faults: [{on: canary, onset: 3m, for: 20s, crashLoop: true}]'
    const { plan, flying } = flight('', crash)
    advance(flying, 3 * minuteMs - 1)
    const { name } = podsOf(flying, 'shop:2')[0]!
    expect(Object.keys(valuesByPod(plan, `http_requests_total{pod="${name}"}`, 3 * minuteMs - 1))).toEqual([name])
    // Crashed at 180 s; started at 190 s, and it crashes; the back-off is 10 s, so it runs from 210 s on.
    advance(flying, 4 * minuteMs)
    const up = samplesOf(plan, `up{pod="${name}"}`, 80_000, 4 * minuteMs)
    expect(up).toEqual([
      [165, 1],
      [180, 0],
      [195, 0],
      [210, 1],
      [225, 1],
      [240, 1],
    ])
    const counter = `http_requests_total{pod="${name}",code="200"}`
    expect(valuesByPod(plan, counter, 179_999)).not.toEqual({})
    expect(valuesByPod(plan, counter, 180_000)).toEqual({})
    expect(samplesOf(plan, counter, 80_000, 4 * minuteMs).map(([atS]) => atS)).toEqual([165, 225, 240])
  })

  it('counts from zero after a restart, with all that came since, also when both fall between two scrapes', () => {
    const crash = 'faults: [{on: canary, onset: 185s, for: 1s, crashLoop: true}]'
    const { plan, flying } = flight('', crash)
    advance(flying, 185_000)
    const [pod] = podsOf(flying, 'shop:2')
    expect(pod!.ready).toBe(false)
    advance(flying, 195_000)
    // Up again at 195 s: a quarter of 200 requests a second for 15 s until the next scrape.
    advance(flying, 210_000)
    expect(pod!.ready).toBe(true)
    const counted = samplesOf(plan, `http_requests_total{pod="${pod!.name}",code="200"}`, 40_000, 210_000)
    expect(counted.map(([atS]) => atS)).toEqual([180, 210])
    const expected = (200 / 4) * 15 * 0.99
    expect(Math.abs(counted[1]![1] - expected)).toBeLessThan(5 * Math.sqrt(expected))
    const startedS = valuesByPod(plan, `process_start_time_seconds{pod="${pod!.name}"}`, 210_000)[pod!.name]!
    expect(startedS * 1000).toBe(plan.observation.startsAtMs + releaseMs + 195_000)
  })

  it('that is deleted is stale from its next scrape on, which Prometheus writes two intervals and a tenth later', () => {
    const { plan, flying } = flight('')
    advance(flying, 30_000)
    const before = Object.keys(valuesByPod(plan, 'up', 30_000))
    const there = podsOf(flying, 'shop:1').map(({ name }) => name)
    const gone = before.find(
      (name) => !there.includes(name) && !podsOf(flying, 'shop:2').some((pod) => pod.name === name),
    )!
    expect(gone).toBeDefined()
    const lastS = samplesOf(plan, `up{pod="${gone}"}`, 10 * minuteMs, 30_000).at(-1)![0]
    const staleMs = (lastS + 15) * 1000
    const writtenMs = staleMs + 16_500
    advance(flying, writtenMs - 1)
    expect(valuesByPod(plan, 'up', writtenMs - 1)).toHaveProperty(gone)
    advance(flying, writtenMs)
    expect(valuesByPod(plan, 'up', writtenMs)).not.toHaveProperty(gone)
    expect(valuesByPod(plan, 'up', staleMs)).not.toHaveProperty(gone)
    expect(valuesByPod(plan, 'up', staleMs - 1)).toHaveProperty(gone)
    expect(valuesByPod(plan, 'http_requests_total{code="200"}', staleMs)).not.toHaveProperty(gone)
  })
})

describe('Targets that are down', () => {
  const down = ', down: [{of: canary, at: 4m, for: 90s}]'

  it('have `up` 0 and stale series while they are, and have gone on counting when they come back', () => {
    const { plan, flying } = flight(down)
    advance(flying, 6 * minuteMs)
    const { name } = podsOf(flying, 'shop:2')[0]!
    const up = samplesOf(plan, `up{pod="${name}"}`, 136_000, 6 * minuteMs)
    expect(up.filter(([, value]) => value === 0).map(([atS]) => atS)).toEqual([240, 255, 270, 285, 300, 315])
    const counter = `http_requests_total{pod="${name}",code="200"}`
    const counts = samplesOf(plan, counter, 136_000, 6 * minuteMs)
    expect(counts.map(([atS]) => atS)).toEqual([225, 330, 345, 360])
    expect(valuesByPod(plan, counter, 240_000)).toEqual({})
    // 105 s of a quarter of 200 requests a second.
    const came = counts[1]![1] - counts[0]![1]
    expect(Math.abs(came - 0.99 * 50 * 105)).toBeLessThan(5 * Math.sqrt(50 * 105))
    expect(Object.values(valuesByPod(plan, 'up{pod!=""}', 300_000)).sort()).toEqual([0, 1, 1, 1])
  })

  it('are what absent and absent_over_time tell of', () => {
    const { plan, flying } = flight(', down: [{of: canary, at: 4m}]')
    advance(flying, 7 * minuteMs)
    const { name } = podsOf(flying, 'shop:2')[0]!
    const selector = `http_requests_total{pod="${name}",code="200"}`
    const told = (query: string, atMs: number) => Object.values(valuesByPod(plan, query, atMs))
    expect(told(`absent(${selector})`, 239_999)).toEqual([])
    expect(told(`absent(${selector})`, 240_000)).toEqual([1])
    // The last sample is of 225 s, and the window of a minute that ends at 285 s begins after it.
    expect(told(`absent_over_time(${selector}[1m])`, 284_999)).toEqual([])
    expect(told(`absent_over_time(${selector}[1m])`, 285_000)).toEqual([1])
    expect(told(`count(up == 0)`, 420_000)).toEqual([1])
  })

  it('are the version that is named, or the gateway', () => {
    const { plan, flying } = flight(', down: [{of: stable, at: 4m}]')
    advance(flying, 4 * minuteMs)
    expect(Object.values(valuesByPod(plan, 'up{pod!=""}', 240_000)).sort()).toEqual([0, 0, 0, 1])
    const queries = ['sum(istio_requests_total{reporter="source"})', 'up']
    const istio = planOf(
      scenario(', down: [{of: gateway, at: 4m}]').replace('dialect: app', 'dialect: istio'),
      askingPolicy(...queries),
    )
    const other = new Simulation(istio).takeOff(1)
    advance(other, 4 * minuteMs)
    const up = valuesByPod(istio, 'up{pod!=""}', 240_000)
    expect(up['istio-ingressgateway-0']).toBe(0)
    expect(Object.values(up).sort()).toEqual([0, 1, 1, 1, 1])
    expect(valuesByPod(istio, 'istio_requests_total', 240_000)).toEqual({})
  })

  it('leave requests and harm as they are', () => {
    const fault = 'faults: [{on: canary, errors: 5%}]'
    const both = ['', down, ', gaps: [{at: 2m, for: 3m}]'].map((scrape) => {
      const { simulation } = flight(scrape, fault, ['vector(1) + 0 * sum(up)', 'http_requests_total'])
      return simulation.fly(7).blastRadius
    })
    expect(both[1]).toEqual(both[0])
    expect(both[2]).toEqual(both[0])
  })
})

describe('While Prometheus is down', () => {
  const gap = ', gaps: [{at: 4m, for: 2m}]'

  it('nothing is scraped, and nothing becomes stale by it: series are seen for five more minutes', () => {
    const { plan, flying } = flight(gap)
    advance(flying, 7 * minuteMs)
    const { name } = podsOf(flying, 'shop:2')[0]!
    const times = samplesOf(plan, `up{pod="${name}"}`, 196_000, 7 * minuteMs).map(([atS]) => atS)
    expect(times).toEqual([225, 360, 375, 390, 405, 420])
    expect(Object.keys(valuesByPod(plan, 'up{pod!=""}', 359_999))).toHaveLength(4)
  })

  it('what goes away meanwhile never gets a staleness marker', () => {
    // At 4m10s somebody aborts: the canary's pod goes while nobody looks.
    const abort = 'people: [{at: 250s, do: abort}]'
    const { plan, flying } = flight(gap, abort)
    advance(flying, 4 * minuteMs)
    const { name } = podsOf(flying, 'shop:2')[0]!
    advance(flying, 7 * minuteMs)
    expect(flying.cluster.replicaSets.flatMap(({ pods }) => pods.map((pod) => pod.name))).not.toContain(name)
    expect(valuesByPod(plan, 'up', 225_000 + 299_999)).toHaveProperty(name)
    expect(valuesByPod(plan, 'up', 225_000 + 300_000)).not.toHaveProperty(name)
  })

  it('a query gets no answer: an Error as Argo’s provider words it, and the next try ten seconds later', () => {
    const { plan } = flight(gap, '', ['sum(up)'])
    const errors = flyRecorded(plan, 1).timeline.filter(
      (entry) => entry.what === 'measurement' && entry.phase === 'Error',
    )
    const messages = new Set(errors.map((entry) => entry.what === 'measurement' && entry.message))
    expect([...messages]).toEqual([
      'Post "http://prometheus:9090/api/v1/query": dial tcp 10.96.0.90:9090: connect: connection refused',
    ])
    const times = errors.map(({ atMs }) => atMs - releaseMs)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(4 * minuteMs)
    expect(Math.max(...times)).toBeLessThan(6 * minuteMs)
    expect(times.slice(1).map((atMs, index) => Math.round((atMs - times[index]!) / 1000))).toEqual(
      times.slice(1).map(() => 10),
    )
  })

  it('five errors in a row end an analysis that allows four, and abort the rollout', () => {
    const text = askingPolicy('sum(up)').replace('\n      consecutiveErrorLimit: 100', '')
    const { verdict, times } = new Simulation(planOf(scenario(gap), text)).fly(1)
    expect(verdict).toBe('aborted')
    expect(times.decidedMs! - releaseMs).toBeGreaterThan(4 * minuteMs + 40_000)
    expect(times.decidedMs! - releaseMs).toBeLessThan(6 * minuteMs)
  })
})

describe('What nobody would notice', () => {
  const told = (scrape: string, ...queries: string[]) =>
    tryPlan(scenario(scrape), askingPolicy(...queries))
      .problems.filter(({ code }) => code.endsWith('-unseen'))
      .map(({ code, message }) => [code, message])

  it('is told of', () => {
    expect(told(', down: [{of: gateway, at: 1m}, {of: canary}]', 'up')).toEqual([
      ['down-unseen', 'no query and no rule looks at what the gateway exposes: that it is down changes nothing'],
    ])
    expect(told(', gaps: [{at: 1m}], down: [{of: stable}]')).toEqual([
      ['gap-unseen', 'nothing in the policy or the scenario asks Prometheus: this gap changes nothing'],
      ['down-unseen', 'no query and no rule looks at what the stable pods expose: that they are down changes nothing'],
    ])
    expect(told(', gaps: [{at: 1m}], down: [{of: stable}]', 'up')).toEqual([])
  })
})

describe('Rules', () => {
  it('are not evaluated while Prometheus is down', () => {
    const recording = `---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: pods}
spec: {groups: [{name: pods, interval: 15s, rules: [{record: pods, expr: count(up)}]}]}
`
    const plan = planOf(scenario(', gaps: [{at: 4m, for: 2m}]'), askingPolicy('count_over_time(pods[10m])') + recording)
    const flying = new Simulation(plan).takeOff(1)
    advance(flying, 7 * minuteMs)
    const times = samplesOf(plan, 'pods', 4 * minuteMs, 7 * minuteMs).map(([atS]) => atS)
    expect(times.some((atS) => atS < 240)).toBe(true)
    expect(times.filter((atS) => atS >= 240 && atS < 360)).toEqual([])
    expect(times.filter((atS) => atS >= 360).length).toBe(4)
  })
})

describe('Other monitoring systems', () => {
  it('read the same whatever becomes of Prometheus', () => {
    const analysis = `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check-0}
spec:
  metrics:
    - {name: rate, interval: 1m, provider: {datadog: {query: "avg:requests"}}}
`
    const text = askingPolicy('up').split('---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate')[0] + analysis
    const values = ['', ', gaps: [{at: 1m, for: 6m}], down: [{of: gateway}, {of: canary}]'].map((scrape) => {
      const signals = scenario(scrape).replace(
        /(scrape: .*)\}\n/,
        '$1, signals: [{metric: rate, reads: rate, over: 1m}]}\n',
      )
      return flyRecorded(planOf(signals, text), 1).timeline.flatMap((entry) =>
        entry.what === 'measurement' ? [entry.value] : [],
      )
    })
    expect(values[0]!.length).toBeGreaterThan(5)
    expect(values[1]).toEqual(values[0])
  })
})
