// Answers that nobody has seen yet: clients wait for them until they give up.
import { binomial } from '../kernel/binomial.js'
import type { Stream } from '../kernel/random.js'

/** The code of answers that clients give up on, and how long they wait. */
export interface Late {
  readonly code: number
  readonly afterMs: number
}

/**
 * Requests that came evenly over a stretch of time are answered so long afterwards, every one of them. How many of them
 * are at an instant is binomial, given how many came.
 */
export class Held {
  /** FIELDS numbers for each stretch, the oldest first. */
  private readonly numbers: number[] = []

  /** How many are still waiting. */
  get count(): number {
    let count = 0
    for (let at = 0; at < this.numbers.length; at += FIELDS) count += this.numbers[at + 2]!
    return count
  }

  hold(fromMs: number, untilMs: number, count: number): void {
    if (count > 0) this.numbers.push(fromMs, untilMs, count)
  }

  /** How many have been answered since somebody asked last: they came before this instant. */
  release(cameBeforeMs: number, stream: Stream): number {
    const { numbers } = this
    let released = 0
    let gone = 0
    for (let at = 0; at < numbers.length && numbers[at]! < cameBeforeMs; at += FIELDS) {
      const fromMs = numbers[at]!
      const untilMs = numbers[at + 1]!
      const count = numbers[at + 2]!
      if (untilMs <= cameBeforeMs) {
        released += count
        gone = at + FIELDS
        continue
      }
      const answered = binomial(stream, count, (cameBeforeMs - fromMs) / (untilMs - fromMs))
      numbers[at] = cameBeforeMs
      numbers[at + 2] = count - answered
      released += answered
    }
    numbers.splice(0, gone)
    return released
  }
}

const FIELDS = 3
