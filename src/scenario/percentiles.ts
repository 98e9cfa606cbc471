// How long something takes, given by two points of its distribution.

export interface Percentiles {
  readonly p50Ms: number
  readonly p99Ms: number
}

/** One time for all, or one or both of the percentiles. */
export type WrittenPercentiles =
  | number
  | { readonly p50?: number | undefined; readonly p99?: number | undefined }
  | undefined

/** The canary: what is not said is as stable. */
export function percentilesLike(base: Percentiles, written: WrittenPercentiles): Percentiles {
  if (typeof written === 'number') return { p50Ms: written, p99Ms: written }
  return { p50Ms: written?.p50 ?? base.p50Ms, p99Ms: written?.p99 ?? base.p99Ms }
}

/** Stable: what is not said follows from what is, so that one percentile alone cannot contradict a default. */
export function percentilesFrom(written: WrittenPercentiles, base: Percentiles): Percentiles {
  if (typeof written === 'number' || written === undefined) return percentilesLike(base, written)
  const { p50, p99 } = written
  return percentilesLike(base, {
    p50: p50 ?? (p99 === undefined ? undefined : p99 / SPREAD),
    p99: p99 ?? (p50 === undefined ? undefined : p50 * SPREAD),
  })
}

export const DEFAULT_LATENCY: Percentiles = Object.freeze({ p50Ms: 40, p99Ms: 200 })
export const DEFAULT_START: Percentiles = Object.freeze({ p50Ms: 10_000, p99Ms: 10_000 })

/** p99 over p50 where only one is said; that of the default latency. */
const SPREAD = 5
