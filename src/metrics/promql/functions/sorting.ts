// Order: sort, sort_desc.

import type { Labels } from '../../labels.js'
import { ascending, descending, type Ranked, sortReversed } from '../order.js'
import { isSingleStep } from '../plan.js'
import { Vector } from '../vector.js'
import type { Family, Implementation } from './implementation.js'

/** NaN sorts last in both, so each reverses the other's order. */
export const SORTING: Family = {
  sort: sorted(descending),
  sort_desc: sorted(ascending),
}

const INEFFECTIVE = 'sort is ineffective for range queries since results are always ordered by labels'

function sorted(reversedOrder: (a: number, b: number) => boolean): Implementation {
  return (site) => {
    const inner = site.vector(0)
    const out = new Vector()
    return {
      type: 'vector',
      vector(moment) {
        const { size, labels, values } = inner.vector(moment)
        if (!isSingleStep(moment.run)) moment.run.annotations?.warn(INEFFECTIVE, site.call, site.call)
        const items: Ranked<Labels>[] = []
        for (let i = 0; i < size; i++) items.push({ item: labels[i]!, value: values[i]! })
        sortReversed(items, reversedOrder)
        out.size = 0
        for (const { item, value } of items) out.push(item, value)
        return out
      },
    }
  }
}
