// Ramps that somebody who knows the field would try: a search that begins with them is never worse than they are.
import { asWritten, type Choices, keyOf, sensible } from './candidate.js'
import type { Knob } from './knob.js'
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

/** Weights that grow by the same factor, in times of different length and form; none where there is no ramp to turn. */
export function seededRamps(space: Space): readonly Choices[] {
  const weights = turnable(space, 'weights')
  const pauses = turnable(space, 'pauses')
  if (weights.length + pauses.length === 0) return []
  const valueAt = (knob: Knob) => knob.values[knob.current]!
  const total = pauses.reduce((sum, index) => sum + valueAt(space.knobs[index]!), 0)
  const last = Math.max(...weights.map((index) => valueAt(space.knobs[index]!)))
  const found = new Map<string, Choices>()
  for (const first of firstWeights) {
    const grown = weights.map((_, step) => first * (last / first) ** (step / Math.max(1, weights.length - 1)))
    for (const length of lengths) {
      for (const form of forms) {
        const choices = [...asWritten(space)]
        for (const [step, index] of weights.entries()) choices[index] = nearest(space.knobs[index]!, grown[step]!)
        const parts = form(pauses.map((_, step) => grown[step] ?? last))
        for (const [step, index] of pauses.entries()) {
          choices[index] = nearest(space.knobs[index]!, total * length * parts[step]!)
        }
        const sound = sensible(space, choices)
        if (sound) found.set(keyOf(sound), sound)
      }
    }
  }
  return [...found.values()]
}

function turnable({ knobs }: Space, wanted: Knob['kind']): readonly number[] {
  return knobs.flatMap(({ kind, values }, index) => (kind === wanted && values.length > 1 ? [index] : []))
}

function nearest({ values }: Knob, wanted: number): number {
  const distance = (value: number) => Math.abs(value - wanted)
  return values.reduce((best, value, index) => (distance(value) < distance(values[best]!) ? index : best), 0)
}
