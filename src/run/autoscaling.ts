// The autoscaler of a flight, by what each of its pods has answered, as a metrics server samples it.
import type { ArgoRollouts } from '../policy/argo/controller.js'
import { RolloutScale } from '../policy/argo/scale-target.js'
import { Autoscaler, defaultSyncPeriodMs } from '../policy/kubernetes/autoscaler.js'
import type { AutoscalerSpec } from '../policy/kubernetes/autoscaler-spec.js'
import type { ReplicaSet } from '../world/cluster/objects.js'
import type { PodLoad } from '../world/pod-load.js'
import type { Plan } from './plan.js'
import { SampledPods } from './pod-metrics.js'
import { stable } from './stacks.js'

export function beginToScale(
  { scenario, stacks }: Plan,
  spec: AutoscalerSpec,
  controller: ArgoRollouts,
  load: PodLoad,
  stackOf: (replicaSet: ReplicaSet) => number,
  /** From 0 to 1: how far into its period the autoscaler looks for the first time. */
  phase: number,
): void {
  const { view } = controller
  const { loop, cluster } = view
  const { stable: old, canary: released } = scenario.service
  const cpuMs = stacks.map(({ version }) => (version === stable ? old : released).cpuPerRequestMs ?? 0)
  const pods = () => cluster.replicaSets.flatMap((set) => set.pods)
  const metrics = new SampledPods(loop, load, pods, ({ replicaSet }) => cpuMs[stackOf(replicaSet)]!)
  const autoscaler = new Autoscaler(spec, new RolloutScale(controller), metrics, view)
  autoscaler.lookAt(Math.floor(phase * defaultSyncPeriodMs))
}
