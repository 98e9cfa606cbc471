// How often a bad release is missed where that is too rare to be seen: canaries with more luck than chance gives them, each
// counted for as many by chance as it is worth.

import { studentReach } from '../../judge/student.js'
import { exp, log } from '../../kernel/elementary.js'
import { sides, type Tilt } from '../../run/lucky-flights.js'
import { blockRuns } from '../conduct.js'
import type { LuckyCrew } from '../crew.js'
import type { Seeds } from '../pilot.js'
import type { Recipe } from '../recipe.js'
import { type Estimate, shareEstimate } from '../study.js'
import type { LuckFlown, LuckTask, Trial } from './luck-task.js'
import { luckier, sharesOf, whereItMatters } from './tilts.js'

export const missesSchema = 'coalmine.misses/v1'

export const tellers = ['plain', 'swarms', 'bound'] as const

export interface Misses {
  readonly schema: typeof missesSchema
  /** Of coalmine: another one may fly another way. */
  readonly version: string
  readonly scenario: string
  readonly teaches: string
  readonly seed: number
  /** All flights that it took. */
  readonly flights: number
  /** Plain ones, by chance: of these so many missed. */
  readonly plain: { readonly runs: number; readonly missed: number }
  /** The share of releases that are missed. */
  readonly missed: Estimate
  /** Whether plain flights tell that, or swarms of luckier ones do; or the plain ones only bound it. */
  readonly by: (typeof tellers)[number]
  /** How many swarms agree on it. */
  readonly swarms: number
  /** So many plain runs would tell it as precisely; null where swarms didn't tell it. */
  readonly plainRuns: number | null
  /** The luck that swarms were given: somewhat less than a miss takes. */
  readonly luck: readonly LuckyStage[]
}

/** So long after the release, bad answers of the canary came so many times as often as they should. */
export interface LuckyStage {
  readonly fromMs: number
  readonly untilMs: number
  readonly factor: number
}

export interface Wanted {
  readonly version: string
  readonly recipe: Recipe
  readonly name: string
  readonly teaches: string
  readonly seed: number
  /** How sure the interval is. */
  readonly confidence: number
  /** Whether swarms agree well enough on it. */
  isEnough(missed: Estimate): boolean
  readonly signal: AbortSignal
  /** Before each order: how many flights there were, and what is being done. */
  told(flights: number, does: string): void
}

/** Where at least so many of the plain runs miss, nothing is rare about it. */
const plainRuns = 2000
const plainlySeen = 20
const trialRuns = 200
/** Where about so many of the flights miss, it shows best when luck matters. */
const often = 0.25
const powers = [0.25, 0.5, 0.75, 1, 1.25]
const tellingRuns = 2000
const lessLuck = 0.75
const swarmFlights = 250
/** Swarms are flown so many at a time, on any number of workers. */
const roundSwarms = 16
const mostSwarms = 128

/** The interval reaches no further than this part of the share. */
export function isWithin(precision: number): Wanted['isEnough'] {
  return ({ value, high }) => high !== null && high - value <= precision * value
}

export async function studyMisses(wanted: Wanted, crew: LuckyCrew): Promise<Misses> {
  return new MissStudy(wanted, crew).report()
}

class MissStudy {
  private nextSeed: number
  private flights = 0

  constructor(
    private readonly wanted: Wanted,
    private readonly crew: LuckyCrew,
  ) {
    this.nextSeed = wanted.seed
  }

  async report(): Promise<Misses> {
    const { version, name, teaches, seed } = this.wanted
    const flown = await this.trials(undefined, plainRuns, 'by chance')
    const plain = { runs: flown.trials.length, missed: missedOf(flown.trials) }
    const { confidence } = this.wanted
    const byChance = {
      missed: shareEstimate(plain.missed, plain.runs, confidence),
      swarms: 0,
      plainRuns: null,
      luck: [],
    }
    const told = (found: Pick<Misses, 'missed' | 'by' | 'swarms' | 'plainRuns' | 'luck'>): Misses => {
      const { missed, by, swarms, plainRuns, luck } = found
      const about = {
        schema: missesSchema,
        version,
        scenario: name,
        teaches,
        seed,
        flights: this.flights,
        plain,
      } as const
      return { ...about, missed, by, swarms, plainRuns, luck }
    }
    if (plain.missed >= plainlySeen) return told({ ...byChance, by: 'plain' })
    const tilt = await this.search(flown)
    const values = await this.swarms(tilt)
    if (!isSettled(values)) return told({ ...byChance, by: plain.missed > 0 ? 'plain' : 'bound' })
    const missed = ofSwarms(values, confidence)
    const { value } = missed
    return told({
      missed,
      by: 'swarms',
      swarms: values.length,
      plainRuns: Math.ceil((value * (1 - value)) / standardErrorOf(values) ** 2),
      luck: tilt ? stagesOf(tilt, flown) : [],
    })
  }

