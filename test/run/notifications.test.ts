// A flight tells who would have been notified of what, and when.
import { expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout } from './plans.js'

const scenario = `
teaches: Who is told.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 5m
traffic: {rate: 50/s}
slo: {objective: 99%}
`

const policyWith = (annotations: string) =>
  rollout(2, 'steps: [{setWeight: 50}, {pause: {duration: 30s}}]').replace(
    'metadata: {name: shop}\nspec:\n  replicas',
    `metadata: {name: shop, annotations: {${annotations}}}\nspec:\n  replicas`,
  )

it('lists each notification at the time of the event that fires it', () => {
  const annotations =
    'notifications.argoproj.io/subscribe.on-rollout-step-completed.slack: shop;alerts, ' +
    'notifications.argoproj.io/subscribe.on-rollout-completed.email: me'
  const { timeline } = flyRecorded(planOf(scenario, policyWith(annotations)), 1)
  const fired = timeline.flatMap((entry) =>
    entry.what === 'event' && /^Rollout(Step)?Completed$/.test(entry.reason) ? [entry] : [],
  )
  const notified = timeline.flatMap((entry) => (entry.what === 'notification' ? [entry] : []))
  expect(notified.map(({ trigger, service, recipients }) => `${trigger} ${service} ${recipients.join()}`)).toEqual([
    'on-rollout-step-completed slack shop,alerts',
    'on-rollout-step-completed slack shop,alerts',
    'on-rollout-completed email me',
  ])
  expect(notified.map(({ atMs }) => atMs)).toEqual(fired.map(({ atMs }) => atMs))
})

it('lists none where nobody subscribes', () => {
  const { timeline } = flyRecorded(planOf(scenario, policyWith('')), 1)
  expect(timeline.filter(({ what }) => what === 'notification')).toEqual([])
})
