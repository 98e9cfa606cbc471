// The kinds of nodes a compiled query is made of, and the instant it is evaluated at.

import type { Labels } from '../labels.js'
import type { Samples } from './samples.js'
import type { Vector } from './vector.js'

/** When an expression is evaluated: the instant of this step, and the start and end of the whole query. */
export interface Moment {
  timeMs: number
  startMs: number
  endMs: number
  /** How old a sample an instant selector finds. */
  lookbackMs: number
}

export interface ScalarNode {
  readonly type: 'scalar'
  scalar(moment: Moment): number
}

/** The vector belongs to the node and holds until its next evaluation. */
export interface VectorNode {
  readonly type: 'vector'
  vector(moment: Moment): Vector
}

/** Several series over a time range, one window at a time. */
export interface RangeNode {
  readonly type: 'matrix'
  readonly rangeMs: number
  /** Prepares the windows of a moment and says how many series there are; some windows may be empty. */
  load(moment: Moment): number
  labels(index: number): Labels
  fill(index: number, samples: Samples): void
}

export type PlanNode = ScalarNode | VectorNode | RangeNode
