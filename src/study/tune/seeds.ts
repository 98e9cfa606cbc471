// Ramps that somebody who knows the field would try: a search that begins with them is never worse than they are.
import { asWritten, type Choices, keyOf, sensible } from './candidate.js'
import { type Knob, shape } from './knob.js'
import { paced, pausedSeconds } from './pace.js'
import type { Space } from './space.js'

/** What part of the time each weight has. */
const forms: readonly ((weights: readonly number[]) => readonly number[])[] = [
  (weights) => weights.map(() => 1 / weights.length),
  // As many requests of the canary at each.
  (weights) => weights.map((weight) => 1 / weight / weights.reduce((sum, each) => sum + 1 / each, 0)),
  // Whoever is to be found is found at the first.
  (weights) => weights.map((_, index) => (index === 0 ? 0.8 : 0.2 / (weights.length - 1 || 1))),
]

const firstWeights = [1, 3, 10]
/** Beside how long the pauses are together as they are written. */
const lengths = [1 / 4, 1, 4]

/**
 * Weights that grow by the same factor, in times of different length and form, or one weight for all of the time; with
 * analyses as they are written, or hasty ones. None where there is no ramp to turn.
 */
export function seededRamps(space: Space): readonly Choices[] {
  if (turnable(space, 'weights').length + turnable(space, 'pauses').length === 0) return []
  const seconds = pausedSeconds(space, asWritten(space))
  const found = new Map<string, Choices>()
  for (const first of firstWeights) {
    const ramps = [...forms.map((form) => growing(space, first, form)), alone(space, first)]
    for (const length of lengths) {
      for (const ramp of ramps) {
        const sound = ramp && sensible(space, paced(space, ramp, seconds * length))
        if (!sound) continue
        for (const choices of [sound, hasty(space, sound)]) found.set(keyOf(choices), choices)
      }
    }
  }
  return [...found.values()]
}

function growing(space: Space, first: number, form: (typeof forms)[number]): Choices {
  const [weights, pauses] = [turnable(space, 'weights'), turnable(space, 'pauses')]
  const valueAt = (index: number) => space.knobs[index]!.values[space.knobs[index]!.current]!
  const last = Math.max(...weights.map(valueAt))
  const grown = weights.map((_, step) => first * (last / first) ** (step / Math.max(1, weights.length - 1)))
  const total = pauses.reduce((sum, index) => sum + valueAt(index), 0)
  const parts = form(pauses.map((_, step) => grown[step] ?? last))
  const choices = [...asWritten(space)]
  for (const [step, index] of weights.entries()) choices[index] = nearest(space.knobs[index]!, grown[step]!)
  for (const [step, index] of pauses.entries()) choices[index] = nearest(space.knobs[index]!, total * parts[step]!)
  return choices
}

/** The first of all weights and then everyone; undefined where another step has to stay. */
function alone(space: Space, weight: number): Choices | undefined {
  const [first, ...others] = space.ramp?.stages ?? []
  const choices = [...asWritten(space)]
  const indexOf = (name: string) => space.knobs.findIndex((knob) => knob.name === name)
  for (const { first: step } of others) {
    const index = indexOf(`steps[${step}]`)
    const dropped = space.knobs[index]?.values.indexOf(shape.dropped) ?? -1
    if (dropped < 0) return undefined
    choices[index] = dropped
  }
  const index = indexOf(`steps[${first?.first}].setWeight`)
  if (index >= 0) choices[index] = nearest(space.knobs[index]!, weight)
  return choices
}

/** Asked as often as it says something new, about the last minute. */
function hasty({ knobs }: Space, choices: Choices): Choices {
  return knobs.map((knob, index) => {
    const seconds = hastySeconds[knob.kind]
    return seconds === undefined ? choices[index]! : nearest(knob, seconds)
  })
}

const hastySeconds: Readonly<Partial<Record<Knob['kind'], number>>> = { intervals: 15, delays: 30, windows: 60 }

function turnable({ knobs }: Space, wanted: Knob['kind']): readonly number[] {
  return knobs.flatMap(({ kind, values }, index) => (kind === wanted && values.length > 1 ? [index] : []))
}

function nearest({ values }: Knob, wanted: number): number {
  const distance = (value: number) => Math.abs(value - wanted)
  return values.reduce((best, value, index) => (distance(value) < distance(values[best]!) ? index : best), 0)
}
