// What must hold between flights, whatever their numbers: no fault no harm, more traffic more harm, stricter is stricter.
import { expect, it } from 'vitest'
import type { Outcome } from '../../src/run/record.js'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template } from './plans.js'

const firstSeed = 4000
const steps = 'steps: [{setWeight: 10}, {pause: {duration: 3m}}, {setWeight: 50}, {pause: {duration: 3m}}]'
const query = 'sum(rate(istio_requests_total{response_code=~"5.."}[1m])) / sum(rate(istio_requests_total[1m]))'

const scenario = (rate: number, more: string) => `
teaches: What must hold between flights.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
traffic: {rate: ${rate}/s, users: 100k}
service: {stable: {errors: 1%, start: 10s}}
${more}
`
const judged = (limit: number) =>
  rollout(6, `analysis: {templates: [{templateName: errors}]}, ${steps}`) +
  template('errors', `interval: 20s\n      failureLimit: ${limit}\n      successCondition: "result[0] < 0.02"`, query)

function fly(seeds: number, text: string, policy: string): Outcome[] {
  const simulation = new Simulation(planOf(text, policy))
  return Array.from({ length: seeds }, (_, index) => simulation.fly(firstSeed + index))
}

it.each([
  ['with a router', rollout(6, steps)],
  ['without one', rollout(6, steps, false)],
  ['with an analysis', judged(2)],
  [
    'blue-green',
    rollout(6, '').replace(/canary: \{.*\}/, 'blueGreen: {activeService: shop, autoPromotionSeconds: 60}'),
  ],
])('no fault, no harm: %s', (_, policy) => {
  for (const { blastRadius } of fly(50, scenario(40, ''), policy)) {
    expect(blastRadius.requests).toMatchObject({ exposed: 0, excess: 0 })
    expect(blastRadius.users).toMatchObject({ exposed: 0, harmed: 0 })
    expect(blastRadius.budgetSpentPercent).toBe(0)
  }
})

it('ten times the traffic does ten times the harm', () => {
  const excess = (rate: number) =>
    fly(300, scenario(rate, 'faults: [{on: canary, errors: 5%}]'), rollout(6, steps)).map(
      ({ blastRadius }) => blastRadius.requests.excess,
    )
  const [few, many] = [excess(10), excess(100)].map(meanAndVariance) as [Moments, Moments]
  const standardError = Math.sqrt((100 * few.variance + many.variance) / 300)
  expect(Math.abs(many.mean - 10 * few.mean)).toBeLessThan(4 * standardError)
})

it('a stricter limit aborts every flight that a laxer one aborts, and no later', () => {
  const faulty = scenario(5, 'faults: [{on: canary, errors: 6%}]')
  const flights = [0, 1, 3, 6].map((limit) => fly(150, faulty, judged(limit)))
  const shares = flights.map((outcomes) => outcomes.filter(({ verdict }) => verdict === 'aborted').length)
  // Otherwise there is nothing to compare.
  expect(new Set(shares).size).toBeGreaterThan(1)
  for (const [index, laxer] of flights.entries()) {
    for (const [seed, outcome] of laxer.entries()) {
      if (index === 0 || outcome.verdict !== 'aborted') continue
      const stricter = flights[index - 1]![seed]!
      expect(stricter.verdict, `seed ${firstSeed + seed}`).toBe('aborted')
      expect(stricter.times.decidedMs!).toBeLessThanOrEqual(outcome.times.decidedMs!)
    }
  }
})

interface Moments {
  readonly mean: number
  readonly variance: number
}

function meanAndVariance(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) }
}
