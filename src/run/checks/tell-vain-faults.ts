// Faults that come to less than whoever writes them is likely to mean: what they do isn't counted, or not all of it is done.
import type { ArgoPolicy } from '../../policy/argo/policy.js'
import { partOf } from '../../policy/argo/step.js'
import { replicasOf } from '../../policy/argo/workload-reference.js'
import type { ScenarioFault } from '../../scenario/faults.js'
import type { Problems } from '../../scenario/problem.js'
import type { Scenario } from '../../scenario/scenario.js'
import { formatDuration, formatPercentage } from '../../scenario/units.js'
import type { PlacedFault } from '../all-faults.js'

export function tellVainFaults(
  faults: readonly PlacedFault[],
  scenario: Scenario,
  policy: ArgoPolicy,
  problems: Problems,
): void {
  tellUncountedLatency(faults, scenario, problems)
  tellUncountedDeaths(faults, scenario, policy, problems)
  for (const placed of faults) {
    tellUnfinishedRamp(placed, problems)
    tellMissingPods(placed, scenario, policy, problems)
  }
}

function tellUncountedLatency(faults: readonly PlacedFault[], { service, slo }: Scenario, problems: Problems): void {
  if (slo.latencyMs !== undefined) return
  const isLimited = [service.stable, service.canary].some(
    ({ capacityPerSecond, places }) => capacityPerSecond ?? places,
  )
  // Of less CPU a pod with a capacity serves less, and that counts.
  const slow = faults.find(({ fault: { effect } }) => {
    return effect.kind === 'latency' || (effect.kind === 'cpu-theft' && !isLimited)
  })
  if (slow === undefined) return
  const hint = 'Say in slo.latency which answers are too slow, such as `500ms`.'
  const message = 'without slo.latency a slow answer harms nobody: only errors are counted'
  problems.warning('latency-uncounted', slow.placeOf(), message, { hint })
}

function tellUncountedDeaths(
  faults: readonly PlacedFault[],
  scenario: Scenario,
  policy: ArgoPolicy,
  problems: Problems,
): void {
  if (scenario.cluster?.endpoints.remove !== undefined) return
  const deadly = faults.find(({ fault }) => takesPods(fault, scenario, policy))
  if (deadly === undefined) return
  const hint =
    'Say in the scenario how soon they do: `cluster: {endpoints: {remove: 1s}}`, or `remove: 0s` if that is meant.'
  const message = 'everybody hears of pods that die at once, so that hardly a request is lost with them'
  problems.warning('deaths-uncounted', deadly.placeOf(), message, { hint })
}

/** Of a canary that crashes from its start on there never is a pod that serves. */
function takesPods({ on, when, effect }: ScenarioFault, scenario: Scenario, policy: ArgoPolicy): boolean {
  if (effect.kind === 'kill') return true
  if (effect.kind === 'crash-loop') {
    return on.version !== 'canary' || when.onsetMs > 0 || when.after === 'promotion'
  }
  if (effect.kind !== 'leak') return false
  const ofManifest = policy.rollout.template.spec?.memoryLimitBytes ?? Number.POSITIVE_INFINITY
  const versions = on.version === 'both' ? (['stable', 'canary'] as const) : ([on.version] as const)
  return versions.some((version) => {
    if (version === 'gateway') return false
    const { baseBytes = 0, limitBytes = ofManifest } = scenario.service[version].memory ?? {}
    const limit = Math.min(limitBytes, ofManifest, effect.limitBytes ?? ofManifest)
    return limit < Number.POSITIVE_INFINITY && baseBytes + (effect.mostBytes ?? limit) >= limit
  })
}

function tellUnfinishedRamp({ fault: { when }, placeOf }: PlacedFault, problems: Problems): void {
  const { rampMs, forMs } = when
  if (forMs === undefined || forMs >= rampMs) return
  const share = formatPercentage(Math.round((forMs / rampMs) * 1000) / 1000)
  const message = `it is over after ${formatDuration(forMs)}, with ${share} of its size: it grows for ${formatDuration(rampMs)}`
  const hint = `Let it last longer than it grows: \`for\` counts from the onset on.`
  problems.warning('ramp-unfinished', placeOf(['ramp']), message, { hint })
}

function tellMissingPods(
  { fault: { on }, placeOf }: PlacedFault,
  scenario: Scenario,
  policy: ArgoPolicy,
  problems: Problems,
): void {
  if (on.pods === undefined || !('count' in on.pods)) return
  const most = mostPods(on.version, scenario, policy)
  if (on.pods.count <= most) return
  const whose = on.version === 'both' ? 'both versions together have' : `${on.version} has`
  const message = `${whose} ${most} pods at most, and never ${on.pods.count}: it strikes all of them`
  const hint = 'Write a smaller number or a part such as `30%`, or leave `pods` out.'
  problems.warning('pods-too-many', placeOf(['on', 'pods']), message, { hint })
}

/** As many as anybody asks for. */
function mostPods(version: ScenarioFault['on']['version'], { people }: Scenario, policy: ArgoPolicy): number {
  const { rollout, workload, autoscaler } = policy
  const wanted = people.map(({ replicas = 0 }) => replicas)
  const all = Math.max(rollout.replicas, autoscaler?.maxReplicas ?? 0, ...wanted)
  const scaled = rollout.canary.steps.map((step) => partOf(step, 'setCanaryScale')?.scale.replicas ?? 0)
  const stable = all + (workload ? replicasOf(workload) : 0)
  const canary = Math.max(all, ...scaled)
  return version === 'both' ? stable + canary : version === 'stable' ? stable : canary
}
