// What all functions of a range vector share: one result for each series that has samples in its window.

import type { TextRange } from '../error.js'
import type { Moment, RangeNode, ScalarNode, VectorNode } from '../plan.js'
import { Samples } from '../samples.js'
import { Vector } from '../vector.js'
import type { CallSite, Implementation } from './implementation.js'

/** Puts its result into the samples and returns whether there is one. `scalar` is the function's other argument. */
export type RangeFunction = (samples: Samples, scalar: number, moment: Moment) => boolean

export interface RangeOptions {
  /** Where the range vector and the scalar stand among the arguments. */
  readonly range: number
  readonly scalar: number | undefined
  /** The result is a sample of the metric itself, so it keeps the name. */
  readonly keepsName: boolean
}

export function overRange(evaluate: RangeFunction, options: Partial<RangeOptions> = {}): Implementation {
  const { range = 0, scalar, keepsName = false } = options
  return (site) => {
    const parameter = scalar === undefined ? undefined : site.scalar(scalar)
    return new RangeCall(site.call, site.range(range), parameter, evaluate, keepsName)
  }
}

class RangeCall implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #samples = new Samples()

  constructor(
    readonly textRange: TextRange,
    readonly range: RangeNode,
    readonly parameter: ScalarNode | undefined,
    readonly evaluate: RangeFunction,
    readonly keepsName: boolean,
  ) {}

  vector(moment: Moment): Vector {
    const { range, evaluate, keepsName } = this
    const scalar = this.parameter === undefined ? 0 : this.parameter.scalar(moment)
    const out = this.#out
    const samples = this.#samples
    out.size = 0
    const count = range.load(moment)
    for (let i = 0; i < count; i++) {
      range.fill(i, samples)
      if (samples.to <= samples.from || !evaluate(samples, scalar, moment)) continue
      const labels = range.labels(i)
      out.push(keepsName ? labels : labels.withoutName, samples.result)
    }
    out.refuseDuplicates(this.textRange)
    return out
  }
}

/** How many of the series have samples in their windows. */
export function countFilled(site: CallSite, index: number): (moment: Moment) => number {
  const range = site.range(index)
  const samples = new Samples()
  return (moment) => {
    let filled = 0
    const count = range.load(moment)
    for (let i = 0; i < count; i++) {
      range.fill(i, samples)
      if (samples.to > samples.from) filled++
    }
    return filled
  }
}
