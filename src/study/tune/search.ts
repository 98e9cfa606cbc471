// Searches for better policies: successive halving on common seeds, with neighbours of what was good. All that is decided
// is decided at the end of a rung, so that it is the same with any number of workers.
import { Tape } from '../../kernel/random.js'
import { ProblemError } from '../../scenario/problem.js'
import type { Job, Result } from '../conduct.js'
import { planFrom, type Recipe } from '../recipe.js'
import { Tally } from '../tally.js'
import { asWritten, type Choices, changesOf, keyOf } from './candidate.js'
import { editsOf } from './edits.js'
import { dominates, ranked, type Scored } from './front.js'
import { neighbours, type Parent } from './neighbours.js'
import { patched } from './patch.js'
import { sampled, someOf } from './sampling.js'
import type { Rung } from './schedule.js'
import { type Measure, type Score, scoreOf } from './score.js'
import { seededRamps } from './seeds.js'
import { reverted, simplified } from './simplify.js'
import type { Space } from './space.js'

export interface Search {
  readonly space: Space
  readonly measure: Measure
  readonly seed: number
  readonly rungs: readonly Rung[]
  /** Undefined when somebody has ended it before all was flown. */
  fly(jobs: readonly Job[]): Promise<readonly Result[] | undefined>
  /** After each rung. */
  climbed?(progress: Progress): void
}

/** A candidate with what it has come to. */
export interface Flown extends Scored {
  readonly choices: Choices
  /** One for each world. */
  readonly tallies: readonly Tally[]
  readonly runs: number
  readonly score: Score
}

/** Where a search is: all that the next rung depends on. */
export interface Progress {
  /** How many rungs are done. */
  readonly rung: number
  readonly pool: readonly Flown[]
  /** All that were ever tried, by their keys. */
  readonly seen: ReadonlySet<string>
  /** Those that the loader refused. */
  readonly refused: number
  /** The best of those that break one budget and no other. */
  readonly beyond: readonly Flown[]
  /** Over all worlds. */
  readonly flights: number
}

export const start: Progress = { rung: 0, pool: [], seen: new Set(), refused: 0, beyond: [], flights: 0 }

export async function search(given: Search, from: Progress = start): Promise<Progress> {
  let progress = from
  for (const rung of given.rungs.slice(from.rung)) {
    const next = await climb(given, rung, progress)
    if (next === undefined) return progress
    progress = next
    given.climbed?.(progress)
  }
  return progress
}

async function climb(given: Search, rung: Rung, before: Progress): Promise<Progress | undefined> {
  const { space } = given
  const next = { ...before, rung: before.rung + 1 }
  if (rung.kind === 'halve') {
    const chosen = withWritten(ranked(before.pool).slice(0, rung.kept), before.pool, space)
    return flown(given, rung.runs, chosen, chosen, next)
  }
  const known = new Map(freshFor(given, rung, before).map((choices) => [keyOf(choices), choices]))
  const unknown = [...known.values()].filter((choices) => !before.seen.has(keyOf(choices)))
  const seen = new Set([...before.seen, ...known.keys()])
  const sound = unknown.filter((choices) => isAccepted(given, choices))
  const begun = sound.map((choices) => begin(space, choices, given.measure))
  const refused = before.refused + unknown.length - sound.length
  // More than this never come back.
  const kept = withWritten(ranked(before.pool).slice(0, mostKept), before.pool, space)
  const after = await flown(given, rung.runs, begun, [...kept, ...begun], { ...next, seen, refused })
  // What was flown a few times only to see what a change is for is no point of the front.
  return after && rung.kind === 'simplify'
    ? { ...after, pool: after.pool.filter(({ runs }) => runs >= rung.runs) }
    : after
}

function freshFor(
  { space, seed }: Search,
  rung: Exclude<Rung, { kind: 'halve' }>,
  before: Progress,
): readonly Choices[] {
  const tape = new Tape(seed)
  const { pool, seen } = before
  if (rung.kind === 'sample') {
    const seeded = someOf(seededRamps(space), Math.floor(rung.fresh / 2), tape)
    return [asWritten(space), ...seeded, ...sampled(space, rung.fresh - 1 - seeded.length, tape)]
  }
  if (rung.kind === 'revert') return reverted(space, pool).slice(0, rung.fresh)
  if (rung.kind === 'simplify') return simplified(space, pool).slice(0, rung.fresh)
  const best = ranked(pool).slice(0, Math.max(1, Math.ceil(rung.fresh / 2)))
  const parents = leastHarmFirst(best)
  const stream = tape.stream('tune neighbours', before.rung)
  return neighbours(space, parents.map(parentFrom), rung.fresh, rung.reach, seen, stream)
}

