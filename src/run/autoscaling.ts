// The autoscaler of a flight, with what it goes by: the load of each pod, as a metrics server samples it.
import type { ArgoRollouts } from '../policy/argo/controller.js'
import { RolloutScale } from '../policy/argo/scale-target.js'
import { Autoscaler, defaultSyncPeriodMs } from '../policy/kubernetes/autoscaler.js'
import type { AutoscalerSpec } from '../policy/kubernetes/autoscaler-spec.js'
import type { Answers } from '../world/answers.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import { PodLoad } from '../world/pod-load.js'
import type { Plan } from './plan.js'
import { SampledPods } from './pod-metrics.js'
import { stable } from './stacks.js'

export class Autoscaling {
  readonly load: PodLoad

  constructor(
    { scenario, service, stacks }: Plan,
    spec: AutoscalerSpec,
    controller: ArgoRollouts,
    /** Those of the flight. */
    answers: Answers,
    stackOf: (replicaSet: ReplicaSet) => number,
    /** From 0 to 1: how far into its period the autoscaler looks for the first time. */
    phase: number,
  ) {
    const { view } = controller
    const { loop, cluster } = view
    const { stable: old, canary: released } = scenario.service
    const cpuMs = stacks.map(({ version }) => (version === stable ? old : released).cpuPerRequestMs ?? 0)
    const stackOfPod = ({ replicaSet }: Pod) => stackOf(replicaSet)
    const capacities = stacks.map((_, stack) => {
      const { capacityPerPod, places } = service.bases[stack]![0]!
      return places === undefined ? capacityPerPod : undefined
    })
    const servedBy = (stack: number, untilMs: number) => answers.served(untilMs, (each) => (each === stack ? 1 : 0))
    this.load = new PodLoad(answers.traffic, capacities, stackOfPod, servedBy)
    const pods = () => cluster.replicaSets.flatMap((set) => set.pods)
    const metrics = new SampledPods(loop, this.load, pods, (pod) => cpuMs[stackOfPod(pod)]!)
    const autoscaler = new Autoscaler(spec, new RolloutScale(controller), metrics, view)
    autoscaler.lookAt(Math.floor(phase * defaultSyncPeriodMs))
  }
}
