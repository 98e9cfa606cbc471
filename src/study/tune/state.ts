// Where a search was when it was left, as a file from which it goes on: by the same version, with the same question.
import { createHash } from 'node:crypto'
import { isJsonObject, type Json } from '../../scenario/json.js'
import { type Problems, wholeFile } from '../../scenario/problem.js'
import { Tally, type TallyData } from '../tally.js'
import { type Choices, changesOf } from './candidate.js'
import type { Rung } from './schedule.js'
import { type Measure, scoreOf } from './score.js'
import type { Flown, Progress } from './search.js'
import type { Space } from './space.js'

const stateSchema = 'coalmine.tune-state/v1'

/** What is searched, and how. */
export interface Question {
  readonly version: string
  readonly space: Space
  readonly measure: Measure
  readonly seed: number
  readonly rungs: readonly Rung[]
}

interface State extends Asked {
  readonly schema: typeof stateSchema
  readonly rung: number
  readonly flights: number
  readonly refused: number
  readonly seen: readonly string[]
  readonly pool: readonly Kept[]
  readonly beyond: readonly Kept[]
  /** The texts of the policy, by their files. */
  readonly texts: Readonly<Record<string, string>>
  /** What a point of this search has become in them, if one was written. */
  readonly wrote: Readonly<Record<string, string>>
}

interface Kept {
  readonly choices: Choices
  readonly runs: number
  readonly tallies: readonly TallyData[]
}

/** Each says by itself what has become another. */
interface Asked {
  readonly version: string
  /** Of the scenario, the policy, and whatever else they read. */
  readonly files: string
  /** Of the numbers that are turned. */
  readonly space: string
  /** Of the options. */
  readonly options: string
}

/** What a search has read of the policy, and what it has written into it. */
export interface KeptTexts {
  readonly read: ReadonlyMap<string, string>
  readonly wrote: ReadonlyMap<string, string>
}

export function stateText(question: Question, progress: Progress, wrote: KeptTexts['wrote'] = new Map()): string {
  const { rung, flights, refused, seen, pool, beyond } = progress
  const state: State = {
    schema: stateSchema,
    ...askedBy(question),
    rung,
    flights,
    refused,
    seen: [...seen],
    pool: pool.map(keptOf),
    beyond: beyond.map(keptOf),
    texts: Object.fromEntries([...question.space.sources].map(([file, { text }]) => [file, text])),
    wrote: Object.fromEntries(wrote),
  }
  return `${JSON.stringify(state)}\n`
}

/** Undefined where it is no such state: what is wrong with it is told by who goes on from it. */
export function keptTexts(text: string): KeptTexts | undefined {
  let state: Json
  try {
    state = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  if (!isJsonObject(state) || state['schema'] !== stateSchema) return undefined
  const [read, wrote] = [textsIn(state['texts']), textsIn(state['wrote'])]
  return read && wrote && { read, wrote }
}

function textsIn(value: Json | undefined): ReadonlyMap<string, string> | undefined {
  if (!isJsonObject(value ?? null)) return undefined
  const entries = Object.entries(value as Readonly<Record<string, Json>>)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? new Map(entries)
    : undefined
}

function keptOf({ choices, runs, tallies }: Flown): Kept {
  return { choices, runs, tallies: tallies.map((tally) => tally.data()) }
}

/** Undefined where it is no such state, or one of another search; why is among the problems. */
export function readState(file: string, text: string, question: Question, problems: Problems): Progress | undefined {
  const refuse = (message: string, hint?: string) => {
    problems.error('not-resumable', wholeFile(file), message, { hint })
    return undefined
  }
  let read: Json
  try {
    read = JSON.parse(text) as Json
  } catch {
    return refuse(
      'this is no JSON',
      'A state is written by `coalmine tune --resume FILE` into a file that is not there yet.',
    )
  }
  if (!isJsonObject(read) || read['schema'] !== stateSchema) return refuse(`this is no state of schema ${stateSchema}`)
  const state = read as unknown as State
  const asked = askedBy(question)
  if (state.version !== asked.version) {
    const hint = 'Another version may fly another way: begin again with another file.'
    return refuse(`this search was begun by coalmine ${String(state.version)}, and this is ${asked.version}`, hint)
  }
  const others = (['files', 'space', 'options'] as const).filter((part) => state[part] !== asked[part])
  if (others.length > 0)
    return refuse(whatDiffers[others[0]!], `${changedSince(text, question)}Begin again with another file.`)
  const flown = (kept: Kept) => flownFrom(kept, question)
  const { rung, flights, refused, seen, pool, beyond } = state
  return { rung, flights, refused, seen: new Set(seen), pool: pool.map(flown), beyond: beyond.map(flown) }
}

/** Of the files of the policy those that are no longer what the search has read. */
function changedSince(text: string, { space: { sources } }: Question): string {
  const read = keptTexts(text)?.read ?? new Map<string, string>()
  const changed = [...read].filter(([file, before]) => sources.has(file) && sources.get(file)!.text !== before)
  if (changed.length === 0) return ''
  const names = changed.map(([file]) => file).join(', ')
  return `${names} ${changed.length === 1 ? 'is' : 'are'} neither as the search has read it nor as it has written it: take back what was changed since, or: `
}

const whatDiffers = {
  files: 'this search was begun with another scenario or policy, or these were changed since',
  space: 'this search was begun with other knobs',
  options: 'this search was begun with other options: seed, candidates, budgets, faults or harm',
} as const

function flownFrom({ choices, runs, tallies: data }: Kept, { space, measure }: Question): Flown {
  const tallies = data.map((each) => Tally.from(each))
  return { choices, runs, tallies, changes: changesOf(space, choices).length, score: scoreOf(measure, tallies) }
}

function askedBy({ version, space, measure, seed, rungs }: Question): Asked {
  const { worlds, harm, budgets, healthyBudgets } = measure
  const texts = (list: typeof budgets) => list.map(({ text }) => text)
  return {
    version,
    files: digest(worlds.map(({ recipe }) => [recipe.scenario, [...recipe.files], recipe.counts ?? []])),
    space: digest(space.knobs.map(({ name, values, current }) => [name, values, current])),
    options: digest([seed, rungs, harm, texts(budgets), texts(healthyBudgets), worlds.map(({ id }) => id)]),
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
