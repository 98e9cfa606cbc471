// How many replicas one metric asks for: the arithmetic of the HorizontalPodAutoscaler (kubernetes 1.36,
// pkg/controller/podautoscaler/replica_calculator.go), with its caution about pods it knows little of.
import type { Pod } from '../../world/cluster/objects.js'
import type { AutoscalerSpec, MetricTarget, PodMetricName } from './autoscaler-spec.js'

/** The last value of a pod, in thousandths. */
export interface Measured {
  readonly milli: number
  readonly takenAtMs: number
  /** What it is the mean over. */
  readonly windowMs: number
}

export interface PodMetrics {
  /** Undefined while there is none. */
  read(pod: Pod, metric: PodMetricName): Measured | undefined
  /** Why there is none at all, if not for lack of pods that have any. */
  readonly outage?: string
}

/** Why a metric can't be gone by, in the controller's words. */
export interface Unreadable {
  readonly error: string
}

/** Without a pod whose value counts the controller leaves things as they are. */
export function replicasFor(
  { metric, target }: MetricTarget,
  pods: readonly Pod[],
  metrics: PodMetrics,
  current: number,
  tolerance: AutoscalerSpec['tolerance'],
  nowMs: number,
): number | Unreadable {
  const { ready, unready, missing } = group(pods, metric, metrics, nowMs)
  if (ready.length === 0) return unready === 0 ? noneReturned(metric, metrics) : noneCounts
  const isWithin = (ratio: number) => 1 - tolerance.down <= ratio && ratio <= 1 + tolerance.up
  const ratio = ratioOf(ready, target)
  const countsUnready = unready > 0 && ratio > 1
  if (!countsUnready && missing === 0) return isWithin(ratio) ? current : Math.ceil(ratio * ready.length)

  // Pods without a value shall not make the change greater: busy when it would shrink, idle when it would grow.
  const values = [...ready]
  if (ratio !== 1) values.push(...Array<number>(missing).fill(ratio < 1 ? assumedMilli(target) : 0))
  if (countsUnready) values.push(...Array<number>(unready).fill(0))
  const cautious = ratioOf(values, target)
  const isTurned = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1)
  if (isWithin(cautious) || isTurned) return current
  const wanted = Math.ceil(cautious * values.length)
  return (cautious < 1 && wanted > current) || (cautious > 1 && wanted < current) ? current : wanted
}

const noneCounts: Unreadable = { error: 'did not receive metrics for targeted pods (pods might be unready)' }

function noneReturned(metric: PodMetricName, { outage }: PodMetrics): Unreadable {
  const [what, api] = metric === 'cpu' ? ['metrics for resource cpu', 'resource'] : ['the metric', 'custom']
  return { error: `unable to get ${what}: ${outage ?? `no metrics returned from ${api} metrics API`}` }
}

/** In whole thousandths and whole percents, as the controller counts. */
function ratioOf(values: readonly number[], target: MetricTarget['target']): number {
  const total = values.reduce((sum, value) => sum + value, 0)
  if (target.kind === 'average') return Math.trunc(total / values.length) / target.milli
  return Math.trunc((total * 100) / (target.requestMilli * values.length)) / target.percent
}

function assumedMilli(target: MetricTarget['target']): number {
  if (target.kind === 'average') return target.milli
  return Math.trunc((target.requestMilli * Math.max(100, target.percent)) / 100)
}

/** While a pod is so young, it may use the processor more than it will. */
const initializationMs = 5 * 60_000
const initialReadinessMs = 30_000

function group(pods: readonly Pod[], metric: PodMetricName, metrics: PodMetrics, nowMs: number) {
  const ready: number[] = []
  let unready = 0
  let missing = 0
  for (const pod of pods) {
    const measured = metrics.read(pod, metric)
    if (pod.isPending) unready++
    else if (!measured) missing++
    else if (metric === 'cpu' && isUnready(pod, measured, nowMs)) unready++
    else ready.push(measured.milli)
  }
  return { ready, unready, missing }
}

function isUnready({ ready, createdAtMs, turnedAtMs }: Pod, { takenAtMs, windowMs }: Measured, nowMs: number): boolean {
  if (createdAtMs + initializationMs > nowMs) return !ready || takenAtMs < turnedAtMs + windowMs
  return !ready && createdAtMs + initialReadinessMs > turnedAtMs
}
