// In which condition each pod is: what strikes it and not all of its version, how cold it is still, whether it answers.
import type { Loop } from '../kernel/loop.js'
import type { PodGroup } from '../world/answers.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import { marksPods } from '../world/cluster/pod-faults.js'
import type { Plan } from './plan.js'
import { podGroups } from './pod-groups.js'
import { behaviourOf } from './service-plan.js'

/** A pod warms up in so many steps, each as cold as the straight line is in its middle. */
const steps = 8

const warmPriority = 0

export class PodConditions {
  /** By stack: how long pods take until they are warm; 0 where they are warm from the start. */
  private readonly warmingMs: readonly number[]
  /** Whether some pods of a version may ever behave unlike others that answer, too. */
  private readonly mayDiffer: boolean
  /** By pod id. */
  private readonly warming: (Warming | undefined)[] = []
  private readonly warmHandler: number

  constructor(
    private readonly plan: Plan,
    private readonly loop: Loop,
    private readonly stackOf: (replicaSet: ReplicaSet) => number,
    /** Pods that were made before have been up for long. */
    private readonly settledMs: number,
    /** Some pods are in another condition from now on. */
    private readonly changed: () => void,
  ) {
    const { scenario, stacks, pods } = plan
    this.warmingMs = stacks.map(({ version }) => behaviourOf(scenario, version).cold?.forMs ?? 0)
    this.mayDiffer = this.warmingMs.some((forMs) => forMs > 0) || pods.faults.some((fault) => fault && marksPods(fault))
    this.warmHandler = loop.handler((id, restarts) => this.warm(id, restarts))
  }

  podChanged(pod: Pod): void {
    const forMs = this.mayDiffer ? this.warmingMs[this.stackOf(pod.replicaSet)]! : 0
    if (forMs === 0 || !pod.ready || this.warming[pod.id]?.restarts === pod.restarts) return
    if (pod.restarts === 0 && pod.createdAtMs < this.settledMs) return
    this.warming[pod.id] = { restarts: pod.restarts, step: 0, stepMs: forMs / steps }
    this.loop.at(this.loop.now + forMs / steps, warmPriority, this.warmHandler, pod.id, pod.restarts)
  }

  /** By stack those in the same condition; undefined while all pods of a version are alike. */
  groups(cluster: Cluster): readonly (readonly PodGroup[])[] | undefined {
    if (!this.mayDiffer && !cluster.replicaSets.some(({ deadPods }) => deadPods > 0)) return undefined
    return podGroups(cluster, this.warmingMs.length, this.stackOf, (pod) => this.numberOf(pod))
  }

  /** One at whose address nobody listens is sent requests until everybody has heard of it. */
  private numberOf({ id, answers, struckBy, restarts, deleted, isStruckDown }: Pod): number {
    const { conditions } = this.plan.service
    if (!answers) {
      // One that its controller takes away is none of a fault's doing.
      return conditions.numberOf({ faults: [], coldness: 0, refuses: true, isStruckDown: isStruckDown || !deleted })
    }
    const warming = this.warming[id]
    const isCold = warming !== undefined && warming.restarts === restarts && warming.step < steps
    if (!isCold && struckBy.length === 0) return 0
    const coldness = isCold ? 1 - (warming.step + 0.5) / steps : 0
    return conditions.numberOf({ faults: struckBy, coldness, refuses: false })
  }

  private warm(id: number, restarts: number): void {
    const warming = this.warming[id]!
    // It has started anew since.
    if (warming.restarts !== restarts) return
    warming.step++
    this.changed()
    if (warming.step === steps) return
    this.loop.at(this.loop.now + warming.stepMs, warmPriority, this.warmHandler, id, restarts)
  }
}

interface Warming {
  /** What had been started so often when it became ready. */
  readonly restarts: number
  step: number
  readonly stepMs: number
}
