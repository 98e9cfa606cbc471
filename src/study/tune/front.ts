// Which candidates are worth a look: those that no other one beats in everything, and among them the one from which more
// of one thing begins to cost much of another.
import type { Estimate } from '../study.js'
import { type Objective, objectives, type Score } from './score.js'

export interface Scored {
  readonly score: Score
  /** How many numbers a person would have to change. */
  readonly changes: number
}

/** Better for sure in something, and worse in nothing: chance alone makes no point disappear. */
export function clearlyDominates(one: Score, other: Score): boolean {
  if (comes(one) !== comes(other)) return comes(one)
  return (
    objectives.every((of) => one[of].value <= other[of].value) &&
    objectives.some((of) => clearlyLess(one[of], other[of]))
  )
}

/** Whoever gets no release is not harmed by it: policies that let none through are worse than all that do. */
function comes({ durationMs }: Score): boolean {
  return Number.isFinite(durationMs.value)
}

export function clearlyLess(one: Estimate, other: Estimate): boolean {
  if (one.value === other.value) return false
  // A median that all runs share has no width.
  return (one.high ?? Number.POSITIVE_INFINITY) < (other.low ?? Number.NEGATIVE_INFINITY)
}

/** By speed; of those that can't be told apart the one that changes least. */
export function frontOf<Point extends Scored>(points: readonly Point[]): readonly Point[] {
  const undominated = points.filter((point) => !points.some((other) => clearlyDominates(other.score, point.score)))
  const simplest = [...undominated].sort((one, other) => one.changes - other.changes || compare(one.score, other.score))
  const kept: Point[] = []
  for (const point of simplest) {
    const isNews = kept.every((other) => objectives.some((of) => clearlyLess(point.score[of], other.score[of])))
    if (isNews) kept.push(point)
  }
  return kept.sort((one, other) => compare(one.score, other.score))
}

function compare(one: Score, other: Score): number {
  return ascending(one.durationMs.value, other.durationMs.value) || one.harm.value - other.harm.value
}

function ascending(one: number, other: number): number {
  return one === other ? 0 : one - other
}

/**
 * The point that is nearest to the best of everything, each objective from 0 for the best of the front to 1 for the
 * worst. Undefined where there are no points.
 */
export function kneeOf<Point extends Scored>(front: readonly Point[]): Point | undefined {
  const ranges = objectives.map((of) => rangeOf(front, of))
  const distance = ({ score }: Point) =>
    objectives.reduce((sum, of, index) => sum + part(score[of].value, ranges[index]!) ** 2, 0)
  return [...front].sort((one, other) => distance(one) - distance(other))[0]
}

interface Range {
  readonly least: number
  readonly most: number
}

/** A minute, or a false abort in a hundred, is no reason to hurt many more; one in twenty is where `check` says no. */
const leastRange: Readonly<Record<Objective, number>> = { harm: 1, durationMs: 60_000, falseAborts: 0.05 }

function rangeOf(points: readonly Scored[], of: Objective): Range {
  const values = points.map(({ score }) => score[of].value).filter(Number.isFinite)
  const least = Math.min(...values)
  return { least, most: Math.max(least + leastRange[of], ...values) }
}

function part(value: number, { least, most }: Range): number {
  // Never is worse than whatever comes to its end.
  if (!Number.isFinite(value)) return Number.isFinite(least) ? 2 : 0
  return (value - least) / (most - least)
}

/**
 * The most promising first, by what was measured alone: those that keep to the budgets by how many layers of others are
 * before them, in each layer the loneliest first; then those that came to the same as one that changes less; then the others by how far they are from doing so. (K. Deb et al., A
 * fast and elitist multiobjective genetic algorithm: NSGA-II, 2002, with its constrained domination.)
 */
export function ranked<Point extends Scored>(points: readonly Point[]): readonly Point[] {
  const kept = points.filter(({ score }) => score.violation === 0)
  const feasible = withoutTwins(kept)
  const twins = kept.filter((point) => !feasible.includes(point))
  const others = points.filter(({ score }) => score.violation > 0)
  const ordered: Point[] = []
  let left = feasible
  while (left.length > 0) {
    const layer = left.filter((point) => !left.some((other) => dominates(other.score, point.score)))
    ordered.push(...loneliestFirst(layer))
    left = left.filter((point) => !layer.includes(point))
  }
  return [...ordered, ...twins, ...others.sort((one, other) => one.score.violation - other.score.violation)]
}

/** Of those that came to exactly the same the one that changes least. */
function withoutTwins<Point extends Scored>(points: readonly Point[]): readonly Point[] {
  const simplest = new Map<string, Point>()
  for (const point of points) {
    const key = objectives.map((of) => point.score[of].value).join(' ')
    const twin = simplest.get(key)
    if (twin === undefined || point.changes < twin.changes) simplest.set(key, point)
  }
  return [...simplest.values()]
}

export function dominates(one: Score, other: Score): boolean {
  if (comes(one) !== comes(other)) return comes(one)
  return (
    objectives.every((of) => one[of].value <= other[of].value) &&
    objectives.some((of) => one[of].value < other[of].value)
  )
}

/** By the distance between their neighbours; those at the ends first. */
function loneliestFirst<Point extends Scored>(layer: readonly Point[]): readonly Point[] {
  const room = new Map<Point, number>(layer.map((point) => [point, 0]))
  for (const of of objectives) {
    const sorted = [...layer].sort((one, other) => ascending(one.score[of].value, other.score[of].value))
    const range = rangeOf(layer, of)
    for (const [index, point] of sorted.entries()) {
      const [before, after] = [sorted[index - 1], sorted[index + 1]]
      const isEnd = before === undefined || after === undefined
      const gap = isEnd
        ? Number.POSITIVE_INFINITY
        : part(after.score[of].value, range) - part(before.score[of].value, range)
      room.set(point, room.get(point)! + gap)
    }
  }
  return [...layer].sort((one, other) => ascending(room.get(other)!, room.get(one)!))
}
