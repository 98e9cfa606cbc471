// One number from all samples in a window: the functions …_over_time, changes, resets.

import { KahanMean, KahanSum } from '../kahan.js'
import { quantile } from '../quantile.js'
import type { Samples } from '../samples.js'
import type { Family, Implementation } from './implementation.js'
import { overRange, type RangeOptions } from './over-range.js'

export const OVER_TIME: Family = {
  sum_over_time: reducing(total),
  avg_over_time: reducing(average),
  count_over_time: reducing((samples) => samples.size),
  // NaN gives way to any number.
  min_over_time: reducing((samples) => extreme(samples, (value, least) => value < least)),
  max_over_time: reducing((samples) => extreme(samples, (value, most) => value > most)),
  first_over_time: reducing(({ values, from }) => values[from]!, { keepsName: true }),
  last_over_time: reducing(({ values, to }) => values[to - 1]!, { keepsName: true }),
  present_over_time: reducing(() => 1),
  stddev_over_time: reducing((samples) => Math.sqrt(variance(samples))),
  stdvar_over_time: reducing(variance),
  quantile_over_time: reducing(({ values, from, to }, q) => quantile(q, Array.from(values.subarray(from, to))), {
    scalar: 0,
    range: 1,
    remark: (_, annotations, call, q) => annotations.checkQuantile(q, call, call.args[0]!),
  }),
  changes: reducing((samples) => countSteps(samples, differs)),
  resets: reducing((samples) => countSteps(samples, (before, value) => value < before)),
}

function reducing(
  reduce: (samples: Samples, scalar: number) => number,
  options?: Partial<RangeOptions>,
): Implementation {
  return overRange((samples, scalar) => {
    samples.result = reduce(samples, scalar)
    return true
  }, options)
}

const running = new KahanSum()

function total({ values, from, to }: Samples): number {
  running.start(0, 0)
  for (let i = from; i < to; i++) running.add(values[i]!)
  return Math.abs(running.sum) === Number.POSITIVE_INFINITY ? running.sum : running.sum + running.error
}

const runningMean = new KahanMean()

function average({ values, from, to }: Samples): number {
  runningMean.start(values[from]!)
  for (let i = from + 1; i < to; i++) runningMean.add(values[i]!)
  return runningMean.mean
}

function extreme({ values, from, to }: Samples, beats: (value: number, best: number) => boolean): number {
  let best = values[from]!
  for (let i = from + 1; i < to; i++) {
    if (beats(values[i]!, best) || Number.isNaN(best)) best = values[i]!
  }
  return best
}

const mean = new KahanSum()
const squares = new KahanSum()

function variance({ values, from, to }: Samples): number {
  mean.start(0, 0)
  squares.start(0, 0)
  for (let i = from; i < to; i++) {
    const delta = values[i]! - (mean.sum + mean.error)
    mean.add(delta / (i - from + 1))
    squares.add(delta * (values[i]! - (mean.sum + mean.error)))
  }
  return (squares.sum + squares.error) / (to - from)
}

function countSteps({ values, from, to }: Samples, counts: (before: number, value: number) => boolean): number {
  let count = 0
  for (let i = from + 1; i < to; i++) {
    if (counts(values[i - 1]!, values[i]!)) count++
  }
  return count
}

/** To changes(), NaN after NaN is no change. */
function differs(before: number, value: number): boolean {
  return before !== value && !(Number.isNaN(before) && Number.isNaN(value))
}
