// What is tried around what was good: other numbers, time that goes from one step to another, the ramp of one with the
// analyses of another.
import type { Stream } from '../../kernel/random.js'
import { type Choices, keyOf, sensible, stagesOf } from './candidate.js'
import { type Knob, shape } from './knob.js'
import { paced, pausedSeconds, traded } from './pace.js'
import type { Space } from './space.js'

/** How often a neighbour may turn out to be known, before the search goes on without it. */
const mostTries = 20

/** What neighbours are looked for of. */
export interface Parent {
  readonly choices: Choices
  /** How much longer it may take; 0 where nothing says so. */
  readonly roomSeconds: number
}

/** How often what is done; what is left over are neighbours in whatever time comes of them. */
const chances = { mixed: 0.15, pacedAsOther: 0.1, paced: 0.25, traded: 0.25, kind: 0.25, one: 0.35, taken: 0.25 }

/**
 * One or two knobs of one of the parents, or all of a kind by as much, or the ramp of one with the analyses of another;
 * none that has been tried before. Every second one is of the first parent, of the others the first the most often. More
 * than half of them take as long as their parent may, so that time goes from one step to another.
 */
export function neighbours(
  space: Space,
  parents: readonly Parent[],
  size: number,
  reach: number,
  seen: ReadonlySet<string>,
  stream: Stream,
): readonly Choices[] {
  const found = new Map<string, Choices>()
  for (let tries = 0; found.size < size && tries < size * mostTries; tries++) {
    const place = tries % 2 === 0 ? 0 : stream.uniform() ** 2
    const parent = parents[Math.floor(place * parents.length)]!
    const other = any(parents, stream)
    const turned =
      stream.uniform() < chances.mixed
        ? mixed(space, parent.choices, other.choices)
        : nearby(space, parent.choices, other.choices, reach, stream)
    const [how, which] = [stream.uniform(), stream.uniform()]
    const sensibly = sensible(space, turned)
    const sound = sensibly && inTime(space, sensibly, how < chances.pacedAsOther ? other : parent, how, which)
    if (sound && !seen.has(keyOf(sound))) found.set(keyOf(sound), sound)
  }
  return [...found.values()]
}

/** In the time of a parent; how, and which of its pauses, are from 0 to 1. */
function inTime(space: Space, choices: Choices, model: Parent, how: number, which: number): Choices {
  const { pacedAsOther, paced: asParent, traded: byOne } = chances
  const seconds = pausedSeconds(space, model.choices) + model.roomSeconds
  if (how < pacedAsOther + asParent) return paced(space, choices, seconds)
  return how < pacedAsOther + asParent + byOne ? traded(space, choices, seconds, which) : choices
}

/** The ramp of the one, and the analyses of the other. */
function mixed({ knobs }: Space, one: Choices, other: Choices): Choices {
  return knobs.map(({ kind }, knob) => (rampKinds.has(kind) ? one[knob]! : other[knob]!))
}

const rampKinds: ReadonlySet<Knob['kind']> = new Set(['weights', 'pauses', 'steps'])

function nearby(space: Space, parent: Choices, other: Choices, reach: number, stream: Stream): Choices {
  const { knobs } = space
  const choices = [...parent]
  const turnable = knobs.flatMap(({ values }, index) => (values.length > 1 ? [index] : []))
  const kinds = [...new Set(turnable.map((knob) => knobs[knob]!.kind))]
  const ofKind = (wanted: Knob['kind']) => turnable.filter((knob) => knobs[knob]!.kind === wanted)
  // Many steps are no reason to seldom turn the one threshold.
  const [one, another] = [any(ofKind(any(kinds, stream)), stream), any(ofKind(any(kinds, stream)), stream)]
  const how = stream.uniform()
  const kind = ofKind(knobs[one]!.kind)
  const isKind = how < chances.kind && kind.length > 1
  const direction = stream.uniform() < 0.5 ? -1 : 1
  for (const knob of isKind ? kind : how < chances.kind + chances.one ? [one] : [one, another]) {
    const { length } = knobs[knob]!.values
    const most = Math.max(1, Math.round(reach * length))
    const size = 1 + Math.floor(stream.uniform() * most)
    const step = isKind || stream.uniform() < 0.5 ? direction * size : -direction * size
    // What was good elsewhere may be so here.
    const isTaken = !isKind && stream.uniform() < chances.taken && other[knob] !== choices[knob]
    choices[knob] = isTaken ? other[knob]! : Math.min(length - 1, Math.max(0, choices[knob]! + step))
  }
  return backBetween(space, choices, parent, stream)
}

/** A step that was dropped comes back with a weight little above the one before it: what is written is of another ramp. */
function backBetween(space: Space, choices: readonly number[], before: Choices, stream: Stream): Choices {
  const { knobs } = space
  const indexOf = (name: string) => knobs.findIndex((knob) => knob.name === name)
  const were = stagesOf(space, before)
  const turned = [...choices]
  let least = -1
  for (const [place, { first, shape: now }] of stagesOf(space, choices).entries()) {
    const at = indexOf(`steps[${first}].setWeight`)
    if (at < 0 || now === shape.dropped) continue
    const isBack = were[place]!.shape === shape.dropped
    if (isBack) turned[at] = Math.min(knobs[at]!.values.length - 1, least + 1 + Math.floor(stream.uniform() * 4))
    least = turned[at]!
  }
  return turned
}

function any<Item>(items: readonly Item[], stream: Stream): Item {
  return items[Math.floor(stream.uniform() * items.length)]!
}
