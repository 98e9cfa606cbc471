// The kubelet's back-off from containers that end and from images that can't be pulled (client-go, flowcontrol.Backoff).

const firstMs = 10_000
const lastMs = 300_000

/** An entry that nobody has used for so long is dropped, and the next one starts anew (2 * maxDuration). */
const forgottenAfterMs = 2 * lastMs

export class BackOff {
  private heldMs = 0
  private usedAtMs = Number.NEGATIVE_INFINITY

  /** How long something that ended now is held back. The kubelet tidies up while it waits, which may end the wait. */
  heldFor(nowMs: number): number {
    return Math.max(0, Math.min(this.heldMs, this.usedAtMs + forgottenAfterMs - nowMs))
  }

  /** It is tried again: next time it waits twice as long. */
  next(nowMs: number): void {
    const isForgotten = nowMs - this.usedAtMs >= forgottenAfterMs
    this.heldMs = isForgotten ? firstMs : Math.min(lastMs, 2 * this.heldMs)
    this.usedAtMs = nowMs
  }
}

/** The restarts of a container (kubelet 1.36, doBackOff of kuberuntime_manager.go). */
export class RestartBackOff {
  private readonly backOff = new BackOff()
  private endedAtMs: number | undefined

  /**
   * How long the container is held back that has just ended. The kubelet knows of no end before the first one, so that
   * the first restart comes at once. Of a container that it kills itself it looks at the end of the one before: the
   * restart comes at once, unless that was too short a while ago.
   */
  ended(nowMs: number, isKilled: boolean): number {
    const { backOff, endedAtMs: before } = this
    const heldMs = backOff.heldFor(nowMs)
    const isLongAgo = before === undefined || nowMs - before >= heldMs
    const waitMs = isKilled && isLongAgo ? 0 : heldMs
    if (!isKilled || before !== undefined) backOff.next(nowMs + waitMs)
    this.endedAtMs = nowMs
    return waitMs
  }
}
