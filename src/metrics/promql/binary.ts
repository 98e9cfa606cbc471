// Arithmetic and comparing operators as nodes, for each pair of scalar and vector.

import type { LabelTable } from '../labels.js'
import { ARITHMETIC, COMPARISON } from './arithmetic.js'
import { type Binary, isComparison, isSetOperator, isTrimOperator } from './ast.js'
import { PromqlError } from './error.js'
import { Pairs } from './matching.js'
import type { Moment, ScalarNode, VectorNode } from './plan.js'
import { SetOperation } from './set-operation.js'
import { Vector } from './vector.js'

export function binaryNode(
  table: LabelTable,
  binary: Binary,
  left: ScalarNode | VectorNode,
  right: ScalarNode | VectorNode,
): ScalarNode | VectorNode {
  if (left.type === 'scalar' && right.type === 'scalar') return new ScalarOperation(binary, left, right)
  if (left.type === 'scalar') return new VectorScalarOperation(binary, right as VectorNode, left, true)
  if (right.type === 'scalar') return new VectorScalarOperation(binary, left, right, false)
  if (isSetOperator(binary.operator)) return new SetOperation(table, binary, left, right)
  return new VectorOperation(table, binary, left, right)
}

/** The operator's value for two numbers; whether the result stays is a matter of comparisons only. */
class Operation {
  readonly #compute: ((left: number, right: number) => number) | undefined
  readonly #compare: ((left: number, right: number) => boolean) | undefined
  /** With `bool`, or with arithmetic, a result is no longer the metric it came from. */
  readonly dropsName: boolean

  constructor({ operator, bool }: Binary) {
    if (isSetOperator(operator)) throw new TypeError(`${operator} is no operator on numbers`)
    if (isTrimOperator(operator)) {
      this.#compare = () => false
    } else if (isComparison(operator)) {
      const compare = COMPARISON[operator]
      if (bool) this.#compute = (left, right) => (compare(left, right) ? 1 : 0)
      else this.#compare = compare
    } else {
      this.#compute = ARITHMETIC[operator]
    }
    this.dropsName = this.#compute !== undefined
  }

  /** A comparison without `bool` keeps `value` or nothing. */
  keeps(left: number, right: number): boolean {
    return this.#compare === undefined || this.#compare(left, right)
  }

  result(left: number, right: number, value: number): number {
    return this.#compute === undefined ? value : this.#compute(left, right)
  }

  remark({ run }: Moment, binary: Binary): void {
    const { operator } = binary
    if (run.annotations === undefined || !isTrimOperator(operator)) return
    const what = `${JSON.stringify(operator)}: float ${operator} float`
    run.annotations.inform(`incompatible sample types encountered for binary operator ${what}`, binary, binary)
  }
}

class ScalarOperation implements ScalarNode {
  readonly type = 'scalar'
  readonly #operation: Operation

  constructor(
    readonly binary: Binary,
    readonly left: ScalarNode,
    readonly right: ScalarNode,
  ) {
    this.#operation = new Operation(binary)
  }

  scalar(moment: Moment): number {
    const left = this.left.scalar(moment)
    const { operator } = this.binary
    if (isTrimOperator(operator)) {
      throw new PromqlError('execution', `operator "${operator}" not allowed for Scalar operations`, this.binary)
    }
    return this.#operation.result(left, this.right.scalar(moment), left)
  }
}

class VectorScalarOperation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #operation: Operation

  constructor(
    readonly binary: Binary,
    readonly vectorSide: VectorNode,
    readonly scalarSide: ScalarNode,
    readonly scalarFirst: boolean,
  ) {
    this.#operation = new Operation(binary)
  }

  vector(moment: Moment): Vector {
    // What is written first fails first, and remarks first.
    const before = this.scalarFirst ? this.scalarSide.scalar(moment) : undefined
    const input = this.vectorSide.vector(moment)
    const scalar = before ?? this.scalarSide.scalar(moment)
    const operation = this.#operation
    const out = this.#out
    out.size = 0
    for (let i = 0; i < input.size; i++) {
      const value = input.values[i]!
      const left = this.scalarFirst ? scalar : value
      const right = this.scalarFirst ? value : scalar
      if (!operation.keeps(left, right)) continue
      const labels = input.labels[i]!
      // A comparison yields the vector's value on whichever side the vector stands.
      out.push(operation.dropsName ? labels.withoutName : labels, operation.result(left, right, value))
    }
    if (input.size > 0) operation.remark(moment, this.binary)
    out.refuseDuplicates(this.binary)
    return out
  }
}

class VectorOperation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #operation: Operation
  readonly #pairs: Pairs

  constructor(
    table: LabelTable,
    readonly binary: Binary,
    readonly left: VectorNode,
    readonly right: VectorNode,
  ) {
    this.#operation = new Operation(binary)
    this.#pairs = new Pairs(table, binary)
  }

  vector(moment: Moment): Vector {
    const left = this.left.vector(moment)
    const right = this.right.vector(moment)
    const out = this.#out
    out.size = 0
    if (left.size === 0 || right.size === 0) return out
    const pairs = this.#pairs
    pairs.line(left, right)
    for (let i = 0; i < pairs.labels.length; i++) {
      const a = left.values[pairs.left[i]!]!
      const b = right.values[pairs.right[i]!]!
      if (this.#operation.keeps(a, b)) out.push(pairs.labels[i]!, this.#operation.result(a, b, a))
    }
    if (pairs.labels.length > 0) this.#operation.remark(moment, this.binary)
    out.refuseDuplicates(this.binary)
    return out
  }
}

/** -x and +x. */
export class Negation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()

  constructor(
    readonly range: Binary | { readonly from: number; readonly to: number },
    readonly inner: VectorNode,
  ) {}

  vector(moment: Moment): Vector {
    const input = this.inner.vector(moment)
    const out = this.#out
    out.size = 0
    for (let i = 0; i < input.size; i++) out.push(input.labels[i]!.withoutName, -input.values[i]!)
    out.refuseDuplicates(this.range)
    return out
  }
}
