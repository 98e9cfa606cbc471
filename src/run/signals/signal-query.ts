// What a signal reads off the world, as a query on what the gateway has counted.
import { WORLD_DURATION, WORLD_REQUESTS } from '../../metrics/dialects/world.js'
import type { WorldSignal } from '../../scenario/signals.js'

/** Of all pods that run a version. */
export type Hashes = Readonly<Record<'stable' | 'canary', readonly string[]>>

/**
 * Counts of now less those of a window ago: exact, where rate() would extrapolate. A version that had no request then
 * had counted none.
 */
export function queryOf({ reads, of, windowMs, quantile }: WorldSignal, hashes: Hashes): string {
  const version = of === 'service' ? [] : [matcherOf(hashes[of])]
  const grown = (matchers: readonly string[]) => {
    const counter = `${WORLD_REQUESTS}{${[...version, ...matchers].join(',')}}`
    return `((sum(${counter}) or vector(0)) - (sum(${counter} offset ${windowMs}ms) or vector(0)))`
  }
  switch (reads) {
    case 'errorRatio':
      return `${grown(['code=~"5.."'])} / ${grown([])}`
    case 'successRatio':
      return `1 - ${grown(['code=~"5.."'])} / ${grown([])}`
    case 'rate':
      return `${grown([])} / ${windowMs / 1000}`
    case 'latency': {
      const buckets = `${WORLD_DURATION}_bucket{${version.join(',')}}`
      const before = `sum by (le) (${buckets} offset ${windowMs}ms)`
      const now = `sum by (le) (${buckets})`
      return `histogram_quantile(${quantile}, (${now} - ${before}) or ${now}) / 1000`
    }
  }
}

function matcherOf(hashes: readonly string[]): string {
  return hashes.length === 1 ? `hash=${JSON.stringify(hashes[0])}` : `hash=~${JSON.stringify(hashes.join('|'))}`
}
