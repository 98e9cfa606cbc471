// Between scalars and vectors, and the scalars that need no argument: vector, scalar, time, pi, timestamp.

import { withoutParens } from '../ast.js'
import type { Moment, ScalarNode, VectorNode } from '../plan.js'
import { InstantSelector } from '../selection.js'
import { Vector } from '../vector.js'
import type { CallSite, Family } from './implementation.js'

export const CONVERSION: Family = {
  vector: (site) => {
    const inner = site.scalar(0)
    const out = new Vector()
    return {
      type: 'vector',
      vector(moment) {
        out.size = 0
        out.push(site.store.labels.empty, inner.scalar(moment))
        return out
      },
    }
  },
  scalar: (site) => {
    const inner = site.vector(0)
    return scalarOf((moment) => {
      const { size, values } = inner.vector(moment)
      return size === 1 ? values[0]! : Number.NaN
    })
  },
  time: () => scalarOf(({ timeMs }) => timeMs / 1000),
  pi: () => scalarOf(() => Math.PI),
  timestamp,
}

function scalarOf(scalar: (moment: Moment) => number): ScalarNode {
  return { type: 'scalar', scalar }
}

/** Of a selector, when each sample was taken; of anything else, now. */
function timestamp(site: CallSite): VectorNode {
  const argument = withoutParens(site.call.args[0]!)
  if (argument.kind === 'selector') return new InstantSelector(site.store, argument, true)
  const inner = site.vector(0)
  const out = new Vector()
  return {
    type: 'vector',
    vector(moment) {
      const input = inner.vector(moment)
      out.size = 0
      for (let i = 0; i < input.size; i++) out.push(input.labels[i]!.withoutName, moment.timeMs / 1000)
      out.refuseDuplicates(site.call)
      return out
    },
  }
}
