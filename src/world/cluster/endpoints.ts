// Which pods get requests: those that are ready, as soon as everybody who sends requests has heard of it.
import type { Loop } from '../../kernel/loop.js'
import type { Pod } from './objects.js'

/** How long it takes until a pod that came or went has got to everybody. */
export type Propagation = (pod: Pod, comes: boolean) => number

const podPriority = 0

export class Endpoints {
  private readonly handler: number

  constructor(
    private readonly loop: Loop,
    private readonly propagation: Propagation | undefined,
    pod: (id: number) => Pod,
    private readonly changed: (pod: Pod) => void,
  ) {
    this.handler = loop.handler((id, comes) => {
      this.route(pod(id), comes === 1)
      this.changed(pod(id))
    })
  }

  /** It has become ready, or isn't any more, or is to be deleted. */
  turned(pod: Pod): void {
    const { propagation, loop } = this
    if (propagation === undefined) return this.route(pod, pod.ready)
    if (pod.isRouted === pod.ready && pod.routedByMs <= loop.now) return
    // Changes arrive in their order.
    pod.routedByMs = Math.max(pod.routedByMs, loop.now + propagation(pod, pod.ready))
    if (pod.routedByMs > loop.now) loop.at(pod.routedByMs, podPriority, this.handler, pod.id, Number(pod.ready))
    else this.route(pod, pod.ready)
  }

  /** It has been ready for long. */
  adopt(pod: Pod): void {
    this.route(pod, true)
  }

  /** Whether it is sent requests, or may still be: somebody could yet hear that it came, and only then that it is gone. */
  mayRoute(pod: Pod): boolean {
    return pod.isRouted || pod.routedByMs > this.loop.now
  }

  /** Whether it answers has changed. */
  answers(pod: Pod, answers: boolean): void {
    if (pod.answers === answers) return
    pod.answers = answers
    if (pod.isRouted) pod.replicaSet.deadPods += answers ? -1 : 1
  }

  private route(pod: Pod, comes: boolean): void {
    if (pod.isRouted === comes) return
    pod.isRouted = comes
    const change = comes ? 1 : -1
    pod.replicaSet.routedPods += change
    if (!pod.answers) pod.replicaSet.deadPods += change
  }
}
