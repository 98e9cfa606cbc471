// What is kept of one flight: its outcome in the words of the design, and the timeline of what happened.
import type { Verdict } from '../scenario/budget.js'
import type { Fidelity } from '../scenario/fidelity.js'
import type { TimelineEntry } from './timeline.js'

export const runSchema = 'coalmine.run/v1'

/** Milliseconds since the start of the scenario; null for what didn't happen. */
export interface Times {
  readonly releasedMs: number
  /** The first instant at which a fault, or the lack of pods that a release brings, could change what a user gets. */
  readonly onsetMs: number | null
  /** The first request that reached pods while these were worse than stable at full strength. */
  readonly firstExposedMs: number | null
  /** The first scrape that could show it. */
  readonly firstObservableMs: number | null
  /** The first measurement after the onset that was Failed or Error. */
  readonly firstFailedCheckMs: number | null
  /** The policy committed to stopping the release. */
  readonly decidedMs: number | null
  /** No request reached the bad version any more. */
  readonly safeMs: number | null
  readonly promotedMs: number | null
  readonly endMs: number
}

export interface BlastRadius {
  readonly requests: {
    readonly total: number
    /** Reached a version while that was worse than stable at full strength: a bad canary, or stable short of pods. */
    readonly exposed: number
    /** Got an error, on any version. */
    readonly failed: number
    /** Got a worse answer than stable would have given. */
    readonly excess: number
  }
  readonly users: { readonly total: number; readonly exposed: number; readonly harmed: number }
  readonly userMinutes: number
  readonly budgetSpentPercent: number
  readonly peakWeightPercent: number
}

export interface Outcome {
  readonly verdict: Verdict
  /** Promoted to everyone with the fault in it. */
  readonly missed: boolean
  /** Stopped although the canary was no worse than stable. */
  readonly falseAbort: boolean
  /** decided − onset. */
  readonly detectionMs: number | null
  /** safe − onset. */
  readonly timeToSafeMs: number | null
  readonly blastRadius: BlastRadius
  readonly times: Times
}

export interface RunRecord extends Outcome {
  readonly schema: typeof runSchema
  readonly scenario: string
  readonly seed: number
  /** Whether requests were counted as a flow or flown one by one. */
  readonly fidelity: Fidelity
  readonly timeline: readonly TimelineEntry[]
}

/** One flight by itself, as it is printed: with what says which flight it was, and what it is for. */
export interface StoredRun extends RunRecord {
  /** Of coalmine: another one may fly another way. */
  readonly version: string
  readonly teaches: string
}

export function storedRun({ schema, scenario, ...record }: RunRecord, version: string, teaches: string): StoredRun {
  return { schema, version, scenario, teaches, ...record }
}
