// The scale of a Rollout, as a HorizontalPodAutoscaler sees and sets it.
import { hasLabels, type Pod, type ReplicaSet } from '../../world/cluster/objects.js'
import type { ScaleTarget } from '../kubernetes/autoscaler.js'
import type { ArgoRollouts } from './controller.js'

export class RolloutScale implements ScaleTarget {
  constructor(private readonly controller: ArgoRollouts) {}

  get replicas(): number {
    return this.controller.rollout.spec.replicas
  }

  /**
   * What the selector in the Rollout's status finds: with blue-green the active version, else every pod with the labels
   * of the template, be it the Rollout's, that of a workload it refers to, or an experiment's.
   */
  pods(): readonly Pod[] {
    const { rollout, view } = this.controller
    const { activeSelector } = rollout.status
    const { blueGreen, template: own } = rollout.spec
    const isSelected = ({ hash, template: { otherLabels } }: ReplicaSet) =>
      (!blueGreen || activeSelector === '' || hash === activeSelector) &&
      (!otherLabels || hasLabels(otherLabels, own.labels))
    return view.cluster.replicaSets.flatMap((set) => (isSelected(set) ? set.pods : []))
  }

  scale(replicas: number): void {
    this.controller.scale(replicas)
  }
}
