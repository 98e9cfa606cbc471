// The machines that pods run on, and the scheduler that chooses among them.
import { isLess } from './least-useful.js'
import type { Pod } from './objects.js'

export interface NodePlan {
  readonly name: string
  readonly zone: string
  /** Room for so many pods. */
  readonly pods: number
}

export class Node {
  readonly pods = new Set<Pod>()
  /** Images that need no pull any more. */
  readonly images = new Set<string>()
  /** When each pull that was begun ends. */
  private readonly pulls = new Map<string, number>()
  /** Whether it runs at all, whatever the cluster knows of that. */
  isUp = true
  /** Whether the cluster takes it for ready. */
  isReady = true

  constructor(readonly plan: NodePlan) {}

  get name(): string {
    return this.plan.name
  }

  /**
   * How long it takes until the image is there. The kubelet pulls one image after the other (serializeImagePulls), and
   * none that is on its way.
   */
  pull(image: string, nowMs: number, pullMs: number): number {
    const underWayMs = this.pulls.get(image) ?? 0
    if (underWayMs > nowMs) return underWayMs - nowMs
    const endMs = Math.max(nowMs, ...this.pulls.values()) + pullMs
    this.pulls.set(image, endMs)
    return endMs - nowMs
  }
}

export class Nodes {
  readonly all: readonly Node[]

  constructor(plans: readonly NodePlan[]) {
    this.all = plans.map((plan) => new Node(plan))
  }

  named(name: string): Node | undefined {
    return this.all.find((node) => node.name === name)
  }

  of(pod: Pod): Node | undefined {
    return pod.node === '' ? undefined : this.named(pod.node)
  }

  /**
   * As the scheduler spreads by default: over zones, then over nodes, by the pods of the same ReplicaSet, then where there
   * is most room; of equals it draws one, and here the first is taken.
   */
  bind(pod: Pod): Node | undefined {
    let best: { readonly node: Node; readonly ranks: readonly number[] } | undefined
    for (const node of this.all) {
      if (!node.isReady || node.pods.size >= node.plan.pods) continue
      const ranks = this.ranksOf(node, pod)
      if (best === undefined || isLess(ranks, best.ranks)) best = { node, ranks }
    }
    if (best === undefined) return undefined
    const { node } = best
    node.pods.add(pod)
    pod.node = node.name
    pod.zone = node.plan.zone
    return node
  }

  /** In the words of the scheduler. */
  whyNot(): string {
    const { all } = this
    const unreachable = all.filter(({ isReady }) => !isReady).length
    const reasons = [
      ...(all.length > unreachable ? [`${all.length - unreachable} Too many pods`] : []),
      ...(unreachable > 0 ? [`${unreachable} node(s) had untolerated taint(s)`] : []),
    ]
    return `0/${all.length} nodes are available: ${reasons.join(', ')}.`
  }

  private ranksOf(node: Node, { replicaSet }: Pod): readonly number[] {
    let inZone = 0
    let onNode = 0
    for (const other of this.all) {
      if (other.plan.zone !== node.plan.zone) continue
      for (const pod of other.pods) {
        if (pod.replicaSet !== replicaSet || pod.deleted) continue
        inZone++
        if (other === node) onNode++
      }
    }
    return [inZone, onNode, node.pods.size]
  }
}
