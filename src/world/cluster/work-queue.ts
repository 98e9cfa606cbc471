// The queue in front of a controller: a key is worked on when it is due, once, however often it was asked for.
import type { Loop } from '../../kernel/loop.js'

/** Passes of controllers come after the changes that cause them, at the same instant. */
const controllerPriority = 10

/**
 * Between a change that a watch reports and the pass that it causes. An unloaded Argo Rollouts 1.10.1 takes 10 to 20 ms
 * from pass to pass and 17 ms from a ready pod to the pass (observed).
 */
export const watchDelayMs = 10

/** The longest that a key waits whose work keeps failing. */
const longestBackOffMs = 10_000

/** As in the real delaying queue, a key waits for one time only: the earliest that anybody asked for. */
export class WorkItem {
  private dueMs = Number.POSITIVE_INFINITY
  private ticket = 0
  /** How often the key was asked for since its work failed; 0 while it doesn't. */
  private asked = 0
  private readonly handler: number
  private heldUntilMs = Number.NEGATIVE_INFINITY
  private readonly resumeHandler: number
  private resume = () => {}

  constructor(
    private readonly loop: Loop,
    work: () => void,
  ) {
    this.handler = loop.handler((ticket) => {
      if (ticket !== this.ticket) return
      this.dueMs = Number.POSITIVE_INFINITY
      work()
    })
    this.resumeHandler = loop.handler(() => this.resume())
  }

  /** After something changed that the controller watches. */
  enqueue(): void {
    const backOffMs = this.asked === 0 ? 0 : Math.min(longestBackOffMs, 2 ** this.asked++)
    this.enqueueAt(this.loop.now + Math.max(watchDelayMs, backOffMs))
  }

  /** Tries again later: each time, and after each change that the controller sees meanwhile, twice as late. */
  failed(): void {
    if (this.asked === 0) this.asked = 1
    this.enqueue()
  }

  get isFailing(): boolean {
    return this.asked > 0
  }

  worked(): void {
    this.asked = 0
  }

  /** The work goes on for a while: whoever asks for it meanwhile gets it when that is over. */
  holdFor(ms: number, then: () => void): void {
    this.heldUntilMs = this.loop.now + ms
    this.resume = then
    this.loop.at(this.heldUntilMs, controllerPriority, this.resumeHandler)
  }

  enqueueAt(timeMs: number): void {
    if (timeMs >= this.dueMs) return
    this.dueMs = Math.max(timeMs, this.loop.now, this.heldUntilMs)
    this.ticket++
    this.loop.at(this.dueMs, controllerPriority, this.handler, this.ticket)
  }

  forget(): void {
    this.dueMs = Number.POSITIVE_INFINITY
    this.ticket++
  }
}
