// Functions of one number, applied to each sample: abs, ceil, exp, clamp, round, sin and their like.

import type { TextRange } from '../error.js'
import { larger, smaller } from '../extremes.js'
import type { Moment, ScalarNode, VectorNode } from '../plan.js'
import { Vector } from '../vector.js'
import type { Family, Implementation } from './implementation.js'

type Compute = (value: number, a: number, b: number) => number

export const ELEMENTWISE: Family = {
  abs: each(Math.abs),
  ceil: each(Math.ceil),
  floor: each(Math.floor),
  exp: each(Math.exp),
  sqrt: each(Math.sqrt),
  ln: each(Math.log),
  log2: each(Math.log2),
  log10: each(Math.log10),
  sgn: each((value) => (value > 0 ? 1 : value < 0 ? -1 : value)),
  sin: each(Math.sin),
  cos: each(Math.cos),
  tan: each(Math.tan),
  asin: each(Math.asin),
  acos: each(Math.acos),
  atan: each(Math.atan),
  sinh: each((value) => (isFar(value) ? Math.sign(value) * farHyperbolic(value) : Math.sinh(value))),
  cosh: each((value) => (isFar(value) ? farHyperbolic(value) : Math.cosh(value))),
  tanh: each(Math.tanh),
  asinh: each(Math.asinh),
  acosh: each(Math.acosh),
  atanh: each(Math.atanh),
  deg: each((radians) => (radians * 180) / Math.PI),
  rad: each((degrees) => (degrees * Math.PI) / 180),
  // Ties go up; the inverse loses less than a division by a fraction would.
  round: each((value, nearest) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest)),
  clamp: each(
    (value, least, most) => larger(least, smaller(most, value)),
    (least, most) => most < least,
  ),
  clamp_min: each((value, least) => larger(least, value)),
  clamp_max: each((value, most) => smaller(most, value)),
}

/** From 21 on, Go takes half of e^|x|, which is infinite a little early. */
const isFar = (value: number) => Math.abs(value) > 21
const farHyperbolic = (value: number) => Math.exp(Math.abs(value)) / 2

/** `isEmpty` says for which parameters there is no result at all. A parameter left out is 1 (only round has one). */
function each(compute: Compute, isEmpty: (a: number, b: number) => boolean = () => false): Implementation {
  return (site) => {
    const parameters = site.call.args.slice(1).map((_, index) => site.scalar(index + 1))
    return new Elementwise(site.call, site.vector(0), parameters, compute, isEmpty)
  }
}

class Elementwise implements VectorNode {
  readonly type = 'vector'
  readonly #out = new Vector()

  constructor(
    readonly range: TextRange,
    readonly inner: VectorNode,
    readonly parameters: readonly ScalarNode[],
    readonly compute: Compute,
    readonly isEmpty: (a: number, b: number) => boolean,
  ) {}

  vector(moment: Moment): Vector {
    const input = this.inner.vector(moment)
    const a = this.parameters[0]?.scalar(moment) ?? 1
    const b = this.parameters[1]?.scalar(moment) ?? 1
    const out = this.#out
    out.size = 0
    if (this.isEmpty(a, b)) return out
    for (let i = 0; i < input.size; i++) {
      out.push(input.labels[i]!.withoutName, this.compute(input.values[i]!, a, b))
    }
    out.refuseDuplicates(this.range)
    return out
  }
}
