// The state of one evaluation.

import { loopItem, loopLength } from '../value/access.js'
import { Panic } from '../value/panic.js'
import { type GoValue, Instant, int } from '../value/value.js'

/** A compiled node. */
export type Evaluate = (frame: Frame) => GoValue

/** expr's own limit on the items that an evaluation may produce. */
const MEMORY_BUDGET = 1_000_000

/** Two calls of now() never fall into the same instant. */
const NOW_STEP_NANOS = 100

const ZERO = int(0)

export class Frame {
  result: GoValue = null
  scope: Scope | undefined
  readonly variables: GoValue[] = []
  /**
   * Operands on their way to a function. expr's machine leaves values under the result of findLast() and
   * findLastIndex(), and an operator that takes two values then finds one of those in place of its left operand.
   */
  readonly stack: GoValue[] = []
  private memory = 0
  private nowMs = 0
  private nowCalls = 0

  /** `isFormer`: as expr 1.15 evaluates. */
  constructor(readonly isFormer: boolean) {}

  begin(result: GoValue, nowMs: number): void {
    this.result = result
    this.nowMs = nowMs
    this.nowCalls = 0
    this.memory = 0
    this.scope = undefined
    this.stack.length = 0
  }

  grow(items: number): void {
    this.memory += items
    if (this.memory >= MEMORY_BUDGET) throw new Panic('memory budget exceeded')
  }

  /** The last operands; what lies under them stays. */
  take(count: number): GoValue[] {
    return this.stack.splice(this.stack.length - count)
  }

  now(): Instant {
    const seconds = Math.floor(this.nowMs / 1000)
    const nanos = Math.round((this.nowMs - seconds * 1000) * 1e6) + this.nowCalls++ * NOW_STEP_NANOS
    return new Instant(seconds + Math.floor(nanos / 1e9), nanos % 1e9)
  }

  enter(collection: GoValue): Scope {
    this.scope = new Scope(collection, this.scope)
    return this.scope
  }

  leave(): void {
    this.scope = this.scope?.outer
  }
}

/** A walk over a collection. */
export class Scope {
  readonly collection: GoValue
  readonly length: number
  readonly outer: Scope | undefined
  index = 0
  accumulator: GoValue = ZERO

  constructor(collection: GoValue, outer: Scope | undefined) {
    this.collection = collection
    this.length = loopLength(collection)
    this.outer = outer
  }

  item(): GoValue {
    return loopItem(this.collection, this.index)
  }
}
