// Who is told of what happens to a Rollout: its annotations, and what the controller is told in its ConfigMap.
import { describe, expect, it } from 'vitest'
import { shippedTriggers, triggerOf } from '../../../src/policy/argo/notification.js'
import { readNotifications } from '../../../src/policy/argo/read-notifications.js'
import { readManifests } from '../../../src/scenario/load.js'
import { formatProblem, Problems } from '../../../src/scenario/problem.js'

describe('A trigger', () => {
  it.each([
    ['RolloutStepCompleted', 'on-rollout-step-completed'],
    ['AnalysisRunFailed', 'on-analysis-run-failed'],
    ['PatchingALBIngress', 'on-patching-alb-ingress'],
    ['Updated VirtualService', 'on-updated -virtual-service'],
  ])('is called as the event that fires it: %s', (reason, trigger) => {
    expect(triggerOf(reason)).toBe(trigger)
  })

  it('without a ConfigMap is one of those that argo-rollouts comes with', () => {
    for (const trigger of shippedTriggers) {
      expect(read(`subscribe.${trigger}.slack: a`)).toEqual({ told: [], sent: [`${trigger} slack a`] })
    }
  })

  it('that nobody knows is a warning with its place and what may have been meant', () => {
    expect(read('subscribe.on-rollout-complete.slack: a')).toEqual({
      told: [
        'policy.yaml:7:5  warning  there is no trigger on-rollout-complete: nothing is sent [notification-trigger]\n' +
          '    Did you mean on-rollout-completed?',
      ],
      sent: [],
    })
  })
})

describe('A subscription', () => {
  it('has several recipients', () => {
    expect(read('subscribe.on-rollout-aborted.slack: "a; b;;c"').sent).toEqual(['on-rollout-aborted slack a,b,c'])
  })

  it('to a webhook has none', () => {
    expect(read('subscribe.on-rollout-aborted.pager: ""').sent).toEqual(['on-rollout-aborted pager '])
  })

  it('may be a list', () => {
    const list =
      '"[{trigger: [on-rollout-aborted, on-rollout-paused], destinations: [{service: slack, recipients: [a]}]}]"'
    expect(read(`subscriptions: ${list}`).sent).toEqual(['on-rollout-aborted slack a', 'on-rollout-paused slack a'])
  })

  it.each([
    [
      'subscribe.slack: a',
      'the subscription to slack names no trigger, and there are no default ones: nothing is sent',
    ],
    [
      'subscriptions: "{"',
      'subscriptions must be a list in YAML, of triggers and their destinations: nobody is subscribed',
    ],
  ])('that sends nothing is a warning: %s', (annotation, message) => {
    const { told, sent } = read(annotation)
    expect(sent).toEqual([])
    expect(told.join('\n')).toContain(`warning  ${message}`)
  })

  it('is none of other annotations', () => {
    expect(read('other: a')).toEqual({ told: [], sent: [] })
  })
})

describe('A ConfigMap', () => {
  const base = 'service.slack: "token: $x", template.t: "message: hello"'

  it('says which triggers and services there are', () => {
    const { told, sent } = read(
      'subscribe.on-rollout-resumed.slack: a\n    notifications.argoproj.io/subscribe.on-rollout-aborted.slack: a' +
        '\n    notifications.argoproj.io/subscribe.on-rollout-resumed.teams: a',
      `${base}, trigger.on-rollout-resumed: "[{send: [t]}, {send: [t]}]"`,
    )
    expect(sent).toEqual(['on-rollout-resumed slack a', 'on-rollout-resumed slack a'])
    expect(told.map((text) => text.split('  ')[2])).toEqual([
      'there is no trigger on-rollout-aborted: nothing is sent [notification-trigger]',
      'no service teams is configured: nothing is sent [notification-service]',
    ])
  })

  it('says what subscriptions without a trigger are for, and who is subscribed to everything', () => {
    const data =
      `${base}, trigger.on-rollout-paused: "[{send: [t]}]", trigger.on-rollout-aborted: "[{send: [t]}]", ` +
      'defaultTriggers: "[on-rollout-paused]", defaultTriggers.slack: "[on-rollout-aborted]", ' +
      'subscriptions: "[{recipients: [slack:all]}]"'
    expect(read('subscribe.slack: a', data)).toEqual({
      told: [],
      sent: ['on-rollout-paused slack all', 'on-rollout-aborted slack a'],
    })
  })

  it.each([
    [
      'trigger.on-purple: "[{send: [t]}]"',
      'on-purple',
      'no event of the controller is called as the trigger on-purple: it never fires',
    ],
    ['trigger.on-rollout-aborted: "[{send: [u]}]"', 'on-rollout-aborted', 'there is no template.u: nothing is sent'],
    [
      'trigger.on-rollout-aborted: "[{send: [t], when: a == 1}]"',
      'on-rollout-aborted',
      'the condition `a == 1` is not simulated: what it sends is not listed',
    ],
    [
      'trigger.on-rollout-aborted: "7"',
      'on-rollout-aborted',
      'trigger.on-rollout-aborted must be a list in YAML: the controller sends nothing at all',
    ],
  ])('is read with care: %s', (entry, trigger, message) => {
    const { told, sent } = read(`subscribe.${trigger}.slack: a`, `${base}, ${entry}`)
    expect(sent).toEqual([])
    expect(told.join('\n')).toContain(`warning  ${message}`)
  })
})

function read(annotation: string, data?: string) {
  const rollout = [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Rollout',
    'metadata:',
    '  name: shop',
    '  namespace: prod',
    '  annotations:',
    `    notifications.argoproj.io/${annotation}`,
    'spec: {}',
  ].join('\n')
  const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argo-rollouts-notification-configmap}\ndata: {${data}}\n`
  const problems = new Problems()
  const text = data === undefined ? rollout : `${rollout}\n---\n${map}`
  const manifests = readManifests(['policy.yaml'], { read: () => ({ text }) }, problems)
  const subscriptions = [...readNotifications(manifests[0]!, manifests, problems).values()].flat()
  return {
    told: problems.sorted().map(formatProblem),
    sent: subscriptions.map(({ trigger, service, recipients }) => `${trigger} ${service} ${recipients.join(',')}`),
  }
}
