// A behaviour as the flow applies it: stretch by stretch, with everything that doesn't depend on chance worked out.
import type { Behaviour } from './behaviour.js'
import type { Objective } from './harm.js'
import type { Latency } from './latency/latency.js'
import { type LatencyClasses, latencyClasses } from './latency/latency-classes.js'

/** How a version answers from `startMs` until the next rule begins. */
export interface Rule {
  readonly startMs: number
  /** Of the answers that are given in time. */
  readonly errorRatio: number
  /** By code, such a part of the errors; undefined where all have the code ERROR. */
  readonly codeParts: ArrayLike<number> | undefined
  /** The error ratio moves: ask the behaviour. */
  readonly ramping: boolean
  /** Share of the requests that clients give up on. */
  readonly lateShare: number
  /** Of the requests that are let in, so many are worked on: what has been given up by then is not. */
  readonly workedShare: number
  /** Requests a second one pod can serve. */
  readonly capacityPerPod: number
  /** Share of successes slower than the objective. */
  readonly slowShare: number
  /** How long the work on a request takes, and the share of those that nobody is ever done with. */
  readonly service: Latency
  readonly hangShare: number
  /** How long the answers that are given in time take. */
  readonly latency: Latency
  /** The same as classes; undefined when nobody watches latency. */
  readonly law: LatencyClasses | undefined
}

/** The latency classes all cells are counted in. */
export interface Grid {
  /** Upper ends of all classes but the last, which has none; empty when nobody watches latency. */
  readonly boundsMs: Float64Array
  /** The first class that is slower than the objective; infinity without one. */
  readonly slowClass: number
  /** Whether the time taken is summed up, as histograms do. */
  readonly sums: boolean
}

/** The union of what queries look at and of the objective's latency. */
export function gridOf(latencyBoundsMs: readonly number[] | undefined, objective: Objective | undefined): Grid {
  const slowMs = objective?.latencyMs
  const bounds = new Set(latencyBoundsMs ?? [])
  if (slowMs !== undefined) bounds.add(slowMs)
  const boundsMs = Float64Array.from(bounds).sort()
  const slowClass = slowMs === undefined ? Number.POSITIVE_INFINITY : boundsMs.indexOf(slowMs) + 1
  return { boundsMs, slowClass, sums: latencyBoundsMs !== undefined }
}

/** The rules of a behaviour, each worked out when it is first asked for: behaviours that soon change need few of theirs. */
export class Rules {
  private readonly known: Rule[] = []

  constructor(
    private readonly behaviour: Behaviour,
    private readonly grid: Grid,
    private readonly objective: Objective | undefined,
  ) {}

  /** Infinity after the last one. */
  startMs(at: number): number {
    return this.behaviour.stretches[at]?.startMs ?? Number.POSITIVE_INFINITY
  }

  rule(at: number): Rule {
    this.known[at] ??= this.workedOut(at)
    return this.known[at]
  }

  private workedOut(at: number): Rule {
    const { behaviour, grid, objective } = this
    const { latency, ...stretch } = behaviour.stretches[at]!
    return {
      ...stretch,
      workedShare: 1,
      // What was worked out for one instant is overwritten for the next.
      codeParts: behaviour.codePartsAt(stretch.startMs)?.slice(),
      ...timesOf(latency, grid, objective),
    }
  }
}

/** What a rule says of how long answers take. */
export function timesOf(latency: Latency, grid: Grid, objective: Objective | undefined) {
  const isWatched = grid.sums || grid.boundsMs.length > 0
  return {
    latency,
    slowShare:
      objective?.latencyMs === undefined ? 0 : latency.shareBetween(objective.latencyMs, Number.POSITIVE_INFINITY),
    law: isWatched ? latencyClasses(latency, grid.boundsMs) : undefined,
  }
}
