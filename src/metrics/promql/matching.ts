// Finds which series of two vectors belong together: on (…), ignoring (…), group_left, group_right.

import { type Grouping, type Labels, type LabelTable, METRIC_NAME } from '../labels.js'
import { type Binary, isComparison, isTrimOperator, type Matching } from './ast.js'
import { PromqlError } from './error.js'
import { SeriesMemo, type Vector } from './vector.js'

/** Series in one match group carry the same signature. */
export function signature(table: LabelTable, { on, labels }: Matching): Grouping {
  return on ? table.keeping(labels) : table.dropping([...labels, METRIC_NAME])
}

/** The pairs of an arithmetic or comparing operator, with the labels of each result; worked out once per line-up. */
export class Pairs {
  left: number[] = []
  right: number[] = []
  labels: Labels[] = []
  readonly #signature: Grouping
  readonly #memos = [new SeriesMemo(), new SeriesMemo()] as const

  constructor(
    readonly table: LabelTable,
    readonly binary: Binary,
  ) {
    this.#signature = signature(table, binary.matching)
  }

  line(left: Vector, right: Vector): void {
    // Both must be asked, so that both remember.
    const leftUnchanged = this.#memos[0].unchanged(left)
    const rightUnchanged = this.#memos[1].unchanged(right)
    if (leftUnchanged && rightUnchanged) return
    this.#memos[0].forget()
    const swapped = this.binary.matching.group === 'right'
    const many = this.#match(swapped ? right : left, swapped ? left : right)
    this.left = swapped ? many.other : many.own
    this.right = swapped ? many.own : many.other
    this.labels = many.labels
    this.#memos[0].unchanged(left)
  }

  #match(many: Vector, one: Vector): { own: number[]; other: number[]; labels: Labels[] } {
    const ones = this.#bySignature(one)
    const own: number[] = []
    const other: number[] = []
    const labels: Labels[] = []
    const taken = new Map<Labels, Set<Labels>>()
    for (let i = 0; i < many.size; i++) {
      const group = this.#signature.of(many.labels[i]!)
      const match = ones.get(group)
      if (match === undefined) continue
      const result = this.#resultLabels(many.labels[i]!, one.labels[match]!)
      // Nothing comes of a trimmed float, and so nothing is one too many.
      if (!isTrimOperator(this.binary.operator)) this.#refuseSecond(taken, group, result)
      own.push(i)
      other.push(match)
      labels.push(result)
    }
    return { own, other, labels }
  }

  #bySignature(one: Vector): Map<Labels, number> {
    const indices = new Map<Labels, number>()
    for (let i = 0; i < one.size; i++) {
      const group = this.#signature.of(one.labels[i]!)
      const earlier = indices.get(group)
      if (earlier !== undefined) throw this.#duplicate(one.labels[i]!, one.labels[earlier]!)
      indices.set(group, i)
    }
    return indices
  }

  #duplicate(a: Labels, b: Labels): PromqlError {
    const { on, labels: names, group } = this.binary.matching
    const matched = this.table.filtered(a, (name) => names.includes(name) === on && (on || name !== METRIC_NAME))
    const side = group === 'right' ? 'left' : 'right'
    const pair = [a.toString(), b.toString()].sort((x, y) => (x < y ? -1 : 1)).join(', ')
    const where = `for the match group ${matched} on the ${side} hand-side of the operation: [${pair}]`
    return this.#error(
      `found duplicate series ${where};many-to-many matching not allowed: matching labels must be unique on one side`,
    )
  }

  #refuseSecond(taken: Map<Labels, Set<Labels>>, group: Labels, result: Labels): void {
    const results = taken.get(group) ?? new Set()
    if (this.binary.matching.group === 'none' && results.size > 0) {
      const explicit = 'many-to-one matching must be explicit (group_left/group_right)'
      throw this.#error(`multiple matches for labels: ${explicit}`)
    }
    if (results.has(result)) {
      throw this.#error('multiple matches for labels: grouping labels must ensure unique matches')
    }
    taken.set(group, results.add(result))
  }

  #resultLabels(many: Labels, one: Labels): Labels {
    const { operator, bool, matching } = this.binary
    let labels = isComparison(operator) && !bool ? many : many.withoutName
    if (matching.group === 'none') {
      const kept = matching.on ? this.table.keeping(matching.labels) : this.table.dropping(matching.labels)
      labels = kept.of(labels)
    }
    for (const name of matching.include) labels = this.table.with(labels, name, one.get(name))
    return labels
  }

  #error(message: string): PromqlError {
    return new PromqlError('execution', message, this.binary)
  }
}
