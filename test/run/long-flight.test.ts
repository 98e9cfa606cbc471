// What a flight keeps in memory doesn't grow with its length: a month in which pods come and go.
import { expect, test } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template } from './plans.js'

const hourMs = 3_600_000
const restarts = 480

/** All pods are replaced every ninety minutes; the canary waits for somebody who never comes. */
const scenario = (scrape: string) => `
teaches: Nothing.
policy: policy.yaml
release: {at: 1h, image: "shop:2"}
duration: 31d
traffic: {rate: 20/s}
service: {stable: {errors: 1%, start: 10s}}
observability: {dialect: app, scrape: {interval: 5m${scrape}}}
people:
${Array.from({ length: restarts }, (_, index) => `  - {at: ${90 * (index + 1)}m, do: restart}`).join('\n')}
`

const policy =
  rollout(8, 'steps: [{setWeight: 25}, {pause: {}}], analysis: {templates: [{templateName: check}]}', false) +
  template(
    'check',
    'interval: 1h',
    'sum(rate(http_requests_total{code="500"}[20m])) / sum(rate(http_requests_total[20m]))',
  )

test.each(['', ', spread: true, jitter: 10s'])(
  'series, their arrays and what is found stay as few (scrape:%s)',
  (scrape) => {
    const plan = planOf(scenario(scrape), policy)
    const { store } = plan.observation.exposure
    const simulation = new Simulation(plan)
    const flying = simulation.takeOff(1)
    let made = 0
    let mostSamples = 0
    const sizes: { pooled: number; listed: number; labels: number }[] = []
    for (let timeMs = 7 * hourMs; timeMs <= 31 * 24 * hourMs; timeMs += 7 * hourMs) {
      flying.advance(timeMs)
      for (const { podsMade } of flying.cluster.replicaSets) made = Math.max(made, podsMade)
      for (const series of store.select([])) mostSamples = Math.max(mostSamples, series.times.length)
      sizes.push({ pooled: store.pooledSeriesCount, listed: store.listedSeriesCount, labels: store.labels.size })
    }
    expect(made).toBeGreaterThan(2500)
    // Windows of 20 minutes at a scrape every five: the arrays that a series begins with are enough.
    expect(mostSamples).toBe(32)
    expect(Math.max(...sizes.map(({ listed }) => listed))).toBeLessThan(600)
    const half = sizes.slice(sizes.length / 2)
    // Two series a pod, and two thousand pods kept at most.
    expect(Math.max(...half.map(({ pooled }) => pooled))).toBeLessThan(2 * 2100)
    expect(sizes.at(-1)!.pooled).toBeLessThan(2 * 2100)
    expect(sizes.at(-1)!.labels).toBeLessThan(4 * 2100)
  },
)
