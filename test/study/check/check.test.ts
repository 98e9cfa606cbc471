// What check finds before it flies, and what it reports of the flights.
import { describe, expect, it } from 'vitest'
import { parseBudget } from '../../../src/scenario/budget.js'
import { jobsOf } from '../../../src/study/check/check.js'
import type { Rule } from '../../../src/study/check/rule.js'
import { rollout, template } from '../../run/plans.js'
import { checking, reportFor } from './checking.js'

const steps = 'steps: [{setWeight: 50}, {pause: {duration: 2m}}]'
const asking = 'analysis: {templates: [{templateName: errors}]}, steps: [{setWeight: 50}, {pause: {duration: 5m}}]'
const errorRatio = template(
  'errors',
  'interval: 30s\n      initialDelay: 1m\n      failureCondition: len(result) > 0 && !isNaN(result[0]) && result[0] > 0.05',
  'sum(rate(istio_requests_total{destination_service_name="shop-canary",response_code=~"5.."}[1m])) / sum(rate(istio_requests_total{destination_service_name="shop-canary"}[1m]))',
)

function budgets(...texts: readonly string[]) {
  return texts.map((text) => {
    const parsed = parseBudget(text)
    if (!parsed.ok) throw new Error(parsed.message)
    return parsed.value
  })
}

describe('Findings', () => {
  const rules: readonly Rule[] = [
    { id: 'missing-reference', severity: 'error', title: 'It refers to what is not there.' },
    {
      id: 'one-replica',
      severity: 'note',
      title: 'One.',
      *find({ policy, healthy }) {
        if (policy?.rollout.replicas !== 1) return
        const place = { file: 'policy/a.yaml', line: 2, column: 1 }
        yield { place, message: 'one', why: 'why', mend: 'mend', flown: healthy?.verdict ?? 'not flown' }
      },
    },
  ]

  it('are problems of the loader that a rule is about, and then no problems any more', async () => {
    const { findings, problems, rollouts } = await checking({ 'policy/a.yaml': rollout(1, asking) }, {}, rules)
    expect(findings.map(({ rule, severity, line }) => [rule, severity, line > 1])).toEqual([
      ['one-replica', 'note', true],
      ['missing-reference', 'error', true],
    ])
    expect(problems).toEqual([])
    expect(rollouts[0]!.flights).toEqual([])
    expect((await checking({ 'policy/a.yaml': rollout(1, asking) })).problems.map(({ code }) => code)).toEqual([
      'missing-reference',
    ])
  })

  it('of rules know the policy and a healthy release of it', async () => {
    const { findings } = await checking({ 'policy/a.yaml': rollout(1, steps) }, {}, rules)
    expect(findings.map(({ rule, flown }) => [rule, flown])).toEqual([['one-replica', 'promoted']])
  })

  it('of several Rollouts are told once where they share what is found', async () => {
    const two = { 'policy/a.yaml': rollout(1, steps), 'policy/b.yaml': rollout(1, steps).replaceAll('shop', 'cart') }
    const { findings, rollouts } = await checking(two, {}, rules)
    expect(rollouts.map(({ rollout: { name } }) => name)).toEqual(['shop', 'cart'])
    expect(findings).toHaveLength(1)
  })
})

