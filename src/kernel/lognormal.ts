// Latencies: the log-normal distribution, whose logarithm is normal with mean mu and standard deviation sigma.

import { exp, log } from './elementary.js'
import { normal, normalCdf, normalQuantile } from './normal.js'
import type { Stream } from './random.js'

export interface LogNormal {
  readonly mu: number
  readonly sigma: number
}

export function logNormal(stream: Stream, mu: number, sigma: number): number {
  if (!(sigma >= 0 && Number.isFinite(mu))) throw new RangeError(`a log-normal of mu ${mu} and sigma ${sigma}`)
  return exp(mu + sigma * normal(stream))
}

/** P(X <= x). */
export function logNormalCdf(x: number, mu: number, sigma: number): number {
  if (x <= 0) return 0
  const above = log(x) - mu
  if (sigma === 0) return above < 0 ? 0 : 1
  return normalCdf(above / sigma)
}

/** The log-normal with this median and this 99th percentile. */
export function logNormalFrom(latency: { readonly p50: number; readonly p99: number }): LogNormal {
  const { p50, p99 } = latency
  if (!(p50 > 0 && p99 >= p50 && p99 < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a log-normal with median ${p50} and 99th percentile ${p99}`)
  }
  return { mu: log(p50), sigma: log(p99 / p50) / STANDARD_P99 }
}

const STANDARD_P99 = normalQuantile(0.99)
