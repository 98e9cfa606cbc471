// A policy that is tried: for each knob the value it is turned to.
import { type Knob, shape } from './knob.js'
import type { Stage } from './ramp.js'
import type { Space } from './space.js'

/** For each knob, in the order of the space, which of its values. */
export type Choices = readonly number[]

/** The policy as it is written. */
export function asWritten({ knobs }: Space): Choices {
  return knobs.map(({ current }) => current)
}

function chosenValue(space: Space, choices: Choices, name: string): number | undefined {
  const index = space.knobs.findIndex((knob) => knob.name === name)
  return index < 0 ? undefined : space.knobs[index]!.values[choices[index]!]
}

/** Two that come to the same policy have the same. */
export function keyOf(choices: Choices): string {
  return choices.join(' ')
}

export interface Change {
  readonly knob: Knob
  readonly from: number
  readonly to: number
}

/** What a person would have to write. */
export function changesOf({ knobs }: Space, choices: Choices): readonly Change[] {
  return knobs.flatMap((knob, index) => {
    const { values, current } = knob
    const chosen = choices[index]!
    return chosen === current ? [] : [{ knob, from: values[current]!, to: values[chosen]! }]
  })
}

/** A stage as a candidate has it. */
export interface ChosenStage extends Stage {
  readonly shape: number
  /** Undefined where its weight is no plain number. */
  readonly weightPercent: number | undefined
  /** Of the step that a doubled one is followed by: halfway to the next weight. */
  readonly betweenPercent: number | undefined
}

export function stagesOf(space: Space, choices: Choices): readonly ChosenStage[] {
  const { ramp } = space
  const all = (ramp?.stages ?? []).map((stage) => ({
    ...stage,
    shape: chosenValue(space, choices, `steps[${stage.first}]`) ?? shape.kept,
    weightPercent: weightOf(space, choices, stage.first),
  }))
  return all.map((stage, index) => {
    const next = all.slice(index + 1).find((each) => each.shape !== shape.dropped)
    return { ...stage, betweenPercent: between(stage.weightPercent, next ? next.weightPercent : space.maxWeight) }
  })
}

function weightOf(space: Space, choices: Choices, step: number): number | undefined {
  const turned = chosenValue(space, choices, `steps[${step}].setWeight`)
  if (turned !== undefined) return turned
  const written = space.ramp!.steps[step]!['setWeight']
  return typeof written === 'number' ? written : undefined
}

function between(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return undefined
  const middle = Math.round((one + other) / 2)
  return middle > one && middle < other ? middle : undefined
}

/**
 * The nearest choices that make sense: weights ascend as they do where they are written, no step comes twice that has
 * no room for it, one step is left, and what is in a dropped step is as it was. Undefined where there are none.
 */
export function sensible(space: Space, choices: Choices): Choices | undefined {
  const turned = [...choices]
  if (!space.ramp) return turned
  const index = (name: string) => space.knobs.findIndex((knob) => knob.name === name)
  for (const stage of stagesOf(space, turned)) {
    if (stage.shape !== shape.dropped) continue
    for (let step = stage.first; step < stage.end; step++) {
      for (const name of [`steps[${step}].setWeight`, `steps[${step}].pause`]) {
        if (index(name) >= 0) turned[index(name)] = space.knobs[index(name)]!.current
      }
    }
  }
  if (ascends(stagesOf(space, asWritten(space)))) putInOrder(space, turned)
  for (const stage of stagesOf(space, turned)) {
    const at = index(`steps[${stage.first}]`)
    if (stage.shape === shape.doubled && stage.betweenPercent === undefined) turned[at] = space.knobs[at]!.current
  }
  const stages = stagesOf(space, turned)
  const isSound = stages.length === 0 || stages.some((stage) => stage.shape !== shape.dropped)
  const wasAscending = ascends(stagesOf(space, asWritten(space)))
  return isSound && (!wasAscending || ascends(stages)) ? turned : undefined
}

function ascends(stages: readonly ChosenStage[]): boolean {
  const weights = stages.filter((stage) => stage.shape !== shape.dropped).map(({ weightPercent }) => weightPercent)
  return weights.every((weight, index) => {
    const before = weights[index - 1]
    return weight === undefined || before === undefined || before < weight
  })
}

/** Those that may be turned change places; where two are the same, the later goes on to the next value. */
function putInOrder(space: Space, choices: number[]): void {
  const { knobs } = space
  const kept = stagesOf(space, choices).filter((stage) => stage.shape !== shape.dropped)
  const turnable = kept
    .map(({ first }) => knobs.findIndex(({ name }) => name === `steps[${first}].setWeight`))
    .filter((at) => at >= 0 && knobs[at]!.values.length > 1)
  const sorted = turnable.map((at) => choices[at]!).sort((a, b) => a - b)
  for (const [place, choice] of sorted.entries()) {
    sorted[place] = Math.max(choice, (sorted[place - 1] ?? -1) + 1)
  }
  const last = (turnable[0] === undefined ? 0 : knobs[turnable[0]]!.values.length) - 1
  for (let place = sorted.length - 1; place >= 0; place--) {
    sorted[place] = Math.min(sorted[place]!, last - (sorted.length - 1 - place))
  }
  for (const [place, at] of turnable.entries()) choices[at] = Math.max(0, sorted[place]!)
}