describe('Flights', () => {
  it('are those of the default faults, each under the same seeds', async () => {
    const checked = await checking({ 'policy/a.yaml': rollout(5, asking), 'policy/b.yaml': errorRatio })
    const jobs = jobsOf(checked, { paths: [], seed: 7, budgets: [] })
    expect(jobs.map(({ flight }) => flight.fault.id)).toEqual([
      'healthy',
      'errors-100',
      'errors-10',
      'errors-1',
      'latency',
      'crash-loop',
      'slow-leak',
      'dependency-down',
      'metrics-missing',
    ])
    expect(new Set(jobs.map(({ seed }) => seed))).toEqual(new Set([7]))
  })

  it('say what was caught, when, and who was hurt, and hold what a policy should keep to', async () => {
    const { rollouts } = await reportFor({ 'policy/a.yaml': rollout(5, asking), 'policy/b.yaml': errorRatio })
    const flights = Object.fromEntries(rollouts[0]!.flights.map((flight) => [flight.fault, flight]))
    expect(flights['healthy']).toMatchObject({ verdicts: { promoted: { value: 1 } }, detectionMs: { p50: null } })
    expect(flights['errors-10']).toMatchObject({
      caught: { value: 1 },
      budgets: [{ budget: 'missed < 5%', answer: 'holds' }],
    })
    expect(flights['errors-1']).toMatchObject({ caught: { value: 0 }, budgets: [] })
    expect(flights['errors-100']!.requests.p50!.value).toBeGreaterThan(5 * flights['errors-10']!.requests.p50!.value)
    expect(flights['dependency-down']).toMatchObject({ wanted: 'promoted', verdicts: { aborted: { value: 1 } } })
    expect(flights['metrics-missing']).toMatchObject({ caught: { value: 0 } })
    expect(flights['slow-leak']!.users.p50!.value).toBeGreaterThan(0)
  })

  it('keep each to the budgets that are asked for, in the place of its own of that metric', async () => {
    const wishes = { runs: 20, budgets: budgets('missed < 50%', 'users.harmed.p95 < 10') }
    const { rollouts } = await reportFor({ 'policy/a.yaml': rollout(5, steps) }, wishes)
    const answers = rollouts[0]!.flights.map(({ fault, budgets }) => [fault, budgets.map(({ budget }) => budget)])
    expect(Object.fromEntries(answers)).toMatchObject({
      healthy: ['false_abort < 5%', 'duration.p90 < 15m', 'missed < 50%', 'users.harmed.p95 < 10'],
      'errors-100': ['missed < 50%', 'users.harmed.p95 < 10'],
      latency: ['missed < 50%', 'users.harmed.p95 < 10'],
    })
  })

  it('hold nobody to verdicts that nobody knows', async () => {
    const datadog = `
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors}
spec: {metrics: [{name: errors, interval: 1m, failureCondition: result > 0.05, provider: {datadog: {query: errors}}}]}
`
    const { rollouts } = await reportFor(
      { 'policy/a.yaml': rollout(5, asking), 'policy/b.yaml': datadog },
      { runs: 10 },
    )
    expect(rollouts[0]!.world!.unanswered).toEqual(['errors (datadog)'])
    const [healthy, all] = rollouts[0]!.flights
    expect(healthy!.verdicts.promoted.value).toBe(1)
    expect(all!.budgets).toEqual([])
  })

  it('are in the world of a scenario, without its faults and budgets', async () => {
    const scenario = `
teaches: x
policy: policy
release: {at: 5m}
duration: 30m
traffic: {rate: 1k/s, users: 40k}
faults: [{on: canary, errors: 100%}]
budgets: [verdict == aborted]
`
    const texts = { 'policy/a.yaml': rollout(5, asking), 'policy/b.yaml': errorRatio, 'world.yaml': scenario }
    const { rollouts } = await reportFor(texts, { scenario: 'world.yaml', runs: 10 })
    expect(rollouts[0]!.world).toMatchObject({ scenario: 'world.yaml', ratePerSecond: 1000, users: 40_000 })
    expect(rollouts[0]!.flights[0]).toMatchObject({ fault: 'healthy', verdicts: { promoted: { value: 1 } } })
    const withoutFiles = await reportFor(texts, { scenario: 'world.yaml', paths: [], runs: 10 })
    expect(withoutFiles).toEqual({ ...withoutFiles, rollouts })
  })

  it('are fewer where each is long', async () => {
    const checked = await checking({
      'policy/a.yaml': rollout(5, 'steps: [{setWeight: 50}, {pause: {duration: 6h}}]'),
    })
    expect(new Set(jobsOf(checked, { paths: [], seed: 1, budgets: [] }).map(({ runs }) => runs))).toEqual(new Set([50]))
  })
})

describe('There is nothing to check', () => {
  it.each([
    ['without a Rollout', { 'policy/a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}' }, ['no-rollout']],
    ['in an empty folder', { 'policy/readme.md': '' }, ['directory-empty']],
    ['where there is nothing', {}, ['file-missing']],
  ])('%s', async (_, texts, codes) => {
    const { problems, rollouts } = await checking(texts)
    expect([rollouts, problems.map(({ code }) => code)]).toEqual([[], codes])
  })

  it('in a scenario that is taken for a manifest, and the way to check with it is told', async () => {
    const { problems } = await checking({ 'world.yaml': 'teaches: x\npolicy: policy\n' }, { paths: ['world.yaml'] })
    expect(problems.map(({ hint }) => hint)).toEqual(['Write coalmine check --scenario world.yaml'])
  })
})
