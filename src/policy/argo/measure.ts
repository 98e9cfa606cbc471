// Takes one measurement: asks the query, and judges the answer by the conditions of the metric.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { Answer, View } from '../view.js'
import type { Measurement } from './analysis-run.js'
import { assess } from './condition/assess.js'
import { formatValue } from './condition/format-value.js'
import { prometheusResult } from './condition/prometheus-result.js'
import type { Metric } from './metric.js'

export interface Taken {
  readonly measurement: Measurement
  readonly latencyMs: number
}

export function measure(metric: Metric, { query, loop }: View): Taken {
  const answer = query(metric.query)
  const latencyMs = Math.min(answer.latencyMs, metric.timeoutMs)
  const startedAtMs = floorToSecond(loop.now)
  const finishedAtMs = floorToSecond(loop.now + latencyMs)
  const isLate = answer.latencyMs > metric.timeoutMs
  const { phase, value, message } = isLate ? timedOut(metric) : judge(metric, answer, loop.now + latencyMs)
  return { measurement: { phase, value, message, startedAtMs, finishedAtMs }, latencyMs }
}

const nothing = () => undefined

type Judged = Pick<Measurement, 'phase' | 'value' | 'message'>

function timedOut({ address }: Metric): Judged {
  return { phase: 'Error', value: nothing, message: `Post "${address}/api/v1/query": context deadline exceeded` }
}

function judge(metric: Metric, answer: Answer, nowMs: number): Judged {
  if (answer.kind === 'error') return { phase: 'Error', value: nothing, message: answer.message }
  const given = prometheusResult(answer.result)
  if ('error' in given) return { phase: 'Error', value: nothing, message: given.error }
  const { phase, message = '' } = assess(given.result, metric.success, metric.failure, nowMs)
  return { phase, value: phase === 'Error' ? nothing : () => formatValue(given.result), message }
}
