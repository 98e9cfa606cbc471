// The samples of one series in a time range, as range functions see them.

/** Samples at indices [from, to) of `times` and `values`; the range is open at its start, as in Prometheus 3. */
export class Samples {
  times = new Float64Array(0)
  values = new Float64Array(0)
  from = 0
  to = 0
  /** Bounds of the range itself: (startMs, endMs]. */
  startMs = 0
  endMs = 0
  /** No sample at an index above this one is lower than its predecessor: saves the scan for counter resets. */
  lastReset = 0
  /** What the range function found. A field, because a returned number would be boxed. */
  result = 0

  get size(): number {
    return this.to - this.from
  }
}
