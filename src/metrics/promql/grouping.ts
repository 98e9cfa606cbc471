// Puts the series of a vector into groups: by (…), without (…).

import { type Grouping, type Labels, type LabelTable, METRIC_NAME } from '../labels.js'
import { SeriesMemo, type Vector } from './vector.js'

export class Groups {
  /** The group of each series, by index; groups are numbered in order of appearance. */
  of = new Int32Array(0)
  labels: Labels[] = []
  readonly #grouping: Grouping
  readonly #memo = new SeriesMemo()

  constructor(table: LabelTable, names: readonly string[], without: boolean) {
    this.#grouping = without ? table.dropping([...names, METRIC_NAME]) : table.keeping(names)
  }

  assign(vector: Vector): void {
    if (this.#memo.unchanged(vector)) return
    const numbers = new Map<Labels, number>()
    if (this.of.length < vector.size) this.of = new Int32Array(2 * vector.size)
    this.labels = []
    for (let i = 0; i < vector.size; i++) {
      const labels = this.#grouping.of(vector.labels[i]!)
      let number = numbers.get(labels)
      if (number === undefined) {
        number = this.labels.length
        numbers.set(labels, number)
        this.labels.push(labels)
      }
      this.of[i] = number
    }
  }
}
