// The canary of a policy, for rules about its steps.
import type { RolloutSpec } from '../../../policy/argo/rollout-spec.js'
import type { Subject } from '../rule.js'

/** One without steps where there is none. */
export function canaryOf({ policy }: Subject): typeof noCanary {
  return policy?.rollout.canary ?? noCanary
}

const noCanary: Pick<RolloutSpec['canary'], 'steps' | 'settings' | 'routing' | 'maxWeight' | 'minPods'> = {
  steps: [],
  settings: [],
  routing: undefined,
  maxWeight: 100,
  minPods: 0,
}

export function counted(pods: number): string {
  return pods === 1 ? '1 pod' : `${pods} pods`
}

/** What part of the requests it is, in words. */
export function shareOf(weight: number, maxWeight: number): string {
  return percent((100 * weight) / maxWeight)
}

export function percent(value: number): string {
  return `${Number(value.toFixed(1))} %`
}
