// How many pods stable would have if nothing were released: what the yardstick of harm is held by.
import type { Rollout } from '../policy/argo/rollout.js'
import type { Answers } from '../world/answers.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { ReplicaSet } from '../world/cluster/objects.js'
import type { Plan } from './plan.js'
import { struckDown } from './pod-groups.js'
import { stable } from './stacks.js'

export class Strength {
  private pods: number
  /** Whether a fault may ever take any of them: they would be missing without a release, too. */
  private readonly mayLose: boolean

  constructor(
    { flow, pods }: Plan,
    private readonly cluster: Cluster,
    private readonly stackOf: (replicaSet: ReplicaSet) => number,
    private readonly answers: Pick<Answers, 'resize'>,
  ) {
    this.pods = flow.stablePods
    this.mayLose = pods.faults.some((fault) => fault !== undefined) || pods.memories?.[stable] !== undefined
  }

  /** A person, an autoscaler or the controller itself may have sized something. */
  sized({ spec, workload }: Rollout, nowMs: number): void {
    const lost = this.mayLose ? struckDown(this.cluster, (set) => this.stackOf(set) === stable) : 0
    const pods = Math.max(0, spec.replicas + (workload?.replicas ?? 0) - lost)
    if (pods === this.pods) return
    this.pods = pods
    this.answers.resize(nowMs, pods)
  }

  /** Something may have become of pods. */
  turned(rollout: Rollout, nowMs: number): void {
    if (this.mayLose) this.sized(rollout, nowMs)
  }
}