/** What harms least of those that keep to the budgets, and then the others as they come. */
function leastHarmFirst(points: readonly Flown[]): readonly Flown[] {
  const kept = points.filter(({ score }) => score.violation === 0 && Number.isFinite(score.durationMs.value))
  const [first] = [...kept].sort((one, other) => one.score.harm.value - other.score.harm.value)
  return first ? [first, ...points.filter((point) => point !== first)] : points
}

function parentFrom({ choices, score: { roomMs } }: Flown): Parent {
  return { choices, roomSeconds: roomMs !== null && Number.isFinite(roomMs) ? roomMs / 1000 : 0 }
}

/** Of those that were flown a few times. */
const mostKept = 256

type Begun = Omit<Flown, 'score'>

function begin(space: Space, choices: Choices, { worlds }: Measure): Begun {
  const changes = changesOf(space, choices).length
  return { choices, changes, runs: 0, tallies: worlds.map(() => new Tally()) }
}

/** The policy as it is written is what all others are held against. */
function withWritten(chosen: readonly Flown[], pool: readonly Flown[], space: Space): readonly Flown[] {
  const key = keyOf(asWritten(space))
  const written = pool.find(({ choices }) => keyOf(choices) === key)
  return written === undefined || chosen.includes(written) ? chosen : [...chosen, written]
}

async function flown(
  given: Search,
  runs: number,
  flying: readonly Begun[],
  pool: readonly (Begun | Flown)[],
  next: Progress,
): Promise<Progress | undefined> {
  const { measure, seed } = given
  const wanting = flying.filter((candidate) => candidate.runs < runs)
  const jobs = wanting.map((candidate) => ({
    task: { arms: recipesOf(given, candidate.choices) },
    seed: seed + candidate.runs,
    runs: runs - candidate.runs,
  }))
  const results = await given.fly(jobs)
  if (results === undefined) return undefined
  const more = new Map(wanting.map((candidate, index) => [candidate, results[index]!]))
  const after = pool.map((candidate): Flown => {
    const result = more.get(candidate)
    if (result === undefined && 'score' in candidate) return candidate
    const tallies = candidate.tallies.map((tally, world) => joined(tally, result?.arms[world]))
    return { ...candidate, tallies, runs, score: scoreOf(measure, tallies) }
  })
  const flights = next.flights + jobs.reduce((sum, job) => sum + job.runs * job.task.arms.length, 0)
  return { ...next, pool: after, beyond: beyondOf([...next.beyond, ...after]), flights }
}

/** None that another one beats which breaks the same. */
function beyondOf(pool: readonly Flown[]): readonly Flown[] {
  const broken = ({ score }: Flown) => score.budgets.flatMap(({ answer }, index) => (answer === 'fails' ? [index] : []))
  const one = pool.filter((point) => broken(point).length === 1)
  const latest = [...new Map(one.map((point) => [keyOf(point.choices), point])).values()]
  return latest.filter(
    (point) => !latest.some((other) => broken(other)[0] === broken(point)[0] && dominates(other.score, point.score)),
  )
}

function joined(tally: Tally, more: Tally | undefined): Tally {
  const both = Tally.from(tally.data())
  if (more) both.merge(more.data())
  return both
}

/** In each world the policy that the choices come to. */
export function recipesOf({ space, measure }: Pick<Search, 'space' | 'measure'>, choices: Choices): readonly Recipe[] {
  const texts = [...patched(space.sources, editsOf(space, choices))]
  return measure.worlds.map(({ recipe }) => ({
    ...recipe,
    files: new Map([...recipe.files, ...texts.map(([file, text]) => [file, { text }] as const)]),
  }))
}

/** Whether a controller would take it, as far as the loader knows. */
function isAccepted(given: Search, choices: Choices): boolean {
  try {
    planFrom(recipesOf(given, choices)[0]!)
    return true
  } catch (error) {
    if (error instanceof ProblemError) return false
    throw error
  }
}
