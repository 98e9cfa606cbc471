// What a HorizontalPodAutoscaler's manifest asks for, as its controller works with it.

export interface AutoscalerSpec {
  readonly name: string
  readonly minReplicas: number
  readonly maxReplicas: number
  /** The one that asks for the most replicas decides. */
  readonly metrics: readonly MetricTarget[]
  readonly tolerance: { readonly up: number; readonly down: number }
  /** Undefined where nobody wrote one: other rules hold then. */
  readonly behavior: Behavior | undefined
}

/** What is known of each pod. */
export type PodMetricName = 'cpu' | 'requests'

export interface MetricTarget {
  readonly metric: PodMetricName
  /** As reasons for a new size name it. */
  readonly about: string
  readonly target: UtilizationTarget | AverageTarget
}

/** Use as a share of what the pods request. */
interface UtilizationTarget {
  readonly kind: 'utilization'
  readonly percent: number
  /** CPU that each pod requests, in thousandths of a core. */
  readonly requestMilli: number
}

/** Use by a pod on average, in thousandths. */
interface AverageTarget {
  readonly kind: 'average'
  readonly milli: number
}

export interface Behavior {
  readonly scaleUp: ScalingRules
  readonly scaleDown: ScalingRules
}

export interface ScalingRules {
  /** For so long the most cautious recommendation counts. */
  readonly windowMs: number
  readonly select: 'Max' | 'Min' | 'Disabled'
  readonly policies: readonly ScalingPolicy[]
}

/** How much a size may change within a period. */
export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent'
  readonly value: number
  readonly periodMs: number
}
