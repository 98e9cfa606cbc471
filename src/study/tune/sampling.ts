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

/** How often a neighbour may turn out to be known, before the search goes on without it. */
const mostTries = 20

/** Some of them, whichever. */
export function someOf(all: readonly Choices[], most: number, tape: Tape): readonly Choices[] {
  if (all.length === 0) return []
  const order = new Permutation(all.length, tape.stream('tune seeds'))
  return Array.from({ length: Math.min(most, all.length) }, (_, place) => all[order.at(place)]!)
}

/**
 * One or two knobs of one of the parents, or all of a kind by as much, the first parents the most often; none that has
 * been tried before.
 */
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
    const [one, another] = [any(turnable, stream), any(turnable, stream)]
    const how = stream.uniform()
    const kind = turnable.filter((knob) => space.knobs[knob]!.kind === space.knobs[one]!.kind)
    const isKind = how < 0.25 && kind.length > 1
    const direction = stream.uniform() < 0.5 ? -1 : 1
    for (const knob of isKind ? kind : how < 0.6 ? [one] : [one, another]) {
      const { length } = space.knobs[knob]!.values
      const most = Math.max(1, Math.round(reach * length))
      const size = 1 + Math.floor(stream.uniform() * most)
      const step = isKind || stream.uniform() < 0.5 ? direction * size : -direction * size
      // What was good elsewhere may be so here.
      const isTaken = !isKind && stream.uniform() < 0.25 && other[knob] !== choices[knob]
      choices[knob] = isTaken ? other[knob]! : Math.min(length - 1, Math.max(0, choices[knob]! + step))
    }
    const sound = sensible(space, choices)
    if (sound && !seen.has(keyOf(sound))) found.set(keyOf(sound), sound)
  }
  return [...found.values()]
}

function any<Item>(items: readonly Item[], stream: Stream): Item {
  return items[Math.floor(stream.uniform() * items.length)]!
}
