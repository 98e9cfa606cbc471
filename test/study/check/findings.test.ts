// Findings say what a flight of the very manifests shows, where it shows.
import { expect, it } from 'vitest'
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

it('a rule finds nothing in a version that it does not apply to', () => {
  const { subject } = subjectOf(manifestsOn(pageOf('istio-waits-for-pods'), 'bad')[0]!)
  const before = { ...subject, policy: readPolicy(subject.manifests, new Problems(), versionOf('1.8.4')) }
  const idsOf = (asked: typeof subject) => findIn(asked, rules).map(({ rule }) => rule)
  expect(idsOf(subject)).toContain('istio-waits-for-pods')
  expect(idsOf(before)).not.toContain('istio-waits-for-pods')
})
