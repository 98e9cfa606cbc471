// Instant and range queries.
import { Annotations } from '../promql/annotations.js'
import { PromqlError } from '../promql/error.js'
import { compile, type Evaluation, type Query, type TimeRange } from '../promql/query.js'
import type { Value } from '../promql/value.js'
import { ApiError, invalidParameter } from './api-error.js'
import { valueJson } from './json.js'
import {
  durationMs,
  durationParameter,
  limitParameter,
  optionalTime,
  type Parameters,
  requiredTime,
} from './parameters.js'
import { refusedRange } from './refused-range.js'
import type { Data } from './reply.js'
import type { Sources } from './sources.js'

/** Prometheus' --query.timeout, by which a request's own is capped. */
export const LONGEST_MS = 120_000

/** Points in an answer: some 50 MB of text. Prometheus' --query.max-samples is 50 million, in memory. */
export const MOST_POINTS = 2_000_000

export function instantQuery(parameters: Parameters, sources: Sources): Data {
  const limit = limitParameter(parameters)
  const timeMs = optionalTime(parameters, 'time', sources.nowMs)
  return evaluated(parameters, sources, timeMs, limit, (query, evaluation) =>
    query.at(sources.store, timeMs, evaluation),
  )
}

export function rangeQuery(parameters: Parameters, sources: Sources): Data {
  const limit = limitParameter(parameters)
  const startMs = requiredTime(parameters, 'start')
  const endMs = requiredTime(parameters, 'end')
  const stepMs = durationParameter(parameters, 'step')
  const refused = refusedRange({ startMs, endMs, stepMs })
  if (refused !== undefined) throw new ApiError('bad_data', refused)
  if (stepMs < 1) throw new ApiError('execution', 'times are whole milliseconds: a shorter step leads nowhere')
  const range: TimeRange = { startMs, endMs, stepMs: Math.trunc(stepMs) }
  return evaluated(parameters, sources, endMs, limit, (query, evaluation) => ({
    kind: 'matrix',
    series: query.over(sources.store, range, evaluation),
  }))
}

function evaluated(
  parameters: Parameters,
  sources: Sources,
  timeMs: number,
  limit: number,
  evaluate: (query: Query, evaluation: Evaluation) => Value,
): Data {
  const annotations = new Annotations()
  const evaluation = { annotations, progress: limited(parameters, sources), ...lookbackOf(parameters) }
  const query = compiled(parameters.get('query') ?? '')
  try {
    evaluation.progress(0)
    const { json, warnings } = answered(evaluate(query, evaluation), timeMs, limit, parameters)
    return { json, warnings: [...annotations.warnings(query.text), ...warnings], infos: annotations.infos(query.text) }
  } catch (error) {
    if (error instanceof PromqlError) throw failed(error, query.text)
    throw error
  }
}

function compiled(text: string): Query {
  try {
    return compile(text)
  } catch (error) {
    if (error instanceof PromqlError) throw failed(error, text)
    throw error
  }
}

function failed(error: PromqlError, text: string): ApiError {
  if (error.kind === 'execution') return new ApiError('execution', error.message)
  return invalidParameter('query', error.inQuery(text))
}

/** Ends an evaluation that takes too long or grows too large. */
function limited(parameters: Parameters, { elapsedMs }: Sources): (points: number) => void {
  const asked = (parameters.get('timeout') ?? '') === '' ? LONGEST_MS : durationParameter(parameters, 'timeout')
  const timeoutMs = Math.min(asked, LONGEST_MS)
  return (points) => {
    if (elapsedMs() >= timeoutMs) throw new ApiError('timeout', 'query timed out in expression evaluation')
    if (points <= MOST_POINTS) return
    throw new ApiError('execution', 'query processing would load too many samples into memory in query execution')
  }
}

function lookbackOf(parameters: Parameters): { readonly lookbackMs?: number } {
  const text = parameters.get('lookback_delta') ?? ''
  if (text === '') return {}
  try {
    const lookbackMs = Math.trunc(durationMs(text))
    return lookbackMs > 0 ? { lookbackMs } : {}
  } catch (error) {
    if (error instanceof RangeError)
      throw new ApiError('bad_data', `error parsing lookback delta duration: ${error.message}`)
    throw error
  }
}

function answered(value: Value, timeMs: number, limit: number, parameters: Parameters): Answered {
  const warnings: string[] = []
  const kept = truncated(value, limit)
  if (kept !== value) warnings.push('results truncated due to limit')
  if ((parameters.get('stats') ?? '') !== '')
    warnings.push('parameter "stats" is not supported: no statistics are kept')
  return { json: valueJson(kept, timeMs), warnings }
}

interface Answered {
  readonly json: string
  readonly warnings: readonly string[]
}

function truncated(value: Value, limit: number): Value {
  if (value.kind === 'vector' && value.samples.length > limit)
    return { kind: 'vector', samples: value.samples.slice(0, limit) }
  if (value.kind === 'matrix' && value.series.length > limit)
    return { kind: 'matrix', series: value.series.slice(0, limit) }
  return value
}
