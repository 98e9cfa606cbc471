// What makes traffic rise and fall without chance: the hours of the day, the days of the week, crowds, and faults.
import { cosineOfTurns } from '../kernel/cosine.js'
import { exp, log } from '../kernel/elementary.js'
import type { Crowd, Week } from '../scenario/traffic.js'
import { type Course, changesOf, growthAt } from './course.js'
import { Polyline, type PolylinePoint } from './polyline.js'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** With knots so far apart chords are within a two-thousandth of the cosine's height. */
const knotMs = hourMs / 4

/** Over this time around midnight one day's part of the week goes over into the next one's. */
const turnMs = 4 * hourMs

/** A cosine over the day whose crest is 1, times the part that the day has. */
export function weekFactor({ lowRatio, peakMs, dayRatios }: Week, startsAtMs: number, durationMs: number): Polyline {
  const points: PolylinePoint[] = []
  // Knots lie at whole quarters of the clock, so that a scenario that starts later sees the same curve.
  for (let clockMs = Math.floor(startsAtMs / knotMs) * knotMs; ; clockMs += knotMs) {
    const swing = (1 + cosineOfTurns((clockMs - peakMs) / dayMs)) / 2
    const value = dayRatioAt(clockMs, dayRatios) * (lowRatio + (1 - lowRatio) * swing)
    points.push({ atMs: clockMs - startsAtMs, value })
    if (clockMs >= startsAtMs + durationMs) return Polyline.through(points)
  }
}

/** The first of January 1970 was a Thursday. */
function dayRatioAt(clockMs: number, dayRatios: readonly number[]): number {
  const turnEnds = clockMs + turnMs / 2
  const day = Math.floor(turnEnds / dayMs) + 4
  const ratio = dayRatios[day % 7]!
  const before = dayRatios[(day + 6) % 7]!
  const turned = Math.min(1, (turnEnds % dayMs) / turnMs)
  return before + (ratio - before) * turned
}

/** A straight way up, a plateau, and an exponential way down in a few chords. */
export function crowdFactor({ atMs, factor, riseMs, holdMs, fallMs, untilMs }: Crowd): Polyline {
  const topMs = atMs + riseMs
  const fallsMs = topMs + holdMs
  const points: PolylinePoint[] = [
    { atMs, value: 1 },
    { atMs: topMs, value: factor },
  ]
  for (let chord = 0; chord < FALL_CHORDS; chord++) {
    const part = chord / FALL_CHORDS
    points.push({ atMs: fallsMs + fallMs * part, value: 1 + (factor - 1) * leftAfter(part) })
  }
  points.push({ atMs: untilMs, value: 1 })
  return Polyline.through(points)
}

/** Between two changes of its course a straight line, whose end is as far from its middle as its start is. */
export function faultFactor(course: Course, factor: number): Polyline {
  const changesMs = changesOf(course)
  const value = (growth: number) => 1 + (factor - 1) * growth
  const points = changesMs.flatMap((atMs, index): PolylinePoint[] => {
    const start = { atMs, value: value(growthAt(course, atMs)) }
    const untilMs = changesMs[index + 1]
    if (untilMs === undefined) return [start]
    const end = 2 * growthAt(course, (atMs + untilMs) / 2) - growthAt(course, atMs)
    return [start, { atMs: untilMs, value: value(end) }]
  })
  return Polyline.through([{ atMs: changesMs[0] ?? 0, value: 1 }, ...points])
}

const FALL_CHORDS = 16
const LEFT_AT_END = 0.01

/** What is left of a crowd: a tenth at half time, a hundredth at the end, which is then taken away everywhere. */
function leftAfter(part: number): number {
  return (exp(part * log(LEFT_AT_END)) - LEFT_AT_END) / (1 - LEFT_AT_END)
}
