// Functions of classic histograms: histogram_quantile, histogram_fraction. Native histograms are not simulated.

import { parseFloatText } from '../../float-literal.js'
import type { Labels } from '../../labels.js'
import type { Annotations } from '../annotations.js'
import type { Expression } from '../ast.js'
import type { Moment, VectorNode } from '../plan.js'
import { SeriesMemo, Vector } from '../vector.js'
import { type Buckets, fractionOfBuckets, quantileOfBuckets } from './buckets.js'
import type { CallSite, Family, Implementation } from './implementation.js'

export const HISTOGRAM: Family = {
  histogram_quantile: (site) => {
    const quantile = site.scalar(0)
    const [parameter, vector] = site.call.args as [Expression, Expression]
    return new HistogramCall(site, 1, (moment) => {
      const { annotations } = moment.run
      const q = quantile.scalar(moment)
      annotations?.checkQuantile(q, site.call, parameter)
      return (buckets) => {
        const value = quantileOfBuckets(q, buckets)
        if (buckets.repair !== undefined) annotations?.repaired(buckets.repair, moment.timeMs, site.call, vector)
        return value
      }
    })
  },
  histogram_fraction: (site) => {
    const bounds = [site.scalar(0), site.scalar(1)] as const
    return new HistogramCall(site, 2, (moment) => {
      const [lower, upper] = [bounds[0].scalar(moment), bounds[1].scalar(moment)]
      return (buckets) => fractionOfBuckets(lower, upper, buckets)
    })
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
  readonly #buckets: Buckets = { size: 0, bounds: [], counts: [], repair: undefined }
  #histograms: readonly Histogram[] = []
  /** What stands in place of bounds in series that are no buckets. */
  #malformed: string[] = []

  constructor(
    readonly site: CallSite,
    readonly argument: number,
    readonly prepare: (moment: Moment) => (buckets: Buckets) => number,
  ) {
    this.#inner = site.vector(argument)
  }

  vector(moment: Moment): Vector {
    const input = this.#inner.vector(moment)
    if (!this.#memo.unchanged(input)) this.#histograms = this.#gather(input)
    const evaluate = this.prepare(moment)
    if (moment.run.annotations !== undefined) this.#remark(moment.run.annotations)
    const buckets = this.#buckets
    const out = this.#out
    out.size = 0
    for (const { labels, indices, bounds } of this.#histograms) {
      buckets.size = indices.length
      buckets.repair = undefined
      for (let i = 0; i < indices.length; i++) {
        buckets.bounds[i] = bounds[i]!
        buckets.counts[i] = input.values[indices[i]!]!
      }
      out.push(labels, evaluate(buckets))
    }
    out.refuseDuplicates(this.site.call)
    return out
  }

  #remark(annotations: Annotations): void {
    for (const text of this.#malformed) {
      const message = `bucket label "le" is missing or has a malformed value of ${JSON.stringify(text)}`
      annotations.warn(message, this.site.call, this.site.call.args[this.argument]!)
    }
  }

  /** Series that differ in `le` alone are one histogram; a series whose `le` is no number is none. */
  #gather({ size, labels }: Vector): Histogram[] {
    const withoutBound = this.site.store.labels.dropping(['le'])
    const found = new Map<Labels, { index: number; bound: number }[]>()
    this.#malformed = []
    for (let index = 0; index < size; index++) {
      const text = labels[index]!.get('le')
      const bound = parseFloatText(text)
      if (typeof bound === 'string') {
        this.#malformed.push(text)
        continue
      }
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
