// How much of something that comes and goes is there over time: from nothing to all of it, in straight lines.
import type { FaultTimes } from '../scenario/faults.js'

export interface Course {
  /** The first instant at which there is any of it. */
  readonly onsetMs: number
  /** The first instant at which it is over for good; infinity if it never ends by itself. */
  readonly endMs: number
  /** Each time, it grows in a straight line from nothing to its full size over this long; 0 for at once. */
  readonly rampMs: number
  /** It comes again and again until a finite end: so long after the last onset, for so long each time. */
  readonly recurrence?: Recurrence
  /** In place of a ramp: how much there is from each of these instants on, counted from the onset of that time. */
  readonly steps?: readonly Step[]
}

interface Recurrence {
  readonly everyMs: number
  readonly forMs: number
}

interface Step {
  readonly atMs: number
  readonly ratio: number
}

/** A time at which it is there: the end is no part of it. */
export interface Strike {
  readonly onsetMs: number
  readonly endMs: number
}

/** That of something that waits for what may never come. */
export const never: Course = {
  onsetMs: Number.POSITIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
  rampMs: 0,
}

/** Counted from zero, where the onset counts from; what comes again does so for as long as anybody flies. */
export function courseOf({ onsetMs, forMs, everyMs, rampMs, steps }: FaultTimes, horizonMs: number): Course {
  const lastsMs = forMs ?? (everyMs === undefined ? Number.POSITIVE_INFINITY : 0)
  const course = { onsetMs, endMs: onsetMs + lastsMs, rampMs, ...(steps ? { steps } : {}) }
  if (everyMs === undefined) return course
  return { ...course, endMs: Math.max(onsetMs, horizonMs), recurrence: { everyMs, forMs: lastsMs } }
}

/** The same course, so much later: from where its onset counts from. */
export function later(course: Course, byMs: number): Course {
  return { ...course, onsetMs: course.onsetMs + byMs, endMs: course.endMs + byMs }
}

/** How much of it is there at an instant: 0 before its onset and from its end on, 1 at full size. */
export function growthAt(course: Course, timeMs: number): number {
  const { onsetMs, endMs, rampMs, recurrence, steps } = course
  if (timeMs < onsetMs || timeMs >= endMs) return 0
  const sinceMs = recurrence ? (timeMs - onsetMs) % recurrence.everyMs : timeMs - onsetMs
  if (recurrence && sinceMs >= recurrence.forMs) return 0
  if (steps) return steps.findLast(({ atMs }) => atMs <= sinceMs)?.ratio ?? 0
  return rampMs > 0 ? Math.min(1, sinceMs / rampMs) : 1
}

/** Whether it is growing at an instant; otherwise it stays as it is until the next change. */
export function isGrowingAt({ onsetMs, endMs, rampMs, recurrence }: Course, timeMs: number): boolean {
  if (timeMs < onsetMs || timeMs >= endMs) return false
  const sinceMs = recurrence ? (timeMs - onsetMs) % recurrence.everyMs : timeMs - onsetMs
  return sinceMs < rampMs && (recurrence === undefined || sinceMs < recurrence.forMs)
}

/** All times at which it is there, in order. */
export function strikesOf({ onsetMs, endMs, recurrence }: Course): readonly Strike[] {
  if (onsetMs === Number.POSITIVE_INFINITY) return []
  if (!recurrence) return [{ onsetMs, endMs }]
  const strikes: Strike[] = []
  for (let count = 0; onsetMs + count * recurrence.everyMs < endMs; count++) {
    const atMs = onsetMs + count * recurrence.everyMs
    strikes.push({ onsetMs: atMs, endMs: Math.min(endMs, atMs + recurrence.forMs) })
  }
  return strikes
}

/** The instants at which its formula changes, in order: in between it is constant or a straight line. */
export function changesOf(course: Course): readonly number[] {
  const { rampMs, steps } = course
  const inside = steps ? steps.map(({ atMs }) => atMs) : rampMs > 0 ? [rampMs] : []
  const changesMs = strikesOf(course).flatMap(({ onsetMs, endMs }) => {
    const within = inside.map((sinceMs) => onsetMs + sinceMs).filter((atMs) => atMs < endMs)
    return [onsetMs, ...within, endMs]
  })
  return [...new Set(changesMs)].filter((atMs) => atMs < Number.POSITIVE_INFINITY).sort((one, other) => one - other)
}
