// Takes one measurement: asks the provider of the metric, and judges the answer by the conditions.
import { floorToSecond } from '../../world/cluster/cluster.js'
import type { View } from '../view.js'
import type { AnalysisRun, Measurement } from './analysis-run.js'
import { assess } from './condition/assess.js'
import { formatValue } from './condition/format-value.js'
import { prometheusResult } from './condition/prometheus-result.js'
import { webResult } from './condition/web-result.js'
import { followJob } from './job.js'
import type { Metric, Prometheus, Web } from './metric.js'
import type { Behaviours } from './version.js'

export interface Taken {
  readonly measurement: Measurement
  readonly latencyMs: number
}

export function measure(metric: Metric, run: AnalysisRun, view: View, does: Behaviours): Taken {
  const { provider } = metric
  if (provider.kind === 'job') return { measurement: followJob(provider, metric, run, view, does), latencyMs: 0 }
  const { loop } = view
  const { phase, value, message, latencyMs } =
    provider.kind === 'web' ? askWeb(provider, metric, view) : askPrometheus(provider, metric, view)
  const startedAtMs = floorToSecond(loop.now)
  const finishedAtMs = floorToSecond(loop.now + latencyMs)
  return { measurement: { phase, value, message, startedAtMs, finishedAtMs }, latencyMs }
}

type Judged = Pick<Measurement, 'phase' | 'value' | 'message'>
type Answered = Judged & { readonly latencyMs: number }

const nothing = () => undefined

function error(message: string, latencyMs: number): Answered {
  return { phase: 'Error', value: nothing, message, latencyMs }
}

function askPrometheus({ query, address, timeoutMs }: Prometheus, metric: Metric, view: View): Answered {
  const answer = view.query(query)
  const { latencyMs } = answer
  if (latencyMs > timeoutMs) return error(`Post "${address}/api/v1/query": context deadline exceeded`, timeoutMs)
  if (answer.kind === 'error') return error(answer.message, latencyMs)
  const given = prometheusResult(answer.result)
  if ('error' in given) return error(given.error, latencyMs)
  const { result } = given
  const { phase, message = '' } = assess(result, metric.success, metric.failure, view.loop.now + latencyMs)
  return { phase, value: phase === 'Error' ? nothing : () => formatValue(result), message, latencyMs }
}

function askWeb(web: Web, metric: Metric, view: View): Answered {
  const refusal = whyNotSent(web)
  if (refusal !== undefined) return error(refusal, 0)
  const { method, url, jsonPath, timeoutMs } = web
  const { latencyMs, status, body } = view.web!({ method, url })
  if (latencyMs > timeoutMs) {
    const verb = method.charAt(0) + method.slice(1).toLowerCase()
    const why = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    return error(`${verb} "${url}": ${why}`, timeoutMs)
  }
  const given = webResult(status, body, jsonPath)
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

function whyNotSent({ method, body, hasJsonBody, jsonPath }: Web): string | undefined {
  if (jsonPath.nodes === undefined) return jsonPath.error
  if (body !== '' && hasJsonBody) return 'use either Body or JSONBody; both cannot exists for WebMetric payload'
  if ((body !== '' || hasJsonBody) && method === 'GET') {
    return 'Body/JSONBody can only be used with POST or PUT WebMetric Method types'
  }
  return undefined
}
