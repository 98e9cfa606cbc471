// Takes one measurement: asks the query, and judges the answer by the conditions of the metric.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { Answer, View } from '../view.js'
import type { Measurement } from './analysis-run.js'
import { assess } from './condition/assess.js'
import { formatSample } from './condition/value/float-text.js'
import { FLOAT64_SLICE } from './condition/value/go-type.js'
import { type GoValue, Slice } from './condition/value/value.js'
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
  const judged = answer.latencyMs > metric.timeoutMs ? timedOut(metric) : judge(metric, answer, loop.now + latencyMs)
  return { measurement: { ...judged, startedAtMs, finishedAtMs }, latencyMs }
}

const nothing = () => undefined

type Judged = Pick<Measurement, 'phase' | 'value' | 'message'>

function timedOut({ address }: Metric): Judged {
  return { phase: 'Error', value: nothing, message: `Post "${address}/api/v1/query": context deadline exceeded` }
}

function judge(metric: Metric, answer: Answer, nowMs: number): Judged {
  if (answer.kind === 'error') return { phase: 'Error', value: nothing, message: answer.message }
  if (answer.kind === 'string') return { phase: 'Error', value: nothing, message: 'unexpected value type "string"' }
  const { phase, message = '' } = assess(resultOf(answer), metric.success, metric.failure, nowMs)
  return { phase, value: phase === 'Error' ? nothing : () => textOf(answer), message }
}

type Numbers = Extract<Answer, { readonly kind: 'vector' | 'scalar' }>

/** What conditions see as `result`: labels are gone, NaN and infinities stay. */
function resultOf(answer: Numbers): GoValue {
  return answer.kind === 'scalar' ? answer.value : new Slice(FLOAT64_SLICE, answer.values)
}

function textOf(answer: Numbers): string {
  return answer.kind === 'scalar' ? formatSample(answer.value) : `[${answer.values.map(formatSample).join(',')}]`
}
