// The set operators and, or, unless: which series stay depends on labels alone.

import type { Grouping, Labels, LabelTable } from '../labels.js'
import type { Binary } from './ast.js'
import { signature } from './matching.js'
import type { Moment, VectorNode } from './plan.js'
import { Vector } from './vector.js'

export class SetOperation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #signature: Grouping

  constructor(
    table: LabelTable,
    readonly binary: Binary,
    readonly left: VectorNode,
    readonly right: VectorNode,
  ) {
    this.#signature = signature(table, binary.matching)
  }

  vector(moment: Moment): Vector {
    const left = this.left.vector(moment)
    const right = this.right.vector(moment)
    const out = this.#out
    out.size = 0
    if (this.binary.operator === 'or') {
      append(out, left, () => true)
      const present = left.size > 0 ? this.#signatures(left) : undefined
      append(out, right, (labels) => !present?.has(this.#signature.of(labels)))
    } else {
      const present = this.#signatures(right)
      const wanted = this.binary.operator === 'and'
      append(out, left, (labels) => present.has(this.#signature.of(labels)) === wanted)
    }
    out.refuseDuplicates(this.binary)
    return out
  }

  #signatures(vector: Vector): Set<Labels> {
    const signatures = new Set<Labels>()
    for (let i = 0; i < vector.size; i++) signatures.add(this.#signature.of(vector.labels[i]!))
    return signatures
  }
}

function append(out: Vector, input: Vector, stays: (labels: Labels) => boolean): void {
  for (let i = 0; i < input.size; i++) {
    if (stays(input.labels[i]!)) out.push(input.labels[i]!, input.values[i]!)
  }
}
