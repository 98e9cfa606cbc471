// Takes one measurement: asks the query, and judges the answer by the conditions of the metric.
import type { View } from '../view.js'
import type { Measurement } from './analysis-run.js'
import type { Metric } from './metric.js'

export function measure(_metric: Metric, _view: View): { measurement: Measurement; latencyMs: number } {
  throw new Error('not yet')
}
