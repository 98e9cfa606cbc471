// When a promotion is a miss and an abort a false one: both are about the fault in the release, not about the harm.
import { expect, it } from 'vitest'
import { Simulation } from '../../src/run/simulation.js'
import { planOf, rollout, template } from './plans.js'

const steps = 'steps: [{setWeight: 10}, {pause: {duration: 3m}}]'
const judged = 'analysis: {templates: [{templateName: rule}]}, '
const suspicious = template(
  'rule',
  'interval: 30s\n      initialDelay: 1m\n      successCondition: "false"',
  'vector(1)',
)

it.each([
  { title: 'no fault', canary: '', verdict: 'promoted' },
  { title: 'a fault that stays', canary: 'errors: 20%', verdict: 'promoted', missed: true },
  { title: 'a fault that was over before', canary: 'errors: 20%, for: 1m', verdict: 'promoted' },
  { title: 'a fault that comes later', canary: 'errors: 20%, onset: 10m', verdict: 'promoted', missed: true },
  { title: 'pods that were not ready for a while', canary: 'neverReady: true, for: 1m', verdict: 'promoted' },
  { title: 'stable at fault', stable: 'errors: 20%', verdict: 'promoted' },
  { title: 'worse without a fault', service: 'errors: 5%', verdict: 'promoted', missed: true },
  {
    title: 'worse on one route',
    service: 'parts: [{route: checkout, errors: 5%}]',
    verdict: 'promoted',
    missed: true,
  },
  {
    title: 'slower on one route',
    service: 'parts: [{route: checkout, latency: {p50: 1s, p99: 3s}}]',
    verdict: 'promoted',
    missed: true,
  },
  { title: 'better on one route', service: 'parts: [{route: checkout, errors: 0%}]', verdict: 'promoted' },
  {
    title: 'better on one route only',
    service: 'errors: 5%, parts: [{route: checkout, errors: 0%}]',
    verdict: 'promoted',
    missed: true,
  },
  {
    title: 'a leak of its own',
    service: 'memory: {base: 100Mi, growth: 10Mi/m, limit: 1Gi}',
    verdict: 'promoted',
    missed: true,
  },
  {
    title: 'a leak for each request',
    service: 'memory: {base: 100Mi, perRequest: 1k, limit: 1Gi}',
    verdict: 'promoted',
    missed: true,
  },
  { title: 'memory that stays', service: 'memory: {base: 100Mi, limit: 1Gi}', verdict: 'promoted' },
  { title: 'no fault, judged bad', isJudged: true, canary: '', verdict: 'aborted', falseAbort: true },
  { title: 'a fault, judged bad', isJudged: true, canary: 'errors: 20%', verdict: 'aborted' },
  {
    title: 'judged bad before its fault begins',
    isJudged: true,
    canary: 'errors: 20%, onset: 10m',
    verdict: 'aborted',
    falseAbort: true,
  },
  { title: 'stable at fault, judged bad', isJudged: true, stable: 'errors: 20%', verdict: 'aborted', falseAbort: true },
  { title: 'worse without a fault, judged bad', isJudged: true, service: 'errors: 5%', verdict: 'aborted' },
  {
    title: 'memory that it can’t even start with',
    service: 'memory: {base: 1Gi, limit: 512Mi}',
    hasDeadline: true,
    verdict: 'aborted',
  },
  {
    title: 'worse on one route, judged bad',
    isJudged: true,
    service: 'parts: [{route: checkout, errors: 5%}]',
    verdict: 'aborted',
  },
])('$title: $verdict, missed: $missed, false abort: $falseAbort', (flight) => {
  const {
    canary = '',
    stable = '',
    service = '',
    isJudged = false,
    hasDeadline = false,
    verdict,
    missed = false,
    falseAbort = false,
  } = flight
  const faults = [canary && `{on: canary, ${canary}}`, stable && `{on: stable, ${stable}}`].filter(Boolean)
  const scenario = `
teaches: What counts as missed.
policy: policy.yaml
release: {at: 1m, image: "shop:2"}
duration: 15m
traffic: {rate: 50/s, routes: {home: 80%, checkout: 20%}}
service: {stable: {errors: 1%}, canary: {${service}}}
faults: [${faults}]
`
  const deadline = hasDeadline ? '  progressDeadlineSeconds: 60\n  progressDeadlineAbort: true\n' : ''
  const policy =
    rollout(4, `${isJudged ? judged : ''}${steps}`).replace('  strategy:', `${deadline}  strategy:`) +
    (isJudged ? suspicious : '')
  const outcome = new Simulation(planOf(scenario, policy)).fly(1)
  expect(outcome).toMatchObject({ verdict, missed, falseAbort })
})
