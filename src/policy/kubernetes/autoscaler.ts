// The controller of a HorizontalPodAutoscaler: looks at its target and the metrics of its pods every so often, and sizes.
import type { Pod } from '../../world/cluster/objects.js'
import type { View } from '../view.js'
import type { AutoscalerSpec, MetricTarget } from './autoscaler-spec.js'
import { type PodMetrics, replicasFor, type Unreadable } from './replica-calculator.js'
import { ScalingHistory } from './scaling-history.js'

/** The scale of a workload: how many replicas it asks for, and the pods that its selector finds. */
export interface ScaleTarget {
  readonly replicas: number
  pods(): readonly Pod[]
  scale(replicas: number): void
}

/** Of kube-controller-manager, unless somebody sets `--horizontal-pod-autoscaler-sync-period`. */
export const defaultSyncPeriodMs = 15_000

/** After the controllers of the same instant. */
const autoscalerPriority = 15

export class Autoscaler {
  private readonly history = new ScalingHistory()
  private readonly handler: number

  constructor(
    private spec: AutoscalerSpec,
    private readonly target: ScaleTarget,
    private readonly metrics: PodMetrics,
    private readonly view: Pick<View, 'loop' | 'journal' | 'cluster'>,
    private readonly periodMs = defaultSyncPeriodMs,
  ) {
    this.handler = view.loop.handler(() => {
      if (!view.cluster.isHalted) this.sync()
      this.lookAt(view.loop.now + this.periodMs)
    })
  }

  /** Somebody changed what the object asks for; it is acted on at the next look. */
  apply(spec: AutoscalerSpec): void {
    this.spec = spec
  }

  /** When it looks for the first time; then after every period. */
  lookAt(timeMs: number): void {
    this.view.loop.at(timeMs, autoscalerPriority, this.handler)
  }

  private sync(): void {
    const { spec, target, history } = this
    const { now } = this.view.loop
    const current = target.replicas
    history.begin(current, now)
    // A workload that somebody has scaled to nothing is left alone.
    if (current === 0) return
    if (current > spec.maxReplicas) {
      this.scale(current, spec.maxReplicas, 'Current number of replicas above Spec.MaxReplicas')
    } else if (current < spec.minReplicas) {
      this.scale(current, spec.minReplicas, 'Current number of replicas below Spec.MinReplicas')
    } else {
      this.follow(current)
    }
  }

  private follow(current: number): void {
    const { history, view } = this
    const found = this.wanted(current)
    if (!found) return
    const tempered = history.temper(this.spec, current, found.replicas, view.loop.now)
    if (tempered === current) return
    const isMore = found.replicas > current
    this.scale(current, tempered, isMore ? `${found.about} above target` : 'All metrics below target')
  }

  /** What the greediest metric asks for. While one of them can't be read, nothing shrinks. */
  private wanted(current: number): { readonly replicas: number; readonly about: string } | undefined {
    const { spec, target, metrics, view } = this
    const pods = target.pods()
    let found: { replicas: number; about: string } | undefined
    const errors: string[] = []
    for (const metric of spec.metrics) {
      const replicas = replicasFor(metric, pods, metrics, current, spec.tolerance, view.loop.now)
      if (typeof replicas === 'object') errors.push(this.tellUnreadable(metric, replicas))
      else if (!found || replicas > found.replicas) found = { replicas, about: metric.about }
    }
    if (errors.length === 0 || (found && found.replicas >= current)) return found
    const counted = `${errors.length} invalid out of ${spec.metrics.length}`
    this.warn('FailedComputeMetricsReplicas', `invalid metrics (${counted}), first error is: ${errors[0]}`)
    return undefined
  }

  private tellUnreadable({ metric, target }: MetricTarget, { error }: Unreadable): string {
    if (metric !== 'cpu') {
      this.warn('FailedGetPodsMetric', error)
      return `failed to get pods metric value: ${error}`
    }
    const failed = `failed to get cpu ${target.kind === 'average' ? 'usage' : 'utilization'}: ${error}`
    this.warn('FailedGetResourceMetric', failed)
    return `failed to get cpu resource metric value: ${failed}`
  }

  private warn(reason: string, message: string): void {
    this.view.journal.event?.(`HorizontalPodAutoscaler/${this.spec.name}`, 'Warning', reason, message)
  }

  private scale(from: number, to: number, reason: string): void {
    const { spec, target, history, view } = this
    target.scale(to)
    history.scaled(spec, from, to, view.loop.now)
    view.journal.event?.(
      `HorizontalPodAutoscaler/${spec.name}`,
      'Normal',
      'SuccessfulRescale',
      `New size: ${to}; reason: ${reason}`,
    )
  }
}
