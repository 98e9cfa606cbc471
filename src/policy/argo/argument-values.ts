// What the arguments of an analysis are when the Rollout asks for it.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import type { AnalysisRequest, RolloutArg } from './analysis-template.js'
import type { Pass } from './pass.js'
import type { Rollout } from './rollout.js'
import { isStatusPath, statusAt } from './status-field.js'

/** Undefined if a path leads nowhere. */
export function argumentValues(
  { rollout, canary, stable }: Pass,
  { args }: AnalysisRequest,
): ReadonlyMap<RolloutArg, string> | undefined {
  const values = new Map<RolloutArg, string>()
  let isMissing = false
  for (const arg of args) {
    const value = rolloutArgValue(arg, rollout, canary.live, stable?.live)
    values.set(arg, value ?? '')
    // Only the last path counts: a good one makes the controller forget an error before it, and go on with nothing.
    if (arg.valueFrom && 'fieldPath' in arg.valueFrom) isMissing = value === undefined
  }
  return isMissing ? undefined : values
}

/** A Rollout's argument with neither value nor source overrides a default with the empty string. */
function rolloutArgValue(
  arg: RolloutArg,
  rollout: Rollout,
  canary: ReplicaSet,
  stable: ReplicaSet | undefined,
): string | undefined {
  const { valueFrom } = arg
  if (!valueFrom) return arg.value ?? ''
  if ('podTemplateHashValue' in valueFrom) {
    return valueFrom.podTemplateHashValue === 'Latest' ? canary.hash : (stable?.hash ?? '')
  }
  const { fieldPath } = valueFrom
  if (!isStatusPath(fieldPath)) return rollout.spec.field(fieldPath, rollout.spec.template)
  const found = statusAt(rollout.status, fieldPath)
  return typeof found === 'string' ? found : undefined
}
