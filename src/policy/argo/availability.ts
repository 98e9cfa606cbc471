// Whether the controller is there, and whether the API server is for it: what it can do, and what it hears of.
import { WorkItem } from '../../world/cluster/work-queue.js'
import type { View } from '../view.js'

/** From the start of the program until it has listed what there is and passes begin (observed 140 to 160 ms). */
const startUpMs = 145

export class Availability {
  /** A pass that doesn't see what the last one has written would write the same again. */
  hasWrittenUnseen = false
  private starting: WorkItem | undefined

  constructor(
    private readonly view: View,
    /** The program was started again. */
    private readonly resume: () => void,
    /** Something is heard of again. */
    private readonly wake: () => void,
  ) {}

  /** The program ends, in the middle of whatever it does; what it has written stays. */
  stop(): void {
    this.starting?.forget()
    this.view.program!.stop()
  }

  /** After a while, if it has to wait for its turn. */
  start(waitMs = 0): void {
    const { loop, program } = this.view
    this.starting ??= new WorkItem(loop, () => {
      program!.start()
      // It lists what there is: nothing that an earlier program had missed is missing.
      if (this.canWrite) this.reconnect({})
      this.resume()
    })
    this.starting.enqueueAt(loop.now + waitMs + startUpMs)
  }

  /** The API server answers again; by kind of object, when the controller hears of it again. */
  reconnect(watchedFromMs: Readonly<Record<string, number>>): void {
    const { api, loop } = this.view
    api?.reconnect(watchedFromMs)
    this.hasWrittenUnseen = false
    for (const fromMs of Object.values(watchedFromMs)) {
      const wake = new WorkItem(loop, () => {
        this.hasWrittenUnseen = !this.sees('Rollout')
        this.wake()
      })
      wake.enqueueAt(fromMs)
    }
  }

  get isRunning(): boolean {
    return this.view.program?.isRunning !== false
  }

  get canWrite(): boolean {
    return this.view.api?.isAnswered !== false
  }

  sees(kind: string): boolean {
    const { api, loop } = this.view
    return api === undefined || api.sees(kind, loop.now)
  }
}
