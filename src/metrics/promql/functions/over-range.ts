// What all functions of a range vector share: one result for each series that has samples in its window.

import type { Labels } from '../../labels.js'
import type { Annotations } from '../annotations.js'
import type { Call } from '../ast.js'
import { isSingleStep, type Moment, type RangeNode, type Run, type ScalarNode, type VectorNode } from '../plan.js'
import { Samples } from '../samples.js'
import { sameLabels, Vector } from '../vector.js'
import type { CallSite, Implementation } from './implementation.js'

/** Puts its result into the samples and returns whether there is one. `scalar` is the function's other argument. */
export type RangeFunction = (samples: Samples, scalar: number, moment: Moment) => boolean

export interface RangeOptions {
  /** Where the range vector and the scalar stand among the arguments. */
  readonly range: number
  readonly scalar: number | undefined
  /** The result is a sample of the metric itself, so it keeps the name. */
  readonly keepsName: boolean
  /** What a series that has a result gives occasion to remark. */
  readonly remark: (labels: Labels, annotations: Annotations, call: Call, scalar: number) => void
}

export function overRange(evaluate: RangeFunction, options: Partial<RangeOptions> = {}): Implementation {
  const { range = 0, scalar, keepsName = false, remark } = options
  return (site) => {
    const parameter = scalar === undefined ? undefined : site.scalar(scalar)
    return new RangeCall(site.call, site.range(range), parameter, evaluate, keepsName, remark)
  }
}

class RangeCall implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()
  readonly #samples = new Samples()
  readonly #owners = new Map<Labels, Labels>()
  /** By place among the series, which they keep for a run: who has claimed its labels already. */
  #claimed: Labels[] = []
  #run: Run | undefined

  constructor(
    readonly call: Call,
    readonly range: RangeNode,
    readonly parameter: ScalarNode | undefined,
    readonly evaluate: RangeFunction,
    readonly keepsName: boolean,
    readonly remark: RangeOptions['remark'] | undefined,
  ) {}

  vector(moment: Moment): Vector {
    const { range, evaluate, keepsName } = this
    const scalar = this.parameter === undefined ? 0 : this.parameter.scalar(moment)
    const out = this.#out
    const samples = this.#samples
    out.size = 0
    const { annotations } = moment.run
    const isSingle = isSingleStep(moment.run)
    const count = range.load(moment)
    for (let i = 0; i < count; i++) {
      range.fill(i, samples)
      if (samples.to <= samples.from || !evaluate(samples, scalar, moment)) continue
      const source = range.labels(i)
      if (annotations !== undefined) this.remark?.(source, annotations, this.call, scalar)
      const result = keepsName ? source : source.withoutName
      if (!isSingle) this.#claim(i, result, source, moment.run)
      out.push(result, samples.result)
    }
    out.refuseDuplicates(this.call)
    return out
  }

  /** Two series that become one by losing their names are refused even where they never meet at one step. */
  #claim(place: number, result: Labels, source: Labels, run: Run): void {
    if (this.#run !== run) {
      this.#owners.clear()
      this.#claimed = []
      this.#run = run
    }
    if (this.#claimed[place] === source) return
    this.#claimed[place] = source
    const owner = this.#owners.get(result)
    if (owner === undefined) this.#owners.set(result, source)
    else if (owner !== source) throw sameLabels(this.call)
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
