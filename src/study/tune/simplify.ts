// Takes back what makes no difference: a person who reads a change should find that it matters.
import { type Choices, keyOf, sensible } from './candidate.js'
import { clearlyLess, frontOf, type Scored } from './front.js'
import { objectives, type Score } from './score.js'
import type { Space } from './space.js'

interface Point extends Scored {
  readonly choices: Choices
  readonly runs: number
}

/** The points of the front with one change taken back each, by turns. */
export function reverted(space: Space, pool: readonly Point[]): readonly Choices[] {
  const each = points(pool).map(({ choices }) => [...withOneBack(space, choices).values()])
  const longest = Math.max(0, ...each.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) =>
    each.flatMap((variants) => variants.slice(index, index + 1)),
  ).flat()
}

/** The points of the front with all of the changes taken back that none of them is worse without. */
export function simplified(space: Space, pool: readonly Point[]): readonly Choices[] {
  const known = new Map(pool.map((point) => [keyOf(point.choices), point]))
  return points(pool).flatMap((point) => {
    const choices = [...point.choices]
    for (const [knob, variant] of withOneBack(space, point.choices)) {
      const score = known.get(keyOf(variant))?.score
      if (score && isNoWorse(score, point.score)) choices[knob] = space.knobs[knob]!.current
    }
    const sound = sensible(space, choices)
    return sound ? [sound] : []
  })
}

/** Of those that were flown the most. */
function points(pool: readonly Point[]): readonly Point[] {
  const most = Math.max(...pool.map(({ runs }) => runs))
  return frontOf(pool.filter(({ runs, score }) => runs === most && score.violation === 0))
}

/** By the knob. */
function withOneBack({ knobs, ...space }: Space, choices: Choices): ReadonlyMap<number, Choices> {
  const variants = new Map<number, Choices>()
  for (const [knob, { current }] of knobs.entries()) {
    if (choices[knob] === current) continue
    const back = sensible({ knobs, ...space }, choices.with(knob, current))
    if (back && keyOf(back) !== keyOf(choices)) variants.set(knob, back)
  }
  return variants
}

function isNoWorse(score: Score, than: Score): boolean {
  return score.violation === 0 && objectives.every((of) => !clearlyLess(than[of], score[of]))
}
