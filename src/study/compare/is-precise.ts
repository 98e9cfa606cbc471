// Whether so many runs tell the differences of two policies as precisely as somebody has asked for.
import type { Result } from '../conduct.js'
import { confidence } from '../study.js'
import { type Bases, basesOf, differenceOf, meansOf } from './basis.js'
import type { ComparedMetric } from './metrics.js'

const watched: readonly ComparedMetric[] = [
  'missed',
  'false_abort',
  'detect',
  'detect.never',
  'safe',
  'requests.excess',
  'users.harmed',
]

/**
 * The intervals of the differences reach no further to either side than this part of the larger of the two figures, and
 * of shares no further than this part of all runs.
 */
export function areDifferencesPrecise(result: Result, precision: number): boolean {
  const bases = basesOf(result, confidence)
  return watched.every((metric) => isWithin(bases, metric, precision))
}

function isWithin(bases: Bases, metric: ComparedMetric, precision: number): boolean {
  const basis = bases.get(metric)!
  const difference = differenceOf(basis, confidence)
  // No run tells, and others like them wouldn't either.
  if (difference === null) return true
  const { value, low, high } = difference
  if (low === null || high === null) return false
  const means = meansOf(basis)
  const reach = precision * (means ? Math.max(Math.abs(means.first), Math.abs(means.second)) : 1)
  return value - low <= reach && high - value <= reach
}
