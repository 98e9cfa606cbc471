import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Loop } from '../../../src/kernel/loop.js'
import { AnalysisController } from '../../../src/policy/argo/analysis-controller.js'
import { AnalysisRun, isCompleted } from '../../../src/policy/argo/analysis-run.js'
import { type Arg, type MetricTemplate, placedFields } from '../../../src/policy/argo/analysis-template.js'
import { resolveMetrics } from '../../../src/policy/argo/metric.js'
import { type MetricRules, noRules } from '../../../src/policy/argo/metric-rules.js'
import type { Answer, View } from '../../../src/policy/view.js'
import type { Cluster } from '../../../src/world/cluster/cluster.js'

describe('The outcome of a metric', () => {
  it.each(textRows('analysis-outcomes.txt'))('%s', (row) => {
    const [given, expected] = row.split('->')
    const [series, settings] = given!.split('|')
    const metric = Object.fromEntries(
      settings!
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((pair) => pair.split('=')),
    )
    const { run, endedMs } = play([{ name: 'm', series: series!.trim(), ...metric }], { untilMs: 1_000_000 })
    const seconds = Number.isNaN(endedMs) ? '' : ` ${Math.floor(endedMs / 1000)}`
    expect(`${run.phase}${seconds}`).toBe(expected!.trim())
  })
})

interface Row {
  readonly row: number
  readonly sort: 'outcome' | 'validation'
  readonly metrics?: readonly (Record<string, unknown> & { name: string; series: string; delayMs?: number })[]
  readonly spec?: {
    readonly metrics: readonly Record<string, unknown>[]
    readonly args?: readonly Record<string, unknown>[]
  }
  readonly terminateAt?: number
  readonly terminate?: boolean
  readonly dryRun?: MetricRules['dryRun']
  readonly measurementRetention?: MetricRules['retention']
  readonly run: {
    readonly phase: string
    readonly message?: string
    readonly metrics?: readonly Record<string, unknown>[]
    readonly dryRunSummary?: Readonly<Record<string, number>>
  }
}

describe('What the real controller made of limits', () => {
  const rows = recordings()
  // What these ask for isn't simulated yet; a policy that has it is refused by name.
  const others = rows.filter((row) => why(row) !== undefined)
  const played = rows.filter((row) => why(row) === undefined)

  it('is known for most of the rows', () => {
    expect([played.length, others.length]).toEqual([178, 1])
  })

  it.each(played.filter(({ sort }) => sort === 'outcome').map((row) => [row.row, row] as const))('row %i', (_, row) => {
    const { run } = play(row.metrics!, {
      untilMs: 300_000,
      terminateAtMs: terminationMs(row),
      terminate: row.terminate === true,
      rules: { dryRun: row.dryRun ?? [], retention: row.measurementRetention ?? [] },
    })
    expect([run.phase, run.message]).toEqual([row.run.phase, row.run.message ?? ''])
    for (const expected of row.run.metrics ?? []) {
      const result = run.results.find(({ name }) => name === expected['name'])!
      const { phase, count, successful, failed, inconclusive, error } = result
      const number = (key: string) => expected[key] ?? 0
      expect([phase, count, successful, failed, inconclusive, error]).toEqual([
        expected['phase'],
        ...['count', 'successful', 'failed', 'inconclusive', 'error'].map(number),
      ])
      expect(result.message).toBe(expected['message'] ?? '')
      expect(result.measurements.length).toBe((expected['measurements'] as unknown[]).length)
      expect(result.isDryRun).toBe(expected['dryRun'] ?? false)
    }
    const { dryRunSummary } = row.run
    if (dryRunSummary) expect(run.dryRunSummary).toEqual({ ...noneDry, ...dryRunSummary })
  })

  it.each(played.filter(({ sort }) => sort === 'validation').map((row) => [row.row, row] as const))(
    'row %i',
    (_, row) => {
      const templates = row.spec!.metrics.map((metric) => template(metric))
      // No Secret was there when the rows were recorded.
      const metrics = resolveMetrics(templates, (row.spec!.args ?? []).map(argOf), noRules, ({ name }) => ({
        error: `secrets ${JSON.stringify(name)} not found`,
      }))
      const { run } = playResolved(
        metrics,
        () => ({ kind: 'data', result: { resultType: 'vector', values: [0] }, latencyMs: 0 }),
        { untilMs: 60_000 },
      )
      expect([run.phase, run.message]).toEqual([row.run.phase, row.run.message ?? ''])
    },
  )
})

const noneDry = { count: 0, error: 0, failed: 0, inconclusive: 0, successful: 0 }

