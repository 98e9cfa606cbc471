// Aggregations that take one series after the other: sum, avg, count, min, max, group, stddev, stdvar.

import type { AggregateOperator } from './ast.js'
import type { Groups } from './grouping.js'
import { KahanMean, KahanSum } from './kahan.js'
import type { Vector } from './vector.js'

/** Writes one value for each group, in the order of the groups. */
export type Accumulate = (input: Vector, groups: Groups, out: Vector) => void

/** Folds a state of type State for each group. */
function folding<State>(
  start: (value: number) => State,
  add: (state: State, value: number) => State,
  finish: (state: State) => number,
): Accumulate {
  return (input, groups, out) => {
    const states: State[] = []
    for (let i = 0; i < input.size; i++) {
      const group = groups.of[i]!
      const value = input.values[i]!
      states[group] = group < states.length ? add(states[group]!, value) : start(value)
    }
    for (let group = 0; group < states.length; group++) out.push(groups.labels[group]!, finish(states[group]!))
  }
}

const running = new KahanSum()

/** The one that every success ratio uses, so it is spelt out: about 10 ns a series against 40 folded. */
function sum(input: Vector, groups: Groups, out: Vector): void {
  if (groups.labels.length === 1) {
    running.start(input.values[0]!, 0)
    for (let i = 1; i < input.size; i++) running.add(input.values[i]!)
    out.push(groups.labels[0]!, running.sum + running.error)
    return
  }
  foldedSum(input, groups, out)
}

const foldedSum = folding(
  (value) => {
    const total = new KahanSum()
    total.start(value, 0)
    return total
  },
  (total, value) => {
    total.add(value)
    return total
  },
  (total) => total.sum + total.error,
)

const average = folding(
  (value) => {
    const mean = new KahanMean()
    mean.start(value)
    return mean
  },
  (mean, value) => {
    mean.add(value)
    return mean
  },
  ({ mean }) => mean,
)

/** NaN gives way to any number. */
const smallest = (state: number, value: number) => (state > value || Number.isNaN(state) ? value : state)
const largest = (state: number, value: number) => (state < value || Number.isNaN(state) ? value : state)
const same = (state: number) => state

interface Spread {
  count: number
  mean: number
  squares: number
}

function variance(finish: (variance: number) => number): Accumulate {
  return folding<Spread>(
    (value) => ({ count: 1, mean: value, squares: Number.isFinite(value) ? 0 : Number.NaN }),
    (spread, value) => {
      const delta = value - spread.mean
      spread.count += 1
      spread.mean += delta / spread.count
      spread.squares += delta * (value - spread.mean)
      return spread
    },
    ({ squares, count }) => finish(squares / count),
  )
}

export const ACCUMULATIONS: Partial<Record<AggregateOperator, Accumulate>> = {
  sum,
  avg: average,
  count: folding(
    () => 1,
    (count) => count + 1,
    same,
  ),
  min: folding(same, smallest, same),
  max: folding(same, largest, same),
  group: folding(
    () => 1,
    () => 1,
    same,
  ),
  stddev: variance(Math.sqrt),
  stdvar: variance(same),
}
