// Metrics that no scenario has answers for: a policy with them is not flown.
import { expect, it } from 'vitest'
import { rollout, tryPlan } from './plans.js'

const scenario = `
teaches: Nothing.
policy: policy.yaml
release: {at: 2m, image: "shop:2"}
duration: 20m
service: {stable: {errors: 1%, start: 10s}}
traffic: {rate: 50/s}
`

const template = (name: string, provider: string) => `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ${name}}
spec:
  metrics:
    - {name: health, provider: ${provider}}
`

const policy = rollout(4, 'steps: [{setWeight: 10}, {analysis: {templates: [{templateName: used}]}}]')

it.each([
  ['web', '{web: {url: "http://health"}}'],
  ['job', '{job: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}'],
])('the provider %s is refused by name, at its place', (name, provider) => {
  const { problems } = tryPlan(scenario, policy + template('used', provider))
  expect(problems).toMatchObject([
    { code: 'unsupported-field', severity: 'error', message: `metric health: the provider ${name} is not simulated` },
  ])
  expect(problems[0]!.line).toBeGreaterThan(20)
})

it('a template that the Rollout does not use may hold any', () => {
  const prometheus = template('used', '{prometheus: {address: "http://p", query: "vector(1)"}}')
  const { problems } = tryPlan(scenario, policy + prometheus + template('other', '{web: {url: "http://health"}}'))
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
})