/** A person is never faster than the measurement of the same second. */
function terminationMs({ terminateAt }: Row): number {
  return terminateAt === undefined ? Number.NaN : terminateAt * 1000 + 500
}

/** Why a row can't be played, if so. */
function why(row: Row): string | undefined {
  const text = JSON.stringify(row)
  if (text.includes('{{args.x}"')) return 'a placeholder that swallows the JSON behind it'
  return undefined
}

interface Limits {
  readonly untilMs: number
  readonly terminateAtMs?: number
  /** From the start. */
  readonly terminate?: boolean
  readonly rules?: MetricRules
}

const values: Readonly<Record<string, number>> = { S: 0, F: 1, I: 0.5 }

function play(
  metrics: readonly (Record<string, unknown> & { name: string; series: string; delayMs?: number })[],
  limits: Limits,
) {
  const asked = new Map<string, number>()
  const resolved = resolveMetrics(
    metrics.map((metric) =>
      template({
        successCondition: 'result[0] < 0.3',
        failureCondition: 'result[0] > 0.7',
        ...metric,
        query: metric.name,
      }),
    ),
    [],
    limits.rules,
  )
  return playResolved(
    resolved,
    (query) => {
      const { series, delayMs = 0 } = metrics.find(({ name }) => name === query)!
      const nth = asked.get(query) ?? 0
      asked.set(query, nth + 1)
      const letter = series[Math.min(nth, series.length - 1)]!
      if (letter === 'E') return { kind: 'error', message: 'server_error: server error: 503', latencyMs: delayMs }
      return { kind: 'data', result: { resultType: 'vector', values: [values[letter]!] }, latencyMs: delayMs }
    },
    limits,
  )
}

function playResolved(metrics: AnalysisRun['metrics'], query: (text: string) => Answer, limits: Limits) {
  const loop = new Loop()
  const run = new AnalysisRun('run', 'Step', 'hash', 0, metrics)
  run.terminate = limits.terminate ?? false
  let endedMs = Number.NaN
  const journal = {
    wrote: () => {
      if (Number.isNaN(endedMs) && isCompleted(run.phase)) endedMs = loop.now
    },
    event: () => {},
  }
  const view: View = { loop, cluster: undefined as unknown as Cluster, query, journal }
  const controller = new AnalysisController(view, () => {})
  controller.start(run)
  if (limits.terminateAtMs && !Number.isNaN(limits.terminateAtMs)) {
    loop.at(
      limits.terminateAtMs,
      0,
      loop.handler(() => controller.terminate(run)),
    )
  }
  loop.run(limits.untilMs)
  return { run, endedMs }
}

function template(metric: Record<string, unknown>): MetricTemplate {
  const provider = metric['provider'] as { prometheus?: { query?: string } } | undefined
  const text = (key: string) => (metric[key] ?? '') as string
  const intOrText = (key: string) => metric[key] as string | number | undefined
  return {
    name: text('name'),
    template: 'check',
    interval: text('interval'),
    initialDelay: text('initialDelay'),
    count: intOrText('count'),
    successCondition: text('successCondition'),
    failureCondition: text('failureCondition'),
    failureLimit: intOrText('failureLimit'),
    inconclusiveLimit: intOrText('inconclusiveLimit'),
    consecutiveErrorLimit: intOrText('consecutiveErrorLimit'),
    consecutiveSuccessLimit: intOrText('consecutiveSuccessLimit'),
    provider: {
      kind: 'prometheus',
      address: '',
      query: provider?.prometheus?.query ?? text('query'),
      timeoutSeconds: undefined,
      range: undefined,
    },
    providers: Object.keys(provider ?? { prometheus: {} }).length,
    written: null,
    places,
    placeInQuery: () => nowhere,
  }
}

function argOf({ name, value, valueFrom }: Record<string, unknown>): Arg {
  const { secretKeyRef, fieldRef } = (valueFrom ?? {}) as {
    secretKeyRef?: { name: string; key: string }
    fieldRef?: unknown
  }
  return {
    name: String(name),
    value: value as string | undefined,
    ...(secretKeyRef ? { secret: { ...secretKeyRef, place: nowhere } } : {}),
    ...(fieldRef ? { isUnfollowed: true } : {}),
  }
}

const nowhere = { file: '', line: 0, column: 0 }
const places = Object.fromEntries(
  ['provider', ...placedFields].map((field) => [field, nowhere]),
) as MetricTemplate['places']

function recordings(): readonly Row[] {
  const [, ...lines] = readFileSync(join(import.meta.dirname, 'cases', 'limits.jsonl'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as Row)
}

function textRows(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, 'cases', file), 'utf8')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}
