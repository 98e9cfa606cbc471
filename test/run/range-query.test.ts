// Prometheus metrics that ask for a stretch of time.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../src/run/fly.js'
import { planOf, rollout, tryPlan } from './plans.js'

const scenario = `
teaches: Nothing.
policy: policy.yaml
release: {at: 5m, image: "shop:2"}
duration: 12m
traffic: {rate: 200/s}
service: {stable: {errors: 1%, start: 10s}}
observability: {scrape: {interval: 15s}}
`

const policy = (query: string, range: string, condition = 'true') => `${rollout(
  4,
  'steps: [{setWeight: 50}, {pause: {duration: 2m}}, {analysis: {templates: [{templateName: check}]}}]',
)}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: check}
spec:
  metrics:
    - name: rate
      successCondition: ${JSON.stringify(condition)}
      provider: {prometheus: {address: "http://p", query: ${JSON.stringify(query)}, rangeQuery: ${range}}}
`

const hour = `{start: 'now() - duration("4m")', end: 'now()', step: 1m}`
const total = 'sum(rate(istio_requests_total{reporter="source"}[1m]))'

function measured(query: string, range: string, condition?: string) {
  const measurements = flyRecorded(planOf(scenario, policy(query, range, condition)), 1).timeline.filter(
    (entry) => entry.what === 'measurement',
  )
  return measurements[0]!
}

describe('A range query', () => {
  it('gives the values of all its steps, also of those before the release', () => {
    const { phase, value } = measured(total, hour, 'len(result) == 5 && all(result, {# > 150 && # < 250})')
    expect(phase).toBe('Successful')
    expect(value!.split(',')).toHaveLength(5)
  })

  it('has one series after the other, in the order of their labels', () => {
    const byCode = 'sum by (response_code) (rate(istio_requests_total{reporter="source"}[1m]))'
    const { value } = measured(byCode, hour)
    const values = value!.slice(1, -1).split(',').map(Number)
    expect(values).toHaveLength(10)
    expect(Math.min(...values.slice(0, 5))).toBeGreaterThan(150)
    expect(Math.max(...values.slice(5))).toBeLessThan(10)
  })

  it('of a scalar has its value at each step', () => {
    expect(measured('vector(2) * 3', hour).value).toBe('[6,6,6,6,6]')
    expect(measured('7', hour).value).toBe('[7,7,7,7,7]')
  })

  it.each([
    ["{start: 'now()', end: 'now() - duration(\"1m\")', step: 1m}", 'end timestamp must not be before start time'],
    ["{start: 'now() - duration(\"1h\")', end: 'now()', step: 0s}", 'zero or negative query resolution step widths'],
    ["{start: 'now() - duration(\"9h\")', end: 'now()', step: 1s}", 'exceeded maximum resolution of 11,000 points'],
  ])('is refused by Prometheus: %s', (range, message) => {
    expect(measured(total, range)).toMatchObject({ phase: 'Error', message: expect.stringContaining(message) })
  })

  it('of a range vector is refused, too', () => {
    expect(measured('istio_requests_total[1m]', hour).message).toBe(
      'bad_data: invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    )
  })

  // As recorded (validation.jsonl, av-r-prom-range and av-r-prom-rangestep).
  it.each([
    ["{start: foo, end: 'now()', step: 1m}", 'failed to parse rangeQuery.start as time: unknown name foo'],
    ["{start: 'now()', end: 'now()'}", 'failed to parse rangeQuery.step as duration: time: invalid duration ""'],
    ["{start: 'now()', end: '7', step: 1m}", 'failed to parse rangeQuery.end as time: expected time.Time, but got int'],
    ["{start: 'now()', end: 'result', step: 1m}", 'failed to parse rangeQuery.end as time: unknown name result'],
  ])('with %s is warned of before, and an Error each time', (range, message) => {
    const { problems } = tryPlan(scenario, policy(total, range))
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'invalid-provider', message: `metric rate: ${message}` },
    ])
    expect(measured(total, range)).toMatchObject({ phase: 'Error', message })
  })
})
