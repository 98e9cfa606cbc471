// What turns requests into counted answers, at either fidelity: as the rest of a flight sees it.
import type { Tape } from '../kernel/random.js'
import type { Cells } from './cells.js'
import type { Harm } from './harm.js'
import type { Traffic } from './traffic.js'

/** Pods of a version that are in the same condition. */
export interface PodGroup {
  readonly condition: number
  readonly podNumbers: ArrayLike<number>
}

export interface Answers {
  /** The counters, for whoever scrapes them. */
  readonly cells: Cells
  /** That of the flight. */
  readonly traffic: Traffic
  /** Flies the same plan from the start with another tape. */
  reset(tape: Tape): void
  /**
   * From this instant on the router gives versions these shares of the requests: at `strand * versions + version`, and
   * those of a strand add up to 1. So many of their pods are sent requests, each an equal part. Before the first split
   * stable serves everything. Where pods shall be told apart, `podNumbers` lists those of each version by a number that
   * is theirs for life; where not all of them are in the same condition, `groups` lists them once more by theirs.
   */
  split(
    timeMs: number,
    shares: ArrayLike<number>,
    pods: ArrayLike<number>,
    podNumbers?: ArrayLike<ArrayLike<number>>,
    groups?: readonly (readonly PodGroup[])[],
  ): void
  /** From this instant on stable would have so many pods if nothing were released. */
  resize(timeMs: number, stablePods: number): void
  /** From this instant on versions answer otherwise, in the way that `act` brings about. */
  turn(timeMs: number, act: () => void): void
  /** A look: afterwards the counters of the watched versions are what they are at this instant. */
  draw(timeMs: number): void
  /** A look at one pod alone: afterwards its counters, and perhaps others, are what they are at this instant. */
  drawPod(timeMs: number, version: number, pod: number): void
  /** Whether a request has met a version that was worse than it should be by now, whoever looks at that version. */
  hasExposed(timeMs: number): boolean
  /** How many requests have been served until now, of each strand by each version such a part; on average, if that is known. */
  served(timeMs: number, partOf: (version: number, strand: number) => number): number
  /** The end of the flight: what harm was done. All counters are up to date then. */
  finish(timeMs: number): Harm
}
