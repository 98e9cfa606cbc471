// The pods of a ReplicaSet by how soon they are missed: whoever became ready last goes first when there are too many.

interface Readiness {
  readonly ready: boolean
  readonly readyAtMs: number
  readonly ordinal: number
}

/**
 * Pods become ready in the order of time, so a stack has them sorted, and tens of thousands of them need no search. A pod
 * that isn't ready any more stays where it was until it comes to the top.
 */
export class ReadyOrder<Pod extends Readiness> {
  private readonly stack: Pod[] = []

  /** Pods of one instant stand in the order of their creation. */
  add(pod: Pod): void {
    this.trim()
    const { stack } = this
    let place = stack.length
    while (place > 0 && standsAbove(stack[place - 1]!, pod)) place--
    if (place === stack.length) stack.push(pod)
    else stack.splice(place, 0, pod)
  }

  /** The ready pod that goes first, if any is ready. */
  last(): Pod | undefined {
    this.trim()
    return this.stack.at(-1)
  }

  private trim(): void {
    const { stack } = this
    while (stack.length > 0 && !stack[stack.length - 1]!.ready) stack.pop()
  }
}

function standsAbove(other: Readiness, pod: Readiness): boolean {
  return !other.ready || (other.readyAtMs === pod.readyAtMs && other.ordinal > pod.ordinal)
}
