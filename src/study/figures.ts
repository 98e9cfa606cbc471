// What is kept of each run: its numbers by the names that they have in a run's record.
import type { Outcome } from '../run/record.js'

/** Null in runs in which there is no such number: a release that nobody stopped has no detection time. */
const numberOf = {
  detectionMs: ({ detectionMs }) => detectionMs,
  timeToSafeMs: ({ timeToSafeMs }) => timeToSafeMs,
  /** Until everyone has the new version, or it is given up. */
  durationMs: ({ times }) => since(times.releasedMs, times.promotedMs ?? times.decidedMs),
  'blastRadius.requests.total': ({ blastRadius }) => blastRadius.requests.total,
  'blastRadius.requests.exposed': ({ blastRadius }) => blastRadius.requests.exposed,
  'blastRadius.requests.failed': ({ blastRadius }) => blastRadius.requests.failed,
  'blastRadius.requests.excess': ({ blastRadius }) => blastRadius.requests.excess,
  'blastRadius.users.total': ({ blastRadius }) => blastRadius.users.total,
  'blastRadius.users.exposed': ({ blastRadius }) => blastRadius.users.exposed,
  'blastRadius.users.harmed': ({ blastRadius }) => blastRadius.users.harmed,
  'blastRadius.userMinutes': ({ blastRadius }) => blastRadius.userMinutes,
  'blastRadius.budgetSpentPercent': ({ blastRadius }) => blastRadius.budgetSpentPercent,
  'blastRadius.peakWeightPercent': ({ blastRadius }) => blastRadius.peakWeightPercent,
  'times.onsetMs': ({ times }) => times.onsetMs,
  'times.firstExposedMs': ({ times }) => times.firstExposedMs,
  'times.firstObservableMs': ({ times }) => times.firstObservableMs,
  'times.firstFailedCheckMs': ({ times }) => times.firstFailedCheckMs,
  'times.decidedMs': ({ times }) => times.decidedMs,
  'times.safeMs': ({ times }) => times.safeMs,
  'times.promotedMs': ({ times }) => times.promotedMs,
} as const satisfies Record<string, (outcome: Outcome) => number | null>

export type Figure = keyof typeof numberOf

export const figures = Object.keys(numberOf) as readonly Figure[]

export function figureOf(figure: Figure, outcome: Outcome): number | null {
  return numberOf[figure](outcome)
}

function since(fromMs: number, toMs: number | null): number | null {
  return toMs === null ? null : toMs - fromMs
}
