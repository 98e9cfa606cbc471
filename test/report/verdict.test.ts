// The verdict as text: how a release ended, in one line.
import { expect, it } from 'vitest'
import { noColours } from '../../src/report/paint.js'
import { verdictText } from '../../src/report/verdict.js'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout } from '../run/plans.js'

const scenario = (people: string) => `
teaches: How releases end.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 30m
traffic: {rate: 20/s}
service: {stable: {start: 10s}}
people: [${people}]
faults: [{on: canary, errors: 10%}]
`
const head = (people: string) => {
  const plan = planOf(scenario(people), rollout(4, 'steps: [{setWeight: 50}, {pause: {duration: 1m}}]'))
  return verdictText(flyRecorded(plan, 1), '', noColours).split('\n')[0]!.split('  ')[0]
}

it.each([
  ['', '✔ promoted (missed)'],
  ['{at: 30s, do: abort}', '✖ aborted'],
  ['{at: 30s, do: undo}', '✖ aborted'],
  ['{at: 10m, do: undo}', '✖ aborted (promoted, then taken back)'],
  ['{at: 10m, do: abort}', '✔ promoted (missed)'],
])('after [%s] the release is: %s', (people, text) => {
  expect(head(people)).toBe(text)
})
