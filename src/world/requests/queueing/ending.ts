// What the engine tells whoever counts: how each attempt of a request ended, in the order of time.
import { type Attempts, NOBODY } from './attempts.js'
import type { Pods } from './pods.js'

/** Looks at the row of an attempt: what nobody asks for isn't reckoned, and a row tells many things that few ask for. */
export class Ending {
  row = 0
  /** When the client knew. */
  timeMs = 0
  code = 0
  /** Whether no further attempt follows: metrics see every one, the user only these. */
  isLast = true

  constructor(
    private readonly attempts: Attempts,
    private readonly pods: Pods,
  ) {}

  /** From sending this attempt until then. */
  get latencyMs(): number {
    return this.timeMs - this.attempts.sentMs[this.row]!
  }

  /** What of that was spent in the queue of the pod. */
  get waitMs(): number {
    const { attempts, row, timeMs } = this
    const startedMs = attempts.startedMs[row]!
    return (startedMs < timeMs ? startedMs : timeMs) - attempts.sentMs[row]!
  }

  /** From the arrival of the request until then, with all its attempts and the pauses between them. */
  get ageMs(): number {
    return this.timeMs - this.attempts.arrivalMs(this.row)
  }

  get lane(): number {
    return this.attempts.lanes[this.row]!
  }

  /** The blame of its lane when it was sent there. */
  get blame(): number {
    return this.attempts.blames[this.row]!
  }

  /** The number of the pod, or NOBODY. */
  get pod(): number {
    const place = this.attempts.pods[this.row]!
    return place < 0 ? NOBODY : this.pods.numbers[place]!
  }

  get user(): number {
    return this.attempts.users[this.row]!
  }

  /** Which of all requests it belongs to, counted from 1. */
  get request(): number {
    return this.attempts.requests[this.row]!
  }

  /** Which attempt of its request it was, counted from 1. */
  get tries(): number {
    return this.attempts.tries[this.row]!
  }
}

export interface Sink {
  /** The same record each time: what is in it is only good until this returns. */
  take(ending: Ending): void
}
