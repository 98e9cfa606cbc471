// How long the pauses of a candidate are together, and the same ramp in another time.
import { type Choices, stagesOf } from './candidate.js'
import { shape } from './knob.js'
import type { Space } from './space.js'

interface Pause {
  /** Of its knob. */
  readonly index: number
  readonly values: readonly number[]
  /** As often as its stage comes. */
  readonly times: number
}

/** Of those that a release waits for: what is in a dropped step takes no time, in a doubled one twice as much. */
export function pausedSeconds(space: Space, choices: Choices): number {
  return secondsOf(pausesOf(space, choices), choices)
}

/**
 * Its pauses in the same proportion to each other, together as near to so long as their values come without being
 * longer: what they leave over, or take too much, the longest get or give first.
 */
export function paced(space: Space, choices: Choices, seconds: number): Choices {
  const pauses = turnableIn(space, choices)
  const fixed = pausedSeconds(space, choices) - secondsOf(pauses, choices)
  const factor = (seconds - fixed) / Math.max(1, secondsOf(pauses, choices))
  const turned = [...choices]
  for (const pause of pauses) turned[pause.index] = atMost(pause, lengthOf(pause, choices) * factor)
  const longestFirst = [...pauses].sort((one, other) => lengthOf(other, choices) - lengthOf(one, choices))
  return longestFirst.reduce((filled, pause) => withRest(space, filled, pause, seconds), turned as Choices)
}

/** One of its pauses is so much longer or shorter that all are so long together; whichever, from 0 to 1. */
export function traded(space: Space, choices: Choices, seconds: number, which: number): Choices {
  const pauses = turnableIn(space, choices)
  const pause = pauses[Math.floor(which * pauses.length)]
  return pause === undefined ? choices : withRest(space, choices, pause, seconds)
}

/** As long as the others leave room for. */
function withRest(space: Space, choices: Choices, pause: Pause, seconds: number): Choices {
  const rest = (seconds - pausedSeconds(space, choices)) / pause.times
  return choices.with(pause.index, atMost(pause, lengthOf(pause, choices) + rest))
}

/** Its shortest value, if all are longer. */
function atMost({ values }: Pause, seconds: number): number {
  return Math.max(
    0,
    values.findLastIndex((value) => value <= seconds),
  )
}

function turnableIn(space: Space, choices: Choices): readonly Pause[] {
  return pausesOf(space, choices).filter(({ values }) => values.length > 1)
}

function pausesOf(space: Space, choices: Choices): readonly Pause[] {
  const stages = stagesOf(space, choices)
  return space.knobs
    .flatMap(({ kind, name, values }, index) => {
      if (kind !== 'pauses') return []
      const step = Number(/\d+/.exec(name)?.[0])
      const stage = stages.find(({ first, end }) => first <= step && step < end)
      return { index, values, times: stage === undefined ? 1 : timesOf[stage.shape]! }
    })
    .filter(({ times }) => times > 0)
}

const timesOf: Readonly<Record<number, number>> = { [shape.dropped]: 0, [shape.kept]: 1, [shape.doubled]: 2 }

function secondsOf(pauses: readonly Pause[], choices: Choices): number {
  return pauses.reduce((sum, pause) => sum + pause.times * lengthOf(pause, choices), 0)
}

function lengthOf({ index, values }: Pause, choices: Choices): number {
  return values[choices[index]!]!
}
