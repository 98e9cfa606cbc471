// What requests leave behind in the memory of the pods that serve them.
import type { Loop } from '../kernel/loop.js'
import type { Cluster } from '../world/cluster/cluster.js'
import type { Pod, ReplicaSet } from '../world/cluster/objects.js'
import type { PodLife } from '../world/cluster/pod-life.js'
import type { PodLoad } from '../world/pod-load.js'
import type { Plan } from './plan.js'

/** So often it is counted what a pod has served: in between its memory stays as it is. */
const beatMs = 5_000

const beatPriority = -2

export class RequestMemory {
  /** Requests of each pod that its memory has been told of. */
  private readonly counted = new Map<Pod, number>()
  private readonly bytesOf: readonly number[]

  constructor(
    plan: Plan,
    private readonly loop: Loop,
    private readonly load: PodLoad,
    private readonly cluster: Cluster,
    private readonly life: PodLife,
    private readonly stackOf: (replicaSet: ReplicaSet) => number,
  ) {
    this.bytesOf = bytesOf(plan)
    const handler = loop.handler(() => {
      this.beat()
      loop.at(loop.now + beatMs, beatPriority, handler)
    })
    loop.at(beatMs, beatPriority, handler)
  }

  /** Its memory is as at the start. */
  restarted(pod: Pod): void {
    this.counted.set(pod, this.load.answeredBy(pod, this.loop.now) ?? 0)
  }

  private beat(): void {
    for (const pod of this.counted.keys()) if (pod.deleted) this.counted.delete(pod)
    for (const set of this.cluster.replicaSets) {
      const bytes = this.bytesOf[this.stackOf(set)]!
      for (const pod of set.pods) this.fill(pod, bytes)
    }
  }

  private fill(pod: Pod, bytes: number): void {
    const answered = this.load.answeredBy(pod, this.loop.now) ?? 0
    const fresh = answered - (this.counted.get(pod) ?? 0)
    if (fresh <= 0 || bytes === 0) return
    this.counted.set(pod, answered)
    this.life.fill(pod, fresh * bytes)
  }
}

/** Whether requests leave anything behind in a flight. */
export function leavesBytes(plan: Plan): boolean {
  return bytesOf(plan).some((bytes) => bytes > 0)
}

/** By stack, of each request. */
function bytesOf({ pods }: Plan): readonly number[] {
  return pods.memories?.map((memory) => memory?.perRequestBytes ?? 0) ?? []
}
