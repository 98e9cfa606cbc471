// When targets are scraped that have instants of their own: the law of the instants, and that nothing else moves.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../src/kernel/random.js'
import { compile } from '../../src/metrics/promql/query.js'
import { beatOf } from '../../src/run/beat.js'
import type { Plan } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import type { Scrape } from '../../src/scenario/scrape.js'
import { planOf, rollout, template } from './plans.js'

const intervalMs = 15_000
const scrape: Scrape = { intervalMs, delayMs: 0, jitterMs: 0, spread: false, gaps: [], down: [] }
const tape = new Tape(20260105)

/** Chi-squared with 19 degrees of freedom: 43.8 is passed by one sample in a thousand. */
const limitOf20Classes = 43.82

function chiSquared(values: readonly number[], upTo: number): number {
  const counts = new Array<number>(20).fill(0)
  for (const value of values) counts[Math.floor((20 * value) / upTo)]!++
  const expected = values.length / 20
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('A beat', () => {
  it('falls on whole intervals where nothing is spread', () => {
    const beat = beatOf(scrape, 'shop-1', tape)
    expect([0, 1, 7].map((round) => beat.at(round))).toEqual([0, 15_000, 105_000])
    expect([0, 1, 15_000, 15_001].map((timeMs) => beat.roundFrom(timeMs))).toEqual([0, 1, 1, 2])
  })

  it('has one phase for all its rounds, drawn evenly over the interval (level 0.001)', () => {
    const phases = Array.from({ length: 10_000 }, (_, index) => {
      const beat = beatOf({ ...scrape, spread: true }, `shop-${index}`, tape)
      expect(beat.at(1000) - beat.at(0)).toBe(1000 * intervalMs)
      expect(beat.at(beat.roundFrom(intervalMs))).toBeGreaterThanOrEqual(intervalMs)
      return beat.at(0)
    })
    expect(Math.max(...phases)).toBeLessThan(intervalMs)
    expect(chiSquared(phases, intervalMs)).toBeLessThan(limitOf20Classes)
  })

  it('comes late by whole milliseconds, drawn evenly for each round and without shifting the next (level 0.001)', () => {
    const beat = beatOf({ ...scrape, jitterMs: 3_999 }, 'shop-1', tape)
    const late = Array.from({ length: 10_000 }, (_, round) => beat.at(round) - round * intervalMs)
    expect([Math.min(...late) >= 0, Math.max(...late) <= 3_999, late.every(Number.isInteger)]).toEqual([
      true,
      true,
      true,
    ])
    expect(chiSquared(late, 4_000)).toBeLessThan(limitOf20Classes)
    const mean = late.reduce((sum, each) => sum + each, 0) / late.length
    // Whoever is late is as likely as anybody to be late the next time.
    const products = late.slice(1).map((each, index) => (each - mean) * (late[index]! - mean))
    const correlation = products.reduce((sum, each) => sum + each, 0) / products.length / (4000 ** 2 / 12)
    expect(Math.abs(correlation)).toBeLessThan(3.3 / Math.sqrt(late.length))
  })

  it('is the same whatever other targets there are, and in whatever order they are asked', () => {
    const settings = { ...scrape, spread: true, jitterMs: 2_000 }
    const alone = beatOf(settings, 'b', new Tape(1)).at(5)
    const others = new Tape(1)
    for (const name of ['a', 'b', 'c']) beatOf(settings, name, others).at(3)
    const beat = beatOf(settings, 'b', others)
    beat.at(9)
    expect(beat.at(5)).toBe(alone)
  })
})

const scenario = (more: string) => `
teaches: Nothing.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 20m
traffic: {rate: 200/s}
service: {stable: {errors: 1%, start: {p50: 10s, p99: 30s}}}
faults: [{on: canary, errors: 10%}]
observability: {dialect: app, scrape: {interval: 15s${more}}}
`

const query = 'sum(http_requests_total) / sum(http_requests_total) * count(up)'
const policy =
  rollout(
    8,
    'steps: [{setWeight: 25}, {pause: {duration: 10m}}], analysis: {templates: [{templateName: check}]}',
    false,
  ) + template('check', 'interval: 1m', query)

function timesOf(plan: Plan, sinceStartMs: number): Map<string, readonly number[]> {
  const { startsAtMs, exposure } = plan.observation
  const value = compile('up[5m]').at(exposure.store, startsAtMs + sinceStartMs)
  if (value.kind !== 'matrix') throw new Error(`up is a ${value.kind}`)
  return new Map(
    value.series.map(({ labels, points }) => [labels.get('pod'), points.map(({ timeMs }) => timeMs - startsAtMs)]),
  )
}

describe('A flight', () => {
  it('scrapes each target at its own instants, wherever it comes from and goes to', () => {
    const plan = planOf(scenario(', spread: true'), policy)
    const flying = new Simulation(plan).takeOff(3)
    flying.advance(14 * 60_000)
    const times = timesOf(plan, 14 * 60_000)
    const pods = flying.cluster.replicaSets.flatMap((set) => set.pods)
    expect(pods.length).toBe(8)
    const phases = pods.map(({ name }) => {
      const own = times.get(name)!
      expect(own.length).toBe(20)
      expect(new Set(own.map((timeMs) => timeMs % intervalMs)).size).toBe(1)
      return own[0]! % intervalMs
    })
    expect(new Set(phases).size).toBe(8)
  })

  it('is scraped from the first instant of its phase on after its container has been started', () => {
    const plan = planOf(scenario(', spread: true'), policy)
    const flying = new Simulation(plan).takeOff(4)
    flying.advance(7 * 60_000)
    const times = timesOf(plan, 7 * 60_000)
    const canaries = flying.cluster.replicaSets
      .filter(({ template }) => template.image === 'shop:2')
      .flatMap((set) => set.pods)
    expect(canaries.length).toBe(2)
    for (const { name, startedAtMs } of canaries) {
      const firstMs = times.get(name)![0]!
      expect(firstMs - startedAtMs).toBeGreaterThanOrEqual(0)
      expect(firstMs - startedAtMs).toBeLessThan(intervalMs)
    }
  })

  it('draws pod starts and the rest of the world from streams that jitter doesn’t shift', () => {
    const starts = ['', ', jitter: 5s', ', spread: true', ', spread: true, jitter: 5s, delay: 3s'].map((more) => {
      const flying = new Simulation(planOf(scenario(more), policy)).takeOff(5)
      flying.advance(10 * 60_000)
      return flying.cluster.replicaSets.flatMap((set) => set.pods.map((pod) => [pod.name, pod.startedAtMs]))
    })
    for (const other of starts.slice(1)) expect(other).toEqual(starts[0])
  })

  it('is the same under the same seed, in the same simulation or another', () => {
    const plan = planOf(scenario(', spread: true, jitter: 2s'), policy)
    const simulation = new Simulation(plan)
    const first = simulation.fly(6)
    simulation.fly(7)
    expect(simulation.fly(6)).toEqual(first)
    expect(new Simulation(planOf(scenario(', spread: true, jitter: 2s'), policy)).fly(6)).toEqual(first)
  })

  it('has the same requests and the same harm on average, whether targets are spread or not (level 0.001)', () => {
    const flights = 400
    const means = ['', ', spread: true, jitter: 5s'].map((more) => {
      const simulation = new Simulation(planOf(scenario(more), policy))
      const all = Array.from({ length: flights }, (_, seed) => simulation.fly(seed).blastRadius)
      return (['total', 'exposed', 'failed', 'excess'] as const).map((what) => {
        const values = all.map(({ requests }) => requests[what])
        const mean = values.reduce((sum, value) => sum + value, 0) / flights
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (flights - 1)
        return { mean, variance, what }
      })
    })
    for (const [index, { mean, variance }] of means[0]!.entries()) {
      const other = means[1]![index]!
      const error = Math.sqrt((variance + other.variance) / flights)
      expect(Math.abs(mean - other.mean)).toBeLessThan(3.3 * error)
      // Of counts of a Poisson kind the spread is a matter of the mean.
      expect(other.variance / variance).toBeGreaterThan(0.7)
      expect(other.variance / variance).toBeLessThan(1.4)
    }
  })
})
