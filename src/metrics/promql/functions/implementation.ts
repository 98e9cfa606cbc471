// How a function of PromQL is given: something that makes its node from those of its arguments.

import type { Store } from '../../store.js'
import type { Call } from '../ast.js'
import type { PlanNode, RangeNode, ScalarNode, VectorNode } from '../plan.js'

export interface CallSite {
  readonly call: Call
  readonly store: Store
  /** Nodes of the arguments, by index; strings have none. The types were checked. */
  vector(index: number): VectorNode
  scalar(index: number): ScalarNode
  range(index: number): RangeNode
  string(index: number): string
}

export type Implementation = (site: CallSite) => PlanNode

/** A family of functions, by name. */
export type Family = Readonly<Record<string, Implementation>>
