// What counting a log comes to, and what counts it.
import type { SecondCounts } from './second-counts.js'

/** Which lines and samples count, by their seconds. */
export interface Span {
  readonly from: number
  /** The first that doesn't. */
  readonly until: number
}

export interface LogCounter {
  push(chunk: Uint8Array): void
  finish(): LogReading
}

export interface LogReading {
  readonly counts: SecondCounts
  /** Lines or samples that say how many requests there were, in the span or not. */
  readonly good: number
  readonly flawed: number
  /** The first few that don't. */
  readonly flaws: readonly PlacedFlaw[]
  /** The seconds that they all are between; NaN if there are none. */
  readonly first: number
  readonly last: number
  /** What lies in more hours than there is room for is left out. */
  readonly isFull: boolean
  /** Why these are hardly the values of a counter, where they are said to be. */
  readonly doubt?: string
}

export interface PlacedFlaw {
  /** From 1; 0 means the log as a whole. */
  readonly line: number
  readonly column: number
  readonly message: string
  /** The line, or as much of it as tells what it is. */
  readonly text: string
}