  /** The least luck under which flights miss often, and only where that matters; undefined where none helps. */
  private async search({ trials, kinds }: LuckFlown): Promise<Tilt | undefined> {
    const { signal } = this.wanted
    if (signal.aborted) return undefined
    const shares = sharesOf(trials, kinds)
    const tiltOf = (power: number) => luckier(shares, power, trials[0]!.counts.length)
    const missesOften = async (power: number) => {
      const flown = await this.trials(tiltOf(power), trialRuns, 'looking for the luck that it takes')
      return missedOf(flown.trials) >= often * trialRuns
    }
    let low = 0
    let high: number | undefined
    for (const power of powers) {
      if (await missesOften(power)) high = power
      if (high !== undefined || signal.aborted) break
      low = power
    }
    for (let step = 0; step < 3 && high !== undefined; step++) {
      const middle = (low + high) / 2
      if (await missesOften(middle)) high = middle
      else low = middle
    }
    if (high === undefined) return undefined
    const telling = await this.trials(tiltOf(high), tellingRuns, 'looking when luck matters')
    const matters = whereItMatters(tiltOf(high), telling.trials)
    // Swarms need less of it, as copies of those that go on take the places of the others; and weights differ less.
    const less = tiltOf(lessLuck * high)
    return matters.map((factor, at) => (factor === 1 ? 1 : less[at]!))
  }

  /** Each estimates it by itself. */
  private async swarms(tilt: Tilt | undefined): Promise<readonly number[]> {
    const { recipe, confidence } = this.wanted
    const task: LuckTask = { recipe, tilt, isSwarm: true }
    const values: number[] = []
    while (values.length < mostSwarms) {
      const round = Array.from({ length: roundSwarms }, () => this.seeds(swarmFlights))
      const flown = await this.inOrder(task, round, `${values.length} swarms`)
      for (const { swarm } of flown) values.push(swarm!.value)
      const found = ofSwarms(values, confidence)
      if (flown.length < round.length || found.value === 0 || this.wanted.isEnough(found)) break
    }
    return values
  }

  private async trials(tilt: Tilt | undefined, runs: number, does: string): Promise<LuckFlown> {
    const task: LuckTask = { recipe: this.wanted.recipe, tilt, isSwarm: false }
    const blocks = Array.from({ length: runs / blockRuns }, () => this.seeds(blockRuns))
    const flown = await this.inOrder(task, blocks, does)
    const trials = flown.flatMap((each) => each.trials)
    return { kinds: 0, stageMs: 0, swarm: undefined, ...flown[0], trials }
  }

  /** As many as were flown before somebody interrupted it, from the first on. */
  private async inOrder(task: LuckTask, orders: readonly Seeds[], does: string): Promise<readonly LuckFlown[]> {
    const { crew, wanted } = this
    const flown: (LuckFlown | undefined)[] = orders.map(() => undefined)
    let next = 0
    const work = async () => {
      while (next < orders.length && !wanted.signal.aborted) {
        const at = next++
        wanted.told(this.flights, does)
        const came = await crew.tryLuck(task, orders[at]!)
        flown[at] = came
        this.flights += came.swarm?.flights ?? came.trials.length
      }
    }
    await Promise.all(Array.from({ length: crew.size }, work))
    const missing = flown.indexOf(undefined)
    return (missing < 0 ? flown : flown.slice(0, missing)) as readonly LuckFlown[]
  }

  private seeds(runs: number): Seeds {
    const seed = this.nextSeed
    this.nextSeed += runs
    return { seed, runs }
  }
}

function missedOf(trials: readonly Trial[]): number {
  return trials.filter(({ isMissed }) => isMissed).length
}

/** By their scatter, for the logarithm of their mean: a rare share is known by its order of magnitude first. */
function ofSwarms(values: readonly number[], confidence: number): Estimate {
  const value = meanOf(values)
  if (value === 0 || values.length < 2) return { value, low: null, high: null }
  const reach = (studentReach(confidence, values.length - 1) * standardErrorOf(values)) / value
  return { value, low: exp(log(value) - reach), high: Math.min(1, exp(log(value) + reach)) }
}

/** Whether no few swarms decide what it comes to: where they do, others that tell more are still to be met. */
function isSettled(values: readonly number[]): boolean {
  const sum = values.reduce((all, value) => all + value, 0)
  return values.length >= roundSwarms && sum > 0 && Math.max(...values) <= mostOfOne * sum
}

const mostOfOne = 0.3

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardErrorOf(values: readonly number[]): number {
  const mean = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

/** Neighbours of the same factor are one. */
function stagesOf(tilt: Tilt, { kinds, stageMs }: LuckFlown): readonly LuckyStage[] {
  const found: LuckyStage[] = []
  for (let stage = 0; stage < tilt.length / (sides * kinds); stage++) {
    const factors = Array.from(tilt.subarray((stage * sides + 1) * kinds, (stage + 1) * sides * kinds))
    const factor = Math.min(...factors)
    if (factor === 1) continue
    const fromMs = Math.round(stage * stageMs)
    const untilMs = Math.round((stage + 1) * stageMs)
    const before = found.at(-1)
    if (before?.untilMs === fromMs && before.factor === factor) found[found.length - 1] = { ...before, untilMs }
    else found.push({ fromMs, untilMs, factor })
  }
  return found
}
