// The Rollout as an object of the cluster: what is asked for, and the status that passes write.
import type { Workload } from '../kubernetes/workload.js'
import type { CanarySpec, RolloutSpec } from './rollout-spec.js'
import type { Status } from './status.js'
import type { Step } from './step.js'

/** The live object: people and automation replace its spec, the controller its status. */
export class Rollout {
  /** How often it has been written; 0 before it is there. */
  generation = 0
  revision = 0
  status: Status
  /** What its template comes from, where that isn't its own. */
  workload: Workload | undefined

  constructor(
    public spec: RolloutSpec,
    status: Status,
  ) {
    this.status = status
  }
}

/** The step at the current index: undefined without steps and after the last one. */
export function currentStep(rollout: Rollout): Step | undefined {
  return rollout.spec.canary.steps[Math.max(0, rollout.status.stepIndex)]
}

export function isFullyPromoted(status: Status): boolean {
  return status.stableHash === status.currentHash
}

/** The weight that the steps ask for now: the nearest setWeight at or before the current step. */
export function currentSetWeight(rollout: Rollout): number {
  const { canary } = rollout.spec
  if (rollout.status.abort) return 0
  if (!currentStep(rollout)) return canary.maxWeight
  return nearestWeight(canary, Math.max(0, rollout.status.stepIndex))
}

/** The part of the traffic that the new version should have, in percent; with blue-green all or nothing. */
export function weightAskedFor(rollout: Rollout): number {
  const { spec, status } = rollout
  if (!spec.blueGreen) return (100 * currentSetWeight(rollout)) / spec.canary.maxWeight
  return status.activeSelector === status.currentHash ? 100 : 0
}

/** The last setWeight among the first steps, up to and including `index`; 0 when there is none. */
export function nearestWeight({ settings }: CanarySpec, index: number): number {
  return settings[Math.min(index, settings.length - 1)]?.weight ?? 0
}
