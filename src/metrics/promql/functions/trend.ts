// A straight line through the samples, by least squares: deriv, predict_linear.

import { KahanSum } from '../kahan.js'
import type { Samples } from '../samples.js'
import type { Family } from './implementation.js'
import { overRange } from './over-range.js'

export const TREND: Family = {
  deriv: overRange((samples) => {
    if (samples.size < 2) return false
    samples.result = line(samples, samples.times[samples.from]!).slope
    return true
  }),
  predict_linear: overRange(
    (samples, seconds, { timeMs }) => {
      if (samples.size < 2) return false
      const { slope, intercept } = line(samples, timeMs)
      samples.result = slope * seconds + intercept
      return true
    },
    { scalar: 1 },
  ),
}

interface Line {
  /** Per second. */
  readonly slope: number
  /** At the instant asked for. */
  readonly intercept: number
}

function line({ times, values, from, to }: Samples, atMs: number): Line {
  const [sumX, sumY, sumXY, sumXX] = [new KahanSum(), new KahanSum(), new KahanSum(), new KahanSum()] as const
  const first = values[from]!
  let isConstant = true
  for (let i = from; i < to; i++) {
    const x = (times[i]! - atMs) / 1000
    const y = values[i]!
    if (i > from && y !== first) isConstant = false
    sumX.add(x)
    sumY.add(y)
    sumXY.add(x * y)
    sumXX.add(x * x)
  }
  if (isConstant) {
    const infinite = Math.abs(first) === Number.POSITIVE_INFINITY
    return infinite ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: first }
  }
  const count = to - from
  const [x, y] = [sumX.sum + sumX.error, sumY.sum + sumY.error]
  const covariance = sumXY.sum + sumXY.error - (x * y) / count
  const variance = sumXX.sum + sumXX.error - (x * x) / count
  const slope = covariance / variance
  return { slope, intercept: y / count - (slope * x) / count }
}
