// What the real controller made of the answers of monitoring systems, and what their fields must be.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { AnalysisController } from '../../../src/policy/argo/analysis-controller.js'
import { AnalysisRun } from '../../../src/policy/argo/analysis-run.js'
import { resolveMetrics } from '../../../src/policy/argo/metric.js'
import { readAnalysisTemplate } from '../../../src/policy/argo/read-analysis.js'
import type { View } from '../../../src/policy/view.js'
import { readManifests } from '../../../src/scenario/load.js'
import { Problems } from '../../../src/scenario/problem.js'
import type { Reading } from '../../../src/scenario/signals.js'
import type { Cluster } from '../../../src/world/cluster/cluster.js'

interface Row {
  readonly id: string
  readonly metric: unknown
  readonly says: { readonly kind: string; readonly values?: readonly (number | string)[] }
  readonly made: { readonly phase: string; readonly value?: string; readonly message?: string }
}

const rows = readFileSync(join(import.meta.dirname, 'cases', 'providers.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => JSON.parse(line) as Row)

describe('What the real controller made of an answer', () => {
  it.each(rows.map((row) => [row.id, row] as const))('%s', (_, { metric, says, made }) => {
    const values = says.values?.map(Number)
    expect(measured(metric, { ...says, ...(values ? { values } : {}) } as Reading)).toEqual(made)
  })
})

describe('CloudWatch, which can only be asked at home', () => {
  const metric = (queries: string, conditions = '') =>
    `{name: m, ${conditions}provider: {cloudWatch: {metricDataQueries: ${queries}}}}`
  const one = '[{id: rate, expression: "a/b"}, {id: a, returnData: false}]'

  it('gives a list of results with their values, newest first', () => {
    const condition = 'successCondition: "len(result[0].Values) == 2 && result[0].Values[0] < 0.05", '
    expect(measured(metric(one, condition), numbers(0.01, 0.2))).toEqual({ phase: 'Successful', value: '[[0.01 0.2]]' })
  })

  it('tells its results apart by id and label', () => {
    const condition = `successCondition: "result[1].Id == 'b' && result[1].Values[0] > 1 && result[0].Label == 'x'", `
    const two =
      '[{id: a, expression: x, label: x}, {id: b, metricStat: {metric: {metricName: other}, period: 60, stat: Sum}}]'
    expect(measured(metric(two, condition), numbers(1, 2))).toEqual({ phase: 'Successful', value: '[[1] [2]]' })
  })

  it('without values has nothing at their first place, and keeps what it had', () => {
    const condition = 'successCondition: "result[0].Values[0] < 0.05", '
    expect(measured(metric(one, condition), { kind: 'empty' })).toEqual({
      phase: 'Error',
      value: '[[]]',
      message: expect.stringContaining('index out of range: 0 (array length is 0)'),
    })
  })

  it('knows its fields before there is a result', () => {
    const condition = 'successCondition: "result[0].Vals[0] < 0.05", '
    expect(measured(metric(one, condition), numbers(1)).message).toContain(
      'type types.MetricDataResult has no field Vals',
    )
  })
})

describe('Wavefront, which is asked by https only', () => {
  const metric = (condition: string) => `{name: m, successCondition: "${condition}", provider: {wavefront: {query: q}}}`

  it.each([
    [[0.014], 'result < 0.05', { phase: 'Successful', value: '0.01' }],
    [[0.125], 'result < 0.05', { phase: 'Failed', value: '0.12' }],
    [[0.01, 0.3], 'result[1] < 0.05', { phase: 'Failed', value: '[0.01,0.30]' }],
  ])('gives a number for one series, a list for several: %j', (values, condition, made) => {
    expect(measured(metric(condition), numbers(...values))).toEqual(made)
  })

  it('says when there is no series, and takes one without points for zero', () => {
    expect(measured(metric('true'), { kind: 'empty' }).message).toBe('No TimeSeries found in response from Wavefront')
    expect(measured(metric('result == 0'), { kind: 'null' })).toEqual({ phase: 'Successful', value: '0.00' })
  })
})

describe('Fields of providers', () => {
  it('that decide nothing are taken', () => {
    const sigv4 = 'authentication: {sigv4: {region: x}}'
    const providers = [
      '{prometheus: {address: "http://p", query: q, headers: [{key: a, value: b}], insecure: true}}',
      `{web: {url: "http://x", ${sigv4}, insecure: true}}`,
      '{newRelic: {profile: p, query: q}}',
      '{wavefront: {address: a, query: q}}',
      '{influxdb: {profile: p, query: q}}',
      '{skywalking: {address: a, query: q, interval: 3m}}',
      '{plugin: {my/plugin: {any: [thing]}}}',
    ]
    for (const provider of providers) expect(read(`{name: m, provider: ${provider}}`).problems).toEqual([])
  })
})

const numbers = (...values: number[]): Reading => ({ kind: 'numbers', values })

function read(metric: unknown) {
  const problems = new Problems()
  const written = typeof metric === 'string' ? metric : JSON.stringify(metric)
  const text = `{apiVersion: argoproj.io/v1alpha1, kind: AnalysisTemplate, metadata: {name: check}, spec: {metrics: [${written}]}}`
  const manifests = readManifests(['t.yaml'], { read: () => ({ text }) }, problems)
  const template = readAnalysisTemplate(manifests[0]!, problems)
  return { template, problems: problems.sorted() }
}

/** The first measurement of the metric that is finished. */
function measured(metric: unknown, reading: Reading): Row['made'] {
  const { template, problems } = read(metric)
  expect(problems).toEqual([])
  const loop = new Loop()
  const run = new AnalysisRun('run', undefined, '', -1, resolveMetrics(template.metrics, template.args))
  const journal = { wrote: () => {}, event: () => {} }
  const query = () => {
    throw new Error('nobody asks Prometheus')
  }
  const view: View = { loop, cluster: undefined as unknown as Cluster, query, read: () => reading, journal }
  new AnalysisController(view, () => {}).start(run)
  while (run.results[0]?.last.unfinished !== undefined || run.results.length === 0) loop.run(loop.now + 1000)
  const { phase, value, message } = run.results[0]!.measurements[0]!
  const text = value()
  return { phase, ...(text === undefined ? {} : { value: text }), ...(message === '' ? {} : { message }) }
}
