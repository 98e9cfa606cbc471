// The queue in front of a controller: a key is worked on when it is due, once, however often it was asked for.
import type { Loop } from '../../kernel/loop.js'
import { isStill, type Program } from './program.js'

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
  /** Of the program, since which there is what is known here. */
  private start: number

  constructor(
    private readonly loop: Loop,
    work: () => void,
    /** Whose queue it is in; one that never ends, if left out. */
    private readonly program?: Program,
  ) {
    this.start = program?.starts ?? 1
    this.handler = loop.handler((ticket) => {
      if (ticket !== this.ticket || !this.isKept) return
      this.dueMs = Number.POSITIVE_INFINITY
      work()
    })
    this.resumeHandler = loop.handler((start) => {
      if (start === this.start && this.isKept) this.resume()
    })
  }

  /** After something changed that the controller watches. */
  enqueue(): void {
    this.look()
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
    this.loop.at(this.heldUntilMs, controllerPriority, this.resumeHandler, this.start)
  }

  enqueueAt(timeMs: number): void {
    this.look()
    if (this.program?.isRunning === false) return
    if (timeMs >= this.dueMs) return
    this.dueMs = Math.max(timeMs, this.loop.now, this.heldUntilMs)
    this.ticket++
    this.loop.at(this.dueMs + (this.program?.delayMs ?? 0), controllerPriority, this.handler, this.ticket)
  }

  forget(): void {
    this.dueMs = Number.POSITIVE_INFINITY
    this.ticket++
  }

  /** Whether what was asked for and begun is still known. */
  private get isKept(): boolean {
    return isStill(this.program, this.start)
  }

  /** A program that was started again knows nothing of what it did before. */
  private look(): void {
    const { program } = this
    if (program === undefined || program.starts === this.start) return
    this.forget()
    this.asked = 0
    this.heldUntilMs = Number.NEGATIVE_INFINITY
    this.start = program.starts
  }
}
