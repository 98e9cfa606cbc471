// Where the search looks first: all over the space.
import { Permutation } from '../../kernel/permutation.js'
import type { Tape } from '../../kernel/random.js'
import { asWritten, type Choices, sensible } from './candidate.js'
import type { Space } from './space.js'

/**
 * A Latin hypercube: of so many samples each takes another part of every knob's values. In every second one most knobs
 * stay as they are written, because policies that people have thought about are seldom all wrong.
 */
export function sampled(space: Space, size: number, tape: Tape): readonly Choices[] {
  if (size < 1) return []
  const written = asWritten(space)
  const columns = space.knobs.map(({ values }, index) => {
    const stream = tape.stream('tune sample', index)
    const order = new Permutation(size, stream)
    return Array.from({ length: size }, (_, sample) =>
      Math.floor(((order.at(sample) + stream.uniform()) / size) * values.length),
    )
  })
  const stream = tape.stream('tune keep')
  const samples: Choices[] = []
  for (let sample = 0; sample < size; sample++) {
    const keeps = sample % 2 === 0 ? 0 : mostKept
    const choices = columns.map((column, knob) => (stream.uniform() < keeps ? written[knob]! : column[sample]!))
    const sound = sensible(space, choices)
    if (sound) samples.push(sound)
  }
  return samples
}

const mostKept = 2 / 3

/** Some of them, whichever. */
export function someOf(all: readonly Choices[], most: number, tape: Tape): readonly Choices[] {
  if (all.length === 0) return []
  const order = new Permutation(all.length, tape.stream('tune seeds'))
  return Array.from({ length: Math.min(most, all.length) }, (_, place) => all[order.at(place)]!)
}
