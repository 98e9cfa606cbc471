// Aggregations as nodes.

import { formatFloat, formatGoFloat } from '../float.js'
import { type Labels, type LabelTable, METRIC_NAME } from '../labels.js'
import type { Accumulate } from './accumulate.js'
import type { Aggregate } from './ast.js'
import { PromqlError } from './error.js'
import { larger, smaller } from './extremes.js'
import { Groups } from './grouping.js'
import { ascending, Best, descending } from './order.js'
import type { Moment, Run, ScalarNode, VectorNode } from './plan.js'
import { quantile } from './quantile.js'
import { Vector } from './vector.js'

export class Accumulation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #groups: Groups

  constructor(
    table: LabelTable,
    aggregate: Aggregate,
    readonly inner: VectorNode,
    readonly accumulate: Accumulate,
  ) {
    this.#groups = new Groups(table, aggregate.grouping, aggregate.without)
  }

  vector(moment: Moment): Vector {
    const input = this.inner.vector(moment)
    const out = this.#out
    out.size = 0
    if (input.size === 0) return out
    this.#groups.assign(input)
    this.accumulate(input, this.#groups, out)
    return out
  }
}

/** quantile(q, …) */
export class QuantileAggregation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #groups: Groups
  #remarked: Run | undefined

  constructor(
    table: LabelTable,
    readonly aggregate: Aggregate,
    readonly inner: VectorNode,
    readonly parameter: ScalarNode,
  ) {
    this.#groups = new Groups(table, aggregate.grouping, aggregate.without)
  }

  vector(moment: Moment): Vector {
    const q = this.parameter.scalar(moment)
    const input = this.inner.vector(moment)
    this.#remark(moment.run)
    const out = this.#out
    out.size = 0
    this.#groups.assign(input)
    const values: number[][] = this.#groups.labels.map(() => [])
    for (let i = 0; i < input.size; i++) values[this.#groups.of[i]!]!.push(input.values[i]!)
    this.#groups.labels.forEach((labels, group) => {
      out.push(labels, quantile(q, values[group]!))
    })
    return out
  }

  /** Of the parameters of all steps, the largest and the smallest are remarked on. */
  #remark(run: Run): void {
    if (run.annotations === undefined || this.#remarked === run) return
    this.#remarked = run
    const { hasNaN, least, most } = extremes(this.parameter, run)
    for (const q of [hasNaN ? Number.NaN : 0, most > 1 ? most : 0, least < 0 ? least : 0]) {
      run.annotations.checkQuantile(q, this.aggregate, this.aggregate.parameter!)
    }
  }
}

interface Extremes {
  readonly hasNaN: boolean
  /** NaN, after one, unless there is an infinity. */
  readonly least: number
  readonly most: number
}

/** Of a parameter at all steps. */
function extremes(parameter: ScalarNode, run: Run): Extremes {
  let hasNaN = false
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let timeMs = run.startMs; timeMs <= run.endMs; timeMs += run.stepMs) {
    const value = parameter.scalar({ timeMs, run })
    hasNaN ||= Number.isNaN(value)
    least = smaller(least, value)
    most = larger(most, value)
  }
  return { hasNaN, least, most }
}

/** topk(k, …) and bottomk(k, …): whole series, best first within each group. */
export class BestAggregation implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #groups: Groups
  #run: Run | undefined
  #asks = false

  constructor(
    table: LabelTable,
    readonly aggregate: Aggregate,
    readonly inner: VectorNode,
    readonly parameter: ScalarNode,
  ) {
    this.#groups = new Groups(table, aggregate.grouping, aggregate.without)
  }

  vector(moment: Moment): Vector {
    const out = this.#out
    out.size = 0
    const limit = this.parameter.scalar(moment)
    const input = this.inner.vector(moment)
    if (!this.#asksForAny(moment.run)) return out
    const k = Math.min(Math.trunc(limit), input.size)
    if (k < 1) return out
    this.#groups.assign(input)
    const less = this.aggregate.operator === 'topk' ? ascending : descending
    const best = this.#groups.labels.map(() => new Best<Labels>(k, less))
    for (let i = 0; i < input.size; i++) best[this.#groups.of[i]!]!.offer(input.labels[i]!, input.values[i]!)
    for (const group of best) {
      for (const { item, value } of group.sorted()) out.push(item, value)
    }
    return out
  }

  /** Parameters of all steps count, even of those that find nothing. */
  #asksForAny(run: Run): boolean {
    if (this.#run === run) return this.#asks
    this.#run = undefined
    const { hasNaN, least, most } = extremes(this.parameter, run)
    const fail = (message: string) => new PromqlError('execution', message, this.aggregate)
    this.#asks = !(most < 1)
    if (this.#asks && hasNaN) throw fail('Parameter value is NaN')
    if (this.#asks && least <= -(2 ** 63)) throw fail(`Scalar value ${formatGoFloat(least)} underflows int64`)
    if (this.#asks && most >= 2 ** 63) throw fail(`Scalar value ${formatGoFloat(most)} overflows int64`)
    this.#run = run
    return this.#asks
  }
}

/** count_values("label", …): one series for each value that occurs. */
export class ValueCount implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()

  constructor(
    readonly table: LabelTable,
    readonly aggregate: Aggregate,
    readonly inner: VectorNode,
    readonly label: string,
  ) {}

  vector(moment: Moment): Vector {
    const { table, aggregate, label } = this
    const { grouping, without } = aggregate
    const kept = without ? table.dropping([...grouping, METRIC_NAME]) : table.keeping([...grouping, label])
    const input = this.inner.vector(moment)
    const counts = new Map<Labels, number>()
    for (let i = 0; i < input.size; i++) {
      const group = kept.of(table.with(input.labels[i]!, label, formatFloat(input.values[i]!)))
      counts.set(group, (counts.get(group) ?? 0) + 1)
    }
    const out = this.#out
    out.size = 0
    for (const [labels, count] of counts) out.push(labels, count)
    return out
  }
}
