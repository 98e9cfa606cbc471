// Every measurement that the real controller made in the recorded table, made again.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assess } from '../../../../src/policy/argo/condition/assess.js'
import { compile } from '../../../../src/policy/argo/condition/condition.js'
import { formatValue } from '../../../../src/policy/argo/condition/format-value.js'
import { prometheusFailure, prometheusResult } from '../../../../src/policy/argo/condition/prometheus-result.js'
import { webJsonPath, webResult } from '../../../../src/policy/argo/condition/web-result.js'
import type { QueryResult } from '../../../../src/policy/view.js'

interface Row {
  readonly provider: 'prometheus' | 'web'
  readonly result?: unknown
  readonly resultType?: string
  readonly answer?: { status: number; text?: string; body?: { status?: string; errorType?: string; error?: string } }
  readonly address?: string
  readonly timeout?: number
  readonly timeoutSeconds?: number
  readonly url?: string
  readonly method?: string
  readonly body?: string
  readonly json?: unknown
  readonly jsonBody?: unknown
  readonly jsonPath?: string
  readonly text?: string
  readonly status?: number
  readonly successCondition?: string
  readonly failureCondition?: string
  readonly phase?: string
  readonly value?: string
  readonly message?: string
  readonly runPhase?: string
  readonly controllerPanics?: string
}

interface Measurement {
  readonly phase: string
  readonly value?: string
  readonly message?: string
}

const rows = readFileSync(new URL('cases/conditions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line, at) => ({ at: at + 2, row: JSON.parse(line) as Row }))

/** Rows about what happens before there is an answer to assess; each kind with how many there are. */
const SKIPPED: Readonly<Record<string, number>> = {
  'address: the simulated Prometheus has no network between it and the controller': 4,
  'timeout: how long a query takes is the business of whoever asks it': 4,
  'broken answer: the simulated Prometheus never answers 200 with anything but its own JSON': 3,
  'request: what is wrong with a web metric before it is sent': 3,
}

describe('the recorded table of conditions', () => {
  const played = rows.filter(({ row }) => skipReason(row) === undefined)

  it('is played but for the rows that are about the way to the provider', () => {
    const counts: Record<string, number> = {}
    for (const { row } of rows) {
      const reason = skipReason(row)
      if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1
    }
    expect(counts).toEqual(SKIPPED)
    expect(played.length).toBe(rows.length - 14)
  })

  it.each(played)('line $at: $row.provider $row.successCondition / $row.failureCondition', ({ row }) => {
    if (row.controllerPanics !== undefined) {
      const outcome = webResult(200, JSON.stringify(row.json))
      expect(outcome.kind).toBe('controllerPanic')
      expect(row.controllerPanics).toContain('message' in outcome ? outcome.message : 'no message')
      return
    }
    const measurement = row.provider === 'web' ? measureWeb(row) : measurePrometheus(row)
    const recorded = { phase: row.phase, value: row.value, message: row.message }
    expect({ value: undefined, message: undefined, ...measurement }).toEqual(recorded)
    // With all limits at their defaults the one measurement decides the run.
    expect(row.runPhase).toBe(measurement.phase)
  })
})

function skipReason(row: Row): string | undefined {
  const kinds = Object.keys(SKIPPED)
  if (row.address !== undefined) return kinds[0]
  if (row.timeout !== undefined || row.timeoutSeconds !== undefined) return kinds[1]
  if (row.answer?.status === 200 && row.answer.body?.status !== 'error') return kinds[2]
  const twoBodies = row.body !== undefined && row.jsonBody !== undefined
  return row.url !== undefined || twoBodies ? kinds[3] : undefined
}

function measurePrometheus(row: Row): Measurement {
  if (row.answer !== undefined) {
    const { errorType = '', error = '' } = row.answer.body ?? {}
    return { phase: 'Error', message: prometheusFailure(row.answer.status, errorType, error) }
  }
  const outcome = prometheusResult(answerOf(row))
  if ('error' in outcome) return { phase: 'Error', message: outcome.error }
  const { phase, message } = assessRow(outcome.result, row)
  return phase === 'Error' ? { phase, ...(message && { message }) } : { phase, value: formatValue(outcome.result) }
}

function measureWeb(row: Row): Measurement {
  const status = row.status ?? 200
  // HTTP allows no body with a 204.
  const body = status === 204 ? '' : (row.text ?? JSON.stringify(row.json))
  const outcome = webResult(status, body, webJsonPath(row.jsonPath))
  switch (outcome.kind) {
    case 'text':
      return { phase: 'Successful', ...(outcome.value !== '' && { value: outcome.value }) }
    case 'error':
    case 'controllerPanic':
      return { phase: 'Error', message: outcome.message }
    case 'value': {
      const { phase, message } = assessRow(outcome.result, row)
      return phase === 'Error' ? { phase, ...(message && { message }) } : { phase, value: outcome.value }
    }
  }
}

function assessRow(result: Parameters<typeof assess>[0], row: Row): Measurement {
  const [success, failure] = [row.successCondition, row.failureCondition].map((text) =>
    text === undefined ? undefined : compile(text),
  )
  return assess(result, success, failure, Date.UTC(2026, 10, 21))
}

function answerOf({ resultType = 'vector', result, message }: Row): QueryResult {
  switch (resultType) {
    case 'scalar':
      return { resultType, value: sample(result) }
    case 'matrix':
      return { resultType, series: (result as unknown[][]).map((values) => values.map(sample)) }
    case 'string':
      // The message shows the time of the evaluation.
      return { resultType, value: String(result), unixSeconds: Number(/"result":\[([0-9.]+),/.exec(message!)![1]) }
    default:
      return { resultType: 'vector', values: (result as unknown[]).map(sample) }
  }
}

/** Prometheus writes its samples as strings, with +Inf and NaN. */
function sample(value: unknown): number {
  if (value === '+Inf') return Number.POSITIVE_INFINITY
  return value === '-Inf' ? Number.NEGATIVE_INFINITY : Number(value)
}
