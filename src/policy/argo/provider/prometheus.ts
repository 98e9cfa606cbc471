// Prometheus: the time that a query is about, where it isn't now.

import { parseGoDuration } from '../../../scenario/go-duration.js'
import type { QueryRange } from '../../view.js'
import { evaluateTime } from '../condition/time-expression.js'
import type { PrometheusRange, PrometheusTemplate } from './provider.js'

export function timesOf({ start, end, step }: PrometheusRange, nowMs: number): QueryRange | { readonly error: string } {
  const startMs = evaluateTime(start, nowMs)
  if (typeof startMs === 'object') return { error: `failed to parse rangeQuery.start as time: ${startMs.error}` }
  const endMs = evaluateTime(end, nowMs)
  if (typeof endMs === 'object') return { error: `failed to parse rangeQuery.end as time: ${endMs.error}` }
  const stepMs = parseGoDuration(step)
  if (typeof stepMs === 'object') return { error: `failed to parse rangeQuery.step as duration: ${stepMs.error}` }
  return { startMs, endMs, stepMs }
}

/**
 * What a connection to such an address goes to: Go names the IP address there. That of a Service is made up, from the
 * range that kubeadm gives to Services; where no endpoint is ready, kube-proxy refuses the connection itself.
 */
export function dialled(address: string): string {
  const [, scheme, host = '', port] = /^(\w+):\/\/(?:[^/@]*@)?(\[.*\]|[^:/]*)(?::(\d+))?/.exec(address) ?? []
  const isNumeric = /^(\[.*\]|[\d.]+)$/.test(host)
  return `${isNumeric ? host : serviceAddress}:${port ?? (scheme === 'https' ? 443 : 80)}`
}

const serviceAddress = '10.96.0.90'

export function prometheusComplaint({ timeoutSeconds = 0, range }: PrometheusTemplate): string | undefined {
  if (timeoutSeconds < 0) return 'prometheus timeout should not be negative'
  const times = range && timesOf(range, 0)
  return times && 'error' in times ? times.error : undefined
}
