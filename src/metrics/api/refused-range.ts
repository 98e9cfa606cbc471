// Why Prometheus doesn't answer for such a stretch of time.
import type { TimeRange } from '../promql/query.js'

const MOST_STEPS = 11_000

export function refusedRange({ startMs, endMs, stepMs }: TimeRange): string | undefined {
  if (endMs < startMs) return 'invalid parameter "end": end timestamp must not be before start time'
  if (stepMs <= 0) {
    return 'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer'
  }
  if (Math.trunc((endMs - startMs) / stepMs) <= MOST_STEPS) return undefined
  return 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)'
}
