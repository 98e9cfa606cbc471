// An instant vector under way between two nodes of a plan; each node fills its own again and again.

import { grown } from '../../kernel/grown.js'
import type { Labels } from '../labels.js'
import { PromqlError, type TextRange } from './error.js'

export class Vector {
  size = 0
  labels: Labels[] = []
  values = new Float64Array(8)
  readonly #distinct = new SeriesMemo()

  push(labels: Labels, value: number): void {
    const index = this.size
    if (index === this.values.length) this.#grow()
    this.labels[index] = labels
    this.values[index] = value
    this.size = index + 1
  }

  /** Dropping labels can make two series one; that is an error wherever a result is formed. */
  refuseDuplicates(range: TextRange): void {
    if (this.size < 2 || this.#distinct.unchanged(this)) return
    const stamp = this.labels[0]!.table.stamp()
    for (let i = 0; i < this.size; i++) {
      if (this.labels[i]!.mark === stamp) {
        this.#distinct.forget()
        throw sameLabels(range)
      }
      this.labels[i]!.mark = stamp
    }
  }

  #grow(): void {
    this.values = grown(this.values, new Float64Array(this.values.length * 2))
  }
}

export function sameLabels(range: TextRange): PromqlError {
  return new PromqlError('execution', 'vector cannot contain metrics with the same labelset', range)
}

/**
 * Remembers which series a vector held, in order. All that depends on labels alone (groups, matches, result labels)
 * is worked out again only when they change, which between two scrapes is never.
 */
export class SeriesMemo {
  #labels: Labels[] = []
  #size = -1

  /** Whether the vector holds the same series as at the last call. */
  unchanged(vector: Vector): boolean {
    const { size, labels } = vector
    if (size === this.#size) {
      let i = 0
      while (i < size && labels[i] === this.#labels[i]) i++
      if (i === size) return true
    }
    this.#labels = labels.slice(0, size)
    this.#size = size
    return false
  }

  /** Makes the next call say "changed": what was worked out is not complete. */
  forget(): void {
    this.#size = -1
  }
}
