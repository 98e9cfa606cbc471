// The scale of a Rollout, as a HorizontalPodAutoscaler sees and sets it.
import type { Pod } from '../../world/cluster/objects.js'
import type { ScaleTarget } from '../kubernetes/autoscaler.js'
import type { ArgoRollouts } from './controller.js'

export class RolloutScale implements ScaleTarget {
  constructor(private readonly controller: ArgoRollouts) {}

  get replicas(): number {
    return this.controller.rollout.spec.replicas
  }

  /**
   * What the selector in the Rollout's status finds: with blue-green the active version, else every pod with the labels
   * of the template, be it the Rollout's or that of a workload it refers to.
   */
  pods(): readonly Pod[] {
    const { rollout, view } = this.controller
    const { activeSelector } = rollout.status
    const isSelected = (hash: string) => !rollout.spec.blueGreen || activeSelector === '' || hash === activeSelector
    return view.cluster.replicaSets.flatMap(({ hash, pods }) => (isSelected(hash) ? pods : []))
  }

  scale(replicas: number): void {
    this.controller.scale(replicas)
  }
}
