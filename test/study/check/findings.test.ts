// Findings say what a flight of the very manifests shows, where it shows.
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/policy/argo/policy.js'
import { versionOf } from '../../../src/policy/argo/version.js'
import { Problems } from '../../../src/scenario/problem.js'
import { findIn } from '../../../src/study/check/finding.js'
import { rules } from '../../../src/study/check/rules/rules.js'
import { findingsOf, subjectOf } from './findings-of.js'
import { manifestsOn, pageOf } from './pages.js'

it.each([
  ['old-pods-stay', /^.+ after the promotion the old version still has 4 of its pods\.$/],
  ['gate-lost', /^The pause is over \d+ms after it began, and nobody has promoted\.$/],
  ['background-before-pods', /^The first \d measurements of a good release are Errors(, and abort it)?\.$/],
  ['background-too-late', /^A good release is promoted, and errors was never measured\.$/],
  ['condition-always-error', /^A good release is aborted \d+m[\d.]*s? after it began\.$/],
  ['argument-undeclared', /^A good release is aborted \d+s after it began\.$/],
  ['count-below-zero', /^It is measured once in a good release\.$/],
  ['interval-below-second', /^In the first second errors is measured \d+ times\.$/],
  ['judged-without-requests', /^5 measurements of a good release are Errors; it is aborted\.$/],
  ['pause-of-no-time', /^A good release is at this step for \d+ ms\.$/],
  [
    'no-readiness-probe',
    /^A good release whose containers run at once, and answer when they have started, hurts \d{3} requests more than with a probe\.$/,
  ],
])('%s', (id, flown) => {
  const [text] = manifestsOn(pageOf(id), 'bad')
  expect(findingsOf(text!).filter((finding) => finding.id === id)).toEqual([
    expect.objectContaining({ flown: expect.stringMatching(flown) }),
  ])
})

const isFound = (id: string, text: string) => findingsOf(text).some((finding) => finding.id === id)

it.each([
  ['gate-lost', '- pause: {} # <- here', '- setWeight: 20\n        - pause: {}', true, 'a weight of as many pods'],
  ['gate-lost', '- pause: {} # <- here', '- setWeight: 50\n        - pause: {}', false, 'a weight of more pods'],
  ['gate-lost', '- pause: {duration: 10m}\n', '- pause: {}\n', false, 'a pause before it that ends for a person only'],
  ['gate-lost', 'startingStep: 1', 'startingStep: 3', false, 'an analysis that begins later'],
  [
    'background-before-pods',
    'result[0] <',
    'len(result) == 0 || result[0] <',
    false,
    'a condition that expects nothing',
  ],
  [
    'failure-limit-is-count',
    'templates: [{templateName: errors}]',
    'templates: [{templateName: errors}], dryRun: [{metricName: .*}]',
    false,
    'a rehearsal',
  ],
  ['judged-without-requests', 'result[0] < 0.05', 'len(result) == 0 || result[0] < 0.05', false, 'what may be nothing'],
  ['judged-without-requests', 'prePromotion', 'postPromotion', false, 'an analysis after the cutover'],
  ['judged-without-requests', 'failureLimit: 1', 'consecutiveErrorLimit: 9', true, 'a little more patience'],
  ['no-readiness-probe', 'livenessProbe', 'startupProbe', false, 'a startupProbe that keeps requests away'],
  [
    'no-readiness-probe',
    'containers:',
    'readinessGates: [{conditionType: target-health.elbv2.k8s.aws/shop}]\n      containers:',
    false,
    'a gate that a load balancer opens',
  ],
  ['old-pods-stay', 'trafficRouting', 'dynamicStableScale: true\n      trafficRouting', false, 'what is refused'],
])('of %s, with %j as %j: %s, for %s', (id, was, is, expected) => {
  const [bad] = manifestsOn(pageOf(id), 'bad')
  expect(bad).toContain(was)
  expect(isFound(id, bad!.replace(was, is))).toBe(expected)
})

it('judged-without-requests is found where two scrapes take longer than five Errors in a row', () => {
  const [text] = manifestsOn(pageOf('judged-without-requests'), 'good')
  const found = (scrape: string) =>
    findingsOf(text!, `observability: {scrape: {interval: ${scrape}}}\ntraffic: {rate: 100/s}\n`).some(
      ({ id }) => id === 'judged-without-requests',
    )
  expect([found('15s'), found('30s')]).toEqual([false, true])
})

describe('An analysis of an experiment', () => {
  const [, text] = manifestsOn(pageOf('judged-without-requests'), 'bad')
  const experiment = (template: string) =>
    `- experiment: {duration: 5m, templates: [${template}], analyses: [{name: it, templateName: errors, requiredForCompletion: true}]}`
  const idsWith = (template: string, more: (text: string) => string = (same) => same) =>
    findingsOf(
      more(text!)
        .replace('- setCanaryScale: {replicas: 2}', '- setWeight: 10')
        .replace("name: shop, image: 'shop:1'", "name: shop, image: 'shop:1', ports: [{containerPort: 80}]")
        .replace('- analysis: {templates: [{templateName: errors}]}', experiment(template)),
    ).map(({ id }) => id)

  it('that asks for the canary sees the canary alone, whatever else the experiment runs', () => {
    const ids = idsWith('{name: old, specRef: stable}, {name: new, specRef: canary}')
    expect(ids).not.toContain('whole-service')
    expect(ids).not.toContain('judged-without-requests')
  })

  it('that asks for pods without a weight is judged-without-requests', () => {
    const ofPods = (manifests: string) =>
      `${manifests}---\napiVersion: v1\nkind: Service\nmetadata: {name: all}\nspec: {selector: {app: shop}, ports: [{port: 80}]}\n`
        .replaceAll('istio_requests_total', 'http_requests_total')
        .replaceAll('reporter="source",destination_service_name="shop-canary"', 'kind="trial"')
        .replaceAll('response_code', 'code')
    const template = (weight: string) => `{name: new, specRef: canary, metadata: {labels: {kind: trial}}${weight}}`
    expect(idsWith(template(''), ofPods)).toContain('judged-without-requests')
    expect(idsWith(template(', weight: 10'), ofPods)).not.toContain('judged-without-requests')
  })
})

it('a rule finds nothing in a version that it does not apply to', () => {
  const { subject } = subjectOf(manifestsOn(pageOf('istio-waits-for-pods'), 'bad')[0]!)
  const before = { ...subject, policy: readPolicy(subject.manifests, new Problems(), versionOf('1.8.4')) }
  const idsOf = (asked: typeof subject) => findIn(asked, rules).map(({ rule }) => rule)
  expect(idsOf(subject)).toContain('istio-waits-for-pods')
  expect(idsOf(before)).not.toContain('istio-waits-for-pods')
})
