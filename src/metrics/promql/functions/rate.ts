// Growth over a window: rate, increase and delta carry it on to the edges, irate and idelta take the last two samples.

import { type Labels, METRIC_NAME } from '../../labels.js'
import type { Annotations } from '../annotations.js'
import type { Call } from '../ast.js'
import type { Samples } from '../samples.js'
import type { Family } from './implementation.js'
import { overRange } from './over-range.js'

export const RATE: Family = {
  rate: overRange((samples) => extrapolate(samples, true, true), { remark: remarkOnGauges }),
  increase: overRange((samples) => extrapolate(samples, true, false), { remark: remarkOnGauges }),
  delta: overRange((samples) => extrapolate(samples, false, false)),
  irate: overRange((samples) => lastStep(samples, true)),
  idelta: overRange((samples) => lastStep(samples, false)),
}

function remarkOnGauges(labels: Labels, annotations: Annotations, call: Call): void {
  const name = labels.get(METRIC_NAME)
  if (name === '' || /_(total|sum|count|bucket)$/.test(name)) return
  const suffixes = '_total/_sum/_count/_bucket'
  annotations.inform(
    `metric might not be a counter, name does not end in ${suffixes}: ${JSON.stringify(name)}`,
    call,
    call.args[0]!,
  )
}

/** A gap this much longer than usual, in average intervals, means that the series does not reach the edge. */
const EDGE_INTERVALS = 1.1

/**
 * The difference between last and first sample, scaled to the whole window. An edge further away than an interval
 * is not reached: half an interval is added instead. A counter is never carried back below zero.
 */
function extrapolate(samples: Samples, isCounter: boolean, isRate: boolean): boolean {
  const { times, values, from, to } = samples
  if (to - from < 2) return false
  const last = to - 1
  const first = values[from]!
  let growth = values[last]! - first
  if (isCounter && samples.lastReset > from) growth = withResets(growth, samples)
  const sampledSeconds = (times[last]! - times[from]!) / 1000
  const intervalSeconds = sampledSeconds / (last - from)
  let startSeconds = (times[from]! - samples.startMs) / 1000
  let endSeconds = (samples.endMs - times[last]!) / 1000
  if (startSeconds >= intervalSeconds * EDGE_INTERVALS) startSeconds = intervalSeconds / 2
  if (isCounter && growth > 0 && first >= 0) {
    const sinceZeroSeconds = sampledSeconds * (first / growth)
    if (sinceZeroSeconds < startSeconds) startSeconds = sinceZeroSeconds
  }
  if (endSeconds >= intervalSeconds * EDGE_INTERVALS) endSeconds = intervalSeconds / 2
  let factor = (sampledSeconds + startSeconds + endSeconds) / sampledSeconds
  if (isRate) factor /= (samples.endMs - samples.startMs) / 1000
  samples.result = growth * factor
  return true
}

/** Adds one after the other, in time order, so that rounding falls as it does in Prometheus. */
function withResets(growth: number, { values, from, to }: Samples): number {
  let total = growth
  for (let i = from + 1; i < to; i++) {
    if (values[i]! < values[i - 1]!) total += values[i - 1]!
  }
  return total
}

function lastStep(samples: Samples, isCounter: boolean): boolean {
  const { times, values, from, to } = samples
  if (to - from < 2) return false
  const last = values[to - 1]!
  const before = values[to - 2]!
  // After a reset a counter has grown by what it shows.
  const growth = isCounter && last < before ? last : last - before
  samples.result = isCounter ? growth / ((times[to - 1]! - times[to - 2]!) / 1000) : growth
  return true
}
