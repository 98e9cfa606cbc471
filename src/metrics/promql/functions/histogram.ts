// Functions of classic histograms: histogram_quantile, histogram_fraction. Native histograms are not simulated.

import { parseFloatLikeGo } from '../../float.js'
import type { Labels } from '../../labels.js'
import type { Moment, VectorNode } from '../plan.js'
import { SeriesMemo, Vector } from '../vector.js'
import { type Buckets, fractionOfBuckets, quantileOfBuckets } from './buckets.js'
import type { CallSite, Family, Implementation } from './implementation.js'

export const HISTOGRAM: Family = {
  histogram_quantile: (site) => {
    const q = site.scalar(0)
    return new HistogramCall(site, 1, (buckets, moment) => quantileOfBuckets(q.scalar(moment), buckets))
  },
  histogram_fraction: (site) => {
    const [lower, upper] = [site.scalar(0), site.scalar(1)]
    return new HistogramCall(site, 2, (buckets, moment) =>
      fractionOfBuckets(lower.scalar(moment), upper.scalar(moment), buckets),
    )
  },
  histogram_avg: onNativeOnly,
  histogram_count: onNativeOnly,
  histogram_sum: onNativeOnly,
  histogram_stddev: onNativeOnly,
  histogram_stdvar: onNativeOnly,
}

/** Of plain samples, these have no result. */
function onNativeOnly(site: CallSite): ReturnType<Implementation> {
  const inner = site.vector(0)
  const none = new Vector()
  return {
    type: 'vector',
    vector(moment) {
      inner.vector(moment)
      return none
    },
  }
}

/** One histogram among the series of a vector: their indices by rising upper bound. */
interface Histogram {
  readonly labels: Labels
  readonly indices: number[]
  readonly bounds: number[]
}

class HistogramCall implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #memo = new SeriesMemo()
  readonly #inner: VectorNode
  readonly #buckets: Buckets = { size: 0, bounds: [], counts: [] }
  #histograms: readonly Histogram[] = []

  constructor(
    readonly site: CallSite,
    argument: number,
    readonly evaluate: (buckets: Buckets, moment: Moment) => number,
  ) {
    this.#inner = site.vector(argument)
  }

  vector(moment: Moment): Vector {
    const input = this.#inner.vector(moment)
    if (!this.#memo.unchanged(input)) this.#histograms = this.#gather(input)
    const buckets = this.#buckets
    const out = this.#out
    out.size = 0
    for (const { labels, indices, bounds } of this.#histograms) {
      buckets.size = indices.length
      for (let i = 0; i < indices.length; i++) {
        buckets.bounds[i] = bounds[i]!
        buckets.counts[i] = input.values[indices[i]!]!
      }
      out.push(labels, this.evaluate(buckets, moment))
    }
    out.refuseDuplicates(this.site.call)
    return out
  }

  /** Series that differ in `le` alone are one histogram; a series whose `le` is no number is none. */
  #gather({ size, labels }: Vector): Histogram[] {
    const withoutBound = this.site.store.labels.dropping(['le'])
    const found = new Map<Labels, { index: number; bound: number }[]>()
    for (let index = 0; index < size; index++) {
      const bound = parseFloatLikeGo(labels[index]!.get('le'))
      if (bound === undefined) continue
      const group = withoutBound.of(labels[index]!)
      const buckets = found.get(group)
      if (buckets === undefined) found.set(group, [{ index, bound }])
      else buckets.push({ index, bound })
    }
    return [...found].map(([group, buckets]) => {
      buckets.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0))
      return {
        labels: group.withoutName,
        indices: buckets.map(({ index }) => index),
        bounds: buckets.map(({ bound }) => bound),
      }
    })
  }
}
