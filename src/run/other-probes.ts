// The same pods with other probes: what a flight takes for granted of pods without any, told otherwise.
import type { ManifestTemplate } from '../policy/pod-template.js'
import { type PodSpec, type ProbeSpec, plainPodSpec } from '../world/cluster/pod-spec.js'
import type { Plan } from './plan.js'

const secondMs = 1000
const watchful: ProbeSpec = {
  initialDelayMs: 0,
  periodMs: secondMs,
  timeoutMs: secondMs,
  failureThreshold: 3,
  successThreshold: 1,
}

/** Containers run from the beginning of their start, and that is all that anybody asks: pods are ready before they answer. */
export function readyAtOnce(plan: Plan): Plan {
  // One that never ends a container tells no more than that it runs.
  return probed(plan, { liveness: { ...watchful, failureThreshold: Number.POSITIVE_INFINITY } })
}

/** Pods are ready within a second of their first answer. */
export function readyWhenAnswering(plan: Plan): Plan {
  return probed(plan, { readiness: watchful })
}

function probed(plan: Plan, probe: Pick<PodSpec, 'liveness' | 'readiness'>): Plan {
  const withProbe = (template: ManifestTemplate) => {
    const spec = { ...plainPodSpec, ...template.spec, ...probe }
    return { ...template, spec }
  }
  const { policy, release } = plan
  const rollout = { ...policy.rollout, template: withProbe(policy.rollout.template) }
  return { ...plan, release: withProbe(release), policy: { ...policy, rollout } }
}
