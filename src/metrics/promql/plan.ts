// The kinds of nodes a compiled query is made of, and the instants they are evaluated at.

import type { Labels } from '../labels.js'
import type { Annotations } from './annotations.js'
import type { Samples } from './samples.js'
import type { Vector } from './vector.js'
import type { Work } from './work.js'

/** The steps that an expression is evaluated at: those of the query, or of a subquery around it. */
export interface Run {
  readonly startMs: number
  readonly endMs: number
  readonly stepMs: number
  /** What `@ start()` and `@ end()` mean, in subqueries too. */
  readonly queryStartMs: number
  readonly queryEndMs: number
  /** Within the parameter of an aggregation `@ start()` and `@ end()` mean nothing, and no step is like another. */
  readonly isParameter: boolean
  /** By how much an evaluation misses what `@` says: see subquery.ts. */
  readonly anchorShiftMs: number
  /** Within a subquery with `@`, nothing later is fetched, though steps after it may be evaluated. */
  readonly fetchedUntilMs: number
  /** How old a sample an instant selector finds. */
  readonly lookbackMs: number
  readonly work: Work
  /** Where remarks go, if anybody wants to know. */
  readonly annotations: Annotations | undefined
}

/** One step of a run. What a node remembers of one run, it must not use in another. */
export interface Moment {
  readonly timeMs: number
  readonly run: Run
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

export function isSingleStep({ startMs, endMs }: Run): boolean {
  return startMs === endMs
}

/** The last step may come before the end. */
export function lastStepMs({ startMs, endMs, stepMs }: Run): number {
  return startMs + Math.floor((endMs - startMs) / stepMs) * stepMs
}
