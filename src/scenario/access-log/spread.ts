// Counts of longer times than a second, as counts of seconds.
import { SecondCounts } from './second-counts.js'

/** What stands at a second came evenly over so many from there on. Undefined if there is no room for that. */
export function spread(counts: SecondCounts, seconds: number): SecondCounts | undefined {
  const even = new SecondCounts()
  for (const second of counts.seconds()) {
    if (!addEvenly(even, second, second + seconds, counts.of(second))) return undefined
  }
  return even
}

/** False if there is no room. */
export function addEvenly(counts: SecondCounts, from: number, until: number, count: number): boolean {
  const each = count / (until - from)
  for (let second = from; second < until; second++) if (!counts.add(second, each)) return false
  return true
}
