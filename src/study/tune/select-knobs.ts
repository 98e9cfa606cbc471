// Which of the knobs somebody wants to be turned, by their names, their kinds or the metric that they belong to.
import { nearName } from '../../scenario/near-name.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { type Knob, knobKinds } from './knob.js'
import type { Space } from './space.js'

interface KnobChoice {
  readonly knobs?: readonly string[] | undefined
  readonly fixed?: readonly string[] | undefined
}

/** The others keep the one value that they have; undefined where a name is nobody's. */
export function chosenKnobs(
  space: Space,
  { knobs, fixed = [] }: KnobChoice,
  scenario: string,
  problems: Problems,
): Space | undefined {
  const names = [...(knobs ?? []), ...fixed]
  const unknown = names.filter((name) => !space.knobs.some((knob) => isMeant(knob, name)))
  for (const name of new Set(unknown)) tellUnknown(name, space, scenario, problems)
  if (unknown.length > 0) return undefined
  const isTurned = (knob: Knob) =>
    (knobs === undefined || knobs.some((name) => isMeant(knob, name))) && !fixed.some((name) => isMeant(knob, name))
  return { ...space, knobs: space.knobs.map((knob) => (isTurned(knob) ? knob : still(knob))) }
}

function isMeant({ name, kind }: Knob, written: string): boolean {
  return name === written || kind === written || name.startsWith(`${written}.`)
}

function still(knob: Knob): Knob {
  return { ...knob, values: [knob.values[knob.current]!], current: 0 }
}

function tellUnknown(name: string, { knobs, unturnable }: Space, scenario: string, problems: Problems): void {
  const left = unturnable.find((each) => each.name === name)
  if (left) {
    const { place, why } = left
    problems.error('knob-unturnable', place, `\`${name}\` can't be turned: ${why}`)
    return
  }
  const known = knobs.map((knob) => knob.name)
  const near = nearName(name, [...known, ...knobKinds])
  const message = `there is no knob \`${name}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`
  const kinds = knobKinds.filter((kind) => knobs.some((knob) => knob.kind === kind))
  const hint = `There are ${known.join(', ')}; all of a kind are ${kinds.join(', ')}.`
  problems.error('knob-unknown', wholeFile(scenario), message, { hint })
}
