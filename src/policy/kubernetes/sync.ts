// One sync of the Deployment controller: the ReplicaSets as they are, and what may be done to them.
import type { ReplicaSet } from '../../world/cluster/objects.js'
import type { View } from '../view.js'
import { type Deployment, type DeploymentSpec, surgeOf } from './deployment.js'

export class Sync {
  readonly spec: DeploymentSpec
  /** Of the template that is wanted; undefined while nobody has made it. */
  readonly current: ReplicaSet | undefined
  /** All the others, in the order of creation. */
  readonly old: readonly ReplicaSet[]

  constructor(
    readonly deployment: Deployment,
    readonly view: View,
    owned: readonly ReplicaSet[],
  ) {
    this.spec = deployment.spec
    this.current = owned.find(({ template }) => template.key === this.spec.template.key)
    this.old = owned.filter((set) => set !== this.current)
  }

  get all(): readonly ReplicaSet[] {
    return this.current ? [...this.old, this.current] : this.old
  }

  /** Sizes a ReplicaSet, and notes in it for how many replicas that was; whether the size is another one now. */
  scale(set: ReplicaSet, size: number, isForced = false): boolean {
    const { spec, view } = this
    const before = set.spec
    const mostPods = spec.replicas + surgeOf(spec)
    const isNoted = set.desired === spec.replicas && set.mostPods === mostPods
    if (before === size && (isNoted || !isForced)) return false
    set.desired = spec.replicas
    set.mostPods = mostPods
    if (before === size) {
      view.cluster.annotated(set)
      return false
    }
    view.cluster.scale(set, size)
    const direction = before < size ? 'up' : 'down'
    view.journal.event?.(
      `Deployment/${spec.name}`,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${set.name} from ${before} to ${size}`,
    )
    return true
  }
}

export function specOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((total, { spec }) => total + spec, 0)
}

export function availableOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((total, { available }) => total + available, 0)
}
