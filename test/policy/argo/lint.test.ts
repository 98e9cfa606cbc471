// What is told of the linter of the command line tool: where it says another thing than a cluster does.
import { expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'

const accepts = '`kubectl argo rollouts lint` accepts this.'
const rejects = '`kubectl argo rollouts lint` rejects this, the controller does not.'

const rollout = (strategy: string, pod = 'image: "a:1"') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: a, ${pod}}]}
  strategy: {${strategy}}
`

const service = (selector: string) => `
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: ${selector}, ports: [{port: 80}]}
`

it.each([
  ['what both refuse', rollout('canary: {steps: [{setWeight: 200}]}'), undefined],
  ['a text that is a number', rollout('canary: {steps: []}', 'image: 5'), accepts],
  ['a number that is a text', rollout('canary: {steps: [{setWeight: "5"}]}'), undefined],
  ['a Service that is not there', rollout('blueGreen: {activeService: shop}'), accepts],
  ['a template that is not there', rollout('canary: {analysis: {templates: [{templateName: t}]}}'), accepts],
  ['an unknown field', rollout('canary: {stpes: []}'), rejects],
  ['an unknown field of a pod', rollout('canary: {}', 'image: "a:1", imagePull: never'), rejects],
  ['a known field in other letters', rollout('canary: {maxsurge: 1}'), undefined],
  ['resources that are none', rollout('canary: {}', 'image: "a:1", resources: {limits: {memory: abc}}'), rejects],
])('%s', (_, text, said) => {
  expect(saidOf({ 'a.yaml': text })).toEqual(said === undefined ? [] : [said])
})

it('depends on the file that a Service is in', () => {
  const active = rollout('blueGreen: {activeService: shop}')
  const other = service('{app: other}')
  expect(saidOf({ 'a.yaml': `${active}---${other}` })).toEqual([])
  expect(saidOf({ 'a.yaml': active, 'b.yaml': other })).toEqual([accepts])
})

function saidOf(texts: Readonly<Record<string, string>>): readonly string[] {
  const problems = new Problems()
  const files = { read: (path: string) => ({ text: texts[path]! }) }
  readPolicy(readManifests(Object.keys(texts), files, problems), problems)
  return problems.sorted().flatMap(({ hint = '' }) => [accepts, rejects].filter((said) => hint.includes(said)))
}
