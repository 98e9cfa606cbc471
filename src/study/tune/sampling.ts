// Where the search looks: all over the space, and around what was good.
import { Permutation } from '../../kernel/permutation.js'
import type { Stream, Tape } from '../../kernel/random.js'
import { asWritten, type Choices, keyOf, sensible } from './candidate.js'
import type { Space } from './space.js'

/**
 * A Latin hypercube: of so many samples each takes another part of every knob's values. In every second one most knobs
 * stay as they are written, because policies that people have thought about are seldom all wrong.
 */
export function sampled(space: Space, size: number, tape: Tape): readonly Choices[] {
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

/** How often a neighbour may turn out to be known, before the search goes on without it. */
const mostTries = 20

/** One or two knobs of one of the parents, the first parents the most often; none that has been tried before. */
export function neighbours(
  space: Space,
  parents: readonly Choices[],
  size: number,
  reach: number,
  seen: ReadonlySet<string>,
  stream: Stream,
): readonly Choices[] {
  const turnable = space.knobs.flatMap(({ values }, index) => (values.length > 1 ? [index] : []))
  const found = new Map<string, Choices>()
  for (let tries = 0; found.size < size && tries < size * mostTries; tries++) {
    const [parent, other] = [parents[tries % parents.length]!, parents[Math.floor(stream.uniform() * parents.length)]!]
    const choices = [...parent]
    const turns = stream.uniform() < 0.5 ? 1 : 2
    for (let turn = 0; turn < turns; turn++) {
      const knob = turnable[Math.floor(stream.uniform() * turnable.length)]!
      const { length } = space.knobs[knob]!.values
      const most = Math.max(1, Math.round(reach * length))
      const step = (1 + Math.floor(stream.uniform() * most)) * (stream.uniform() < 0.5 ? -1 : 1)
      // What was good elsewhere may be so here.
      const isTaken = stream.uniform() < 0.25 && other[knob] !== choices[knob]
      choices[knob] = isTaken ? other[knob]! : Math.min(length - 1, Math.max(0, choices[knob]! + step))
    }
    const sound = sensible(space, choices)
    if (sound && !seen.has(keyOf(sound))) found.set(keyOf(sound), sound)
  }
  return [...found.values()]
}
