// A scenario names the version of the controller that acts on the policy, and it matters.
import { expect, it } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout } from './plans.js'

const steps = '[{setWeight: 20}, {pause: {duration: 1m}}, {setWeight: 60}, {pause: {}}]'

it('flies the policy under the version of the scenario', () => {
  expect(minutesToSafe('')).toBe(minutesToSafe('controller: argo-rollouts@1.10'))
  // All pods that stable had given up are asked for at once; since 1.9 they come back step by step.
  expect(minutesToSafe('controller: argo-rollouts@1.8')).toBeCloseTo(1, 1)
  expect(minutesToSafe('controller: argo-rollouts@1.9')).toBeCloseTo(2, 1)
})

function minutesToSafe(controller: string): number {
  const scenario = `
teaches: How an abort goes back under dynamicStableScale.
policy: policy.yaml
${controller}
release: {at: 5m, image: "shop:2"}
duration: 30m
traffic: {rate: 50/s}
service: {stable: {start: 1m}}
faults: [{on: canary, errors: 20%}]
people: [{at: 10m, do: abort}]
`
  const policy = rollout(10, `dynamicStableScale: true, steps: ${steps}`)
  const { times } = new Simulation(planOf(scenario, policy)).fly(1)
  return (times.safeMs! - times.decidedMs!) / 60_000
}
