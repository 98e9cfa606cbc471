// Metrics that judge a share of the requests: from which share of errors on a measurement fails.
import type { Threshold } from '../../../judge/polling.js'
import { assess } from '../../../policy/argo/condition/assess.js'
import { floats } from '../../../policy/argo/condition/value/value.js'
import type { QueryRatio } from '../../../run/explain/query-ratio.js'
import type { AskedQuery } from './asked-queries.js'

export interface JudgedRatio extends QueryRatio {
  /** What is above the line: it fails where there is much of it, or little. */
  readonly counts: 'errors' | 'successes'
  /** Of errors. */
  readonly threshold: Threshold
  /** Whether a measurement without any request, NaN, fails. */
  readonly failsWithout: boolean
}

/** Undefined where it is no quotient of two counts, or its conditions don't split shares in two. */
export function judgedRatio(asked: AskedQuery): JudgedRatio | undefined {
  if (!known.has(asked)) known.set(asked, judge(asked))
  return known.get(asked)
}

/** Many rules ask. */
const known = new WeakMap<AskedQuery, JudgedRatio | undefined>()

function judge({ metric, ratio, isList }: AskedQuery): JudgedRatio | undefined {
  if (!ratio || (metric.provider.kind === 'prometheus' && metric.provider.range)) return undefined
  const phaseAt = (share: number) => {
    const value = ratio.valueAt(share)
    return value === undefined
      ? undefined
      : assess(isList ? floats([value]) : value, metric.success, metric.failure).phase
  }
  const shares = Array.from({ length: grid + 1 }, (_, index) => index / grid)
  const phases = shares.map(phaseAt)
  if (!phases.every((phase) => phase === 'Successful' || phase === 'Failed')) return undefined
  const changes = shares.filter((_, index) => index > 0 && phases[index] !== phases[index - 1])
  const [change] = changes
  if (change === undefined || changes.length > 1) return undefined
  const fails = (share: number) => phaseAt(share) === 'Failed'
  const edge = rounded(edgeBetween(change - 1 / grid, change, fails))
  const counts = fails(1) ? 'errors' : 'successes'
  return {
    ...ratio,
    counts,
    threshold: { ratio: counts === 'errors' ? edge : rounded(1 - edge), isIncluded: fails(edge) },
    failsWithout: fails(Number.NaN),
  }
}

/** Coarse, as conditions have one threshold: those that don't are left alone. */
const grid = 200

function edgeBetween(low: number, high: number, fails: (share: number) => boolean): number {
  const atHigh = fails(high)
  let [from, to] = [low, high]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (from + to) / 2
    if (fails(middle) === atHigh) to = middle
    else from = middle
  }
  return to
}

function rounded(share: number): number {
  return Number(share.toFixed(9))
}
