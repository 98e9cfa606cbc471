// Takes one measurement: asks the provider of the metric, and judges the answer by the conditions.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { View } from '../view.js'
import type { AnalysisRun, Measurement } from './analysis-run.js'
import { assess } from './condition/assess.js'
import { formatValue } from './condition/format-value.js'
import { prometheusResult } from './condition/prometheus-result.js'
import { webResult } from './condition/web-result.js'
import { followJob } from './job.js'
import { askKayenta } from './kayenta.js'
import type { Metric, Web } from './metric.js'
import { dialled, timesOf } from './provider/prometheus.js'
import type { PrometheusTemplate } from './provider/provider.js'
import { type ShapedProvider, shapeOf } from './provider/shape.js'
import type { Behaviours } from './version.js'

export interface Taken {
  readonly measurement: Measurement
  readonly latencyMs: number
}

export function measure(metric: Metric, run: AnalysisRun, view: View, does: Behaviours): Taken {
  const { measurement, latencyMs } = take(metric, run, view, does)
  let { message } = measurement
  for (const secret of metric.secrets) message = message.replaceAll(secret, '*****')
  return { measurement: message === measurement.message ? measurement : { ...measurement, message }, latencyMs }
}

function take(metric: Metric, run: AnalysisRun, view: View, does: Behaviours): Taken {
  const { provider } = metric
  const { now } = view.loop
  if (provider.kind === 'job') return { measurement: followJob(provider, metric, run, view, does), latencyMs: 0 }
  if (provider.kind === 'kayenta' && metric.complaint === undefined) {
    return { measurement: askKayenta(provider, metric, run, view), latencyMs: 0 }
  }
  const { phase, value, message, latencyMs } = ask(metric, view)
  const startedAtMs = floorToSecond(now)
  const finishedAtMs = floorToSecond(now + latencyMs)
  return { measurement: { phase, value, message, startedAtMs, finishedAtMs }, latencyMs }
}

function ask(metric: Metric, view: View): Answered {
  const { provider, complaint } = metric
  if (complaint !== undefined) return error(complaint, 0)
  switch (provider.kind) {
    case 'prometheus':
      return askPrometheus(provider, metric, view)
    case 'web':
      return askWeb(provider, metric, view)
    case 'job':
    case 'kayenta':
      throw new Error(`${provider.kind} doesn't answer at once`)
    default:
      return askOther(provider, metric, view)
  }
}

type Judged = Pick<Measurement, 'phase' | 'value' | 'message'>
type Answered = Judged & { readonly latencyMs: number }

const nothing = () => undefined

const defaultTimeoutSeconds = 30
const defaultWebTimeoutSeconds = 10

function error(message: string, latencyMs: number): Answered {
  return { phase: 'Error', value: nothing, message, latencyMs }
}

function askPrometheus(prometheus: PrometheusTemplate, metric: Metric, view: View): Answered {
  const { query, address, range, timeoutSeconds = defaultTimeoutSeconds } = prometheus
  const timeoutMs = 1000 * timeoutSeconds
  const times = range && timesOf(range, view.loop.now)
  if (times && 'error' in times) return error(times.error, 0)
  const late = 'context deadline exceeded'
  if (timeoutMs === 0) return unanswered(prometheus, late, timeoutMs)
  const answer = view.query(query, times)
  const { latencyMs } = answer
  if (latencyMs > timeoutMs) return unanswered(prometheus, late, timeoutMs)
  if (answer.kind === 'error') return error(answer.message, latencyMs)
  if (answer.kind === 'refused') {
    return unanswered(prometheus, `dial tcp ${dialled(address)}: connect: connection refused`, latencyMs)
  }
  const given = prometheusResult(answer.result)
  if ('error' in given) return error(given.error, latencyMs)
  const { result } = given
  const { phase, message = '' } = assess(result, metric.success, metric.failure, view.loop.now + latencyMs)
  return { phase, value: phase === 'Error' ? nothing : () => formatValue(result), message, latencyMs }
}

function unanswered({ address, range }: PrometheusTemplate, why: string, afterMs: number): Answered {
  return error(`Post "${address}/api/v1/query${range ? '_range' : ''}": ${why}`, afterMs)
}

function askWeb(web: Web, metric: Metric, view: View): Answered {
  const refusal = whyNotSent(web)
  if (refusal !== undefined) return error(refusal, 0)
  const { method, url, jsonPath, timeoutSeconds = 0 } = web
  const timeoutMs = 1000 * (timeoutSeconds > 0 ? timeoutSeconds : defaultWebTimeoutSeconds)
  const answer = view.web!({ source: metric.source, method, url })
  const { latencyMs } = answer
  const failed = (why: string, afterMs: number) =>
    error(`${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}": ${why}`, afterMs)
  if (latencyMs > timeoutMs) {
    return failed('context deadline exceeded (Client.Timeout exceeded while awaiting headers)', timeoutMs)
  }
  if ('error' in answer) return failed(answer.error, latencyMs)
  const given = webResult(answer.status, answer.body, jsonPath)
  switch (given.kind) {
    case 'error':
      return error(given.message, latencyMs)
    case 'text':
      return { phase: 'Successful', value: () => given.value, message: '', latencyMs }
    case 'controllerPanic':
      // The real process ends here, and again at each of its starts: there is nothing left to simulate.
      throw new Error(`the controller dies of ${url}: ${given.message}`)
    case 'value': {
      const { phase, message = '' } = assess(given.result, metric.success, metric.failure, view.loop.now + latencyMs)
      return { phase, value: phase === 'Error' ? nothing : () => given.value, message, latencyMs }
    }
  }
}

function askOther(provider: ShapedProvider, metric: Metric, view: View): Answered {
  const reading = view.read!(metric.source)
  if (reading.kind === 'error') return error(reading.message, 0)
  const shape = shapeOf(provider, reading)
  if ('error' in shape) return error(shape.error, 0)
  const { phase, message = '' } = assess(shape.result, metric.success, metric.failure, view.loop.now)
  return { phase, value: phase === 'Error' && !shape.isKept ? nothing : () => shape.value, message, latencyMs: 0 }
}

function whyNotSent({ method, body, hasJsonBody, jsonPath }: Web): string | undefined {
  if (jsonPath.nodes === undefined) return jsonPath.error
  if (body !== '' && hasJsonBody) return 'use either Body or JSONBody; both cannot exists for WebMetric payload'
  if ((body !== '' || hasJsonBody) && method === 'GET') {
    return 'Body/JSONBody can only be used with POST or PUT WebMetric Method types'
  }
  return undefined
}
