// Errors of a version have the statuses that the scenario gives them, however it is flown.
import { expect, it } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf } from './plans.js'
import { routedRollout, templateOf } from './routed-rollouts.js'

const counted = 'increase(istio_requests_total'
const expected = Object.entries({ 200: 0.93, 404: 0.04, 422: 0.02, 500: 0.01 }).map(
  ([code, share]) => [`sum(${counted}{response_code="${code}"}[10m])) / sum(${counted}[10m]))`, share] as const,
)
const policy =
  routedRollout('istio') +
  templateOf(
    'asked',
    expected.map(([query]) => query),
  )

const scenario = (fidelity: string) => `
teaches: What errors there are.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
fidelity: ${fidelity}
service: {stable: {errors: {500: 1%, 404: 4%, 422: 2%}}}
traffic: {rate: 100/s}
slo: {objective: 99%}
`

it.each(['flow', 'request'])('flown as %s', (fidelity) => {
  const plan = planOf(scenario(fidelity), policy)
  const simulation = new Simulation(plan)
  const flying = simulation.takeOff(1)
  flying.advance(plan.scenario.durationMs)
  for (const [query, share] of expected) {
    const answer = simulation.observatory.answer(query, plan.scenario.durationMs)
    if (answer.kind !== 'data' || answer.result.resultType !== 'vector') throw new Error(JSON.stringify(answer))
    // Of 60,000 requests the standard error is below 0.0011.
    expect(Math.abs(answer.result.values[0]! - share)).toBeLessThan(0.0045)
  }
  const { users, requests } = flying.land().blastRadius
  expect([users.harmed, requests.failed > 0]).toEqual([0, true])
})

it('The canary is as stable unless it has errors of its own', () => {
  const of = (canary: string) =>
    planOf(`${scenario('flow')}`.replace('2%}}}', `2%}}, canary: {${canary}}}`), policy).scenario.service.canary
  expect(of('')).toMatchObject({
    errorRatio: 0.07,
    otherErrors: [
      { status: 404, ratio: 0.04 },
      { status: 422, ratio: 0.02 },
    ],
  })
  expect(of('errors: 1%').otherErrors).toBeUndefined()
  expect(of('errors: {404: 1%}')).toMatchObject({ errorRatio: 0.01, otherErrors: [{ status: 404, ratio: 0.01 }] })
})
