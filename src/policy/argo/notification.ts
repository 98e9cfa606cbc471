// Notifications as the controller sends them: each event that it tells of an object fires the trigger of its name.

/** Who is told when a trigger fires, and through which service. */
export interface Subscription {
  readonly trigger: string
  readonly service: string
  readonly recipients: readonly string[]
}

/** By their trigger; a subscription is there as many times as a message is sent to each of its recipients. */
export type Subscriptions = ReadonlyMap<string, readonly Subscription[]>

/** Whoever subscribes does so at the Rollout: its AnalysisRuns have annotations of their own. */
export function notified(subscriptions: Subscriptions, on: string, reason: string): readonly Subscription[] {
  if (subscriptions.size === 0 || !on.startsWith('Rollout/')) return []
  return subscriptions.get(triggerOf(reason)) ?? []
}

/** `RolloutStepCompleted` fires `on-rollout-step-completed`. */
export function triggerOf(reason: string): string {
  const words = reason.replace(/(.)([A-Z][a-z]+)/g, '$1-$2').replace(/([a-z0-9])([A-Z])/g, '$1-$2')
  return `on-${words.toLowerCase()}`
}

/** Those that argo-rollouts comes with: each sends its message whenever it fires. */
export const shippedTriggers = [
  'on-analysis-run-error',
  'on-analysis-run-failed',
  'on-analysis-run-running',
  'on-rollout-aborted',
  'on-rollout-completed',
  'on-rollout-paused',
  'on-rollout-step-completed',
  'on-rollout-updated',
  'on-scaling-replica-set',
] as const

/** Whatever the controller (1.10) tells of a Rollout, and so what a trigger can be named after. */
const reasons = [
  'AnalysisRunError',
  'AnalysisRunFailed',
  'AnalysisRunInconclusive',
  'AnalysisRunPending',
  'AnalysisRunRunning',
  'AnalysisRunSuccessful',
  'CreatingCanaryIngress',
  'DestinationRuleNotFound',
  'ExperimentCreated',
  'LoadBalancerNotFound',
  'NewReplicaSetCreated',
  'PatchingALBIngress',
  'PatchingCanaryIngress',
  'ReconciliationError',
  'ReplicaSetCreateError',
  'RolloutAborted',
  'RolloutAddedToInformer',
  'RolloutCompleted',
  'RolloutDeleted',
  'RolloutNotCompleted',
  'RolloutPaused',
  'RolloutResumed',
  'RolloutStepCompleted',
  'RolloutUpdated',
  'ScalingReplicaSet',
  'SkipSteps',
  'StepPluginTransition',
  'SwitchService',
  'TargetGroupUnverified',
  'TargetGroupVerified',
  'TargetGroupVerifyError',
  'TrafficRoutingError',
  'TrafficSplitCreated',
  'TrafficSplitNotCreated',
  'TrafficWeightUpdated',
  'Updated VirtualService',
  'UpdatedDestinationRule',
  'VirtualNodeNotFound',
  'VirtualRouterNotFound',
  'VirtualServiceNotFound',
  'WeightVerifyError',
]

/** Names that something fires. */
export const firedTriggers: ReadonlySet<string> = new Set(reasons.map(triggerOf))
