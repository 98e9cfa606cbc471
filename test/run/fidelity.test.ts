import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template, tryPlan } from './plans.js'

const scenario = (more = '', traffic = 'rate: 50/s, users: 2k') => `
teaches: How exactly requests are flown.
policy: policy.yaml
release: {at: 1m}
duration: 12m
traffic: {${traffic}}
faults: [{on: canary, errors: 30%}]
observability: {scrape: {interval: 15s}}
${more}`

const analysis = 'analysis: {templates: [{templateName: ratio}], startingStep: 1}'
const steps = 'steps: [{setWeight: 20}, {pause: {duration: 4m}}, {setWeight: 60}, {pause: {duration: 4m}}]'
const query =
  'sum(rate(istio_requests_total{destination_service_name="shop-canary",response_code!~"5.*"}[1m])) / sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))'
const policy = `${rollout(4, `${analysis}, ${steps}`)}${template('ratio', 'interval: 30s\n      failureLimit: 1\n      successCondition: result[0] >= 0.9', query)}`

describe('The fidelity of a flight', () => {
  it('is that of a flow, unless the scenario says otherwise or somebody does', () => {
    const choice = (more: string, fidelity?: 'flow' | 'request') =>
      planOf(scenario(more), policy, '', { fidelity }).fidelity.fidelity
    expect(choice('')).toBe('flow')
    expect(choice('fidelity: request')).toBe('request')
    expect(choice('', 'request')).toBe('request')
    expect(choice('fidelity: request', 'flow')).toBe('flow')
  })

  it('is that of single requests for whoever wants to see them, and says why', () => {
    const plan = planOf(scenario('fidelity: flow'), policy, '', { isSampled: true })
    expect(plan.fidelity).toEqual({ fidelity: 'request', because: ['a request log shows single requests'] })
  })

  it('refuses more users than it can tell apart', () => {
    const { problems } = tryPlan(scenario('fidelity: request', 'rate: 1/s, users: 200M'), policy)
    expect(problems).toMatchObject([{ code: 'too-many-users', line: 6 }])
    expect(tryPlan(scenario('', 'rate: 1/s, users: 200M'), policy).problems).toEqual([])
  })
})

describe('A flight of single requests', () => {
  it('sees, decides and harms as that of a flow does, on average', () => {
    const seeds = 60
    const off: string[] = []
    const flown = (['flow', 'request'] as const).map((fidelity) => {
      const simulation = new Simulation(planOf(scenario(), policy, '', { fidelity }))
      return Array.from({ length: seeds }, (_, seed) => {
        const { verdict, detectionMs, blastRadius } = simulation.fly(seed)
        const { requests, users } = blastRadius
        return { verdict, numbers: { detectionMs: detectionMs ?? -1, ...requests, ...users, spent: users.total } }
      })
    })
    const [flow, request] = flown as [(typeof flown)[0], (typeof flown)[0]]
    expect(request.map(({ verdict }) => verdict)).toEqual(flow.map(({ verdict }) => verdict))
    for (const name of Object.keys(flow[0]!.numbers) as (keyof (typeof flow)[0]['numbers'])[]) {
      const [one, other] = [flow, request].map((all) => all.map(({ numbers }) => numbers[name])) as [number[], number[]]
      const error = Math.sqrt((varianceOf(one) + varianceOf(other)) / seeds)
      if (Math.abs(meanOf(one) - meanOf(other)) > 4 * error)
        off.push(`${name}: ${meanOf(one)}, ${meanOf(other)} ± ${error}`)
    }
    expect(off, `seeds 0 to ${seeds - 1}`).toEqual([])
  })
})

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function varianceOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers)
  return numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / (numbers.length - 1)
}
