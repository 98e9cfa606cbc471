// What many runs of one plan came to: it grows run by run, and tallies of other runs of the plan can be added to it.

import type { Outcome } from '../run/record.js'
import type { Verdict } from '../scenario/budget.js'
import { verdicts } from '../scenario/budget.js'
import { byName } from './by-name.js'
import { Extremes, type ExtremesData } from './extremes.js'
import { type Figure, figureOf, figures } from './figures.js'
import { Spread, type SpreadData } from './spread.js'

export interface TallyData {
  readonly runs: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly missed: number
  readonly falseAborts: number
  readonly figures: Readonly<Record<Figure, { readonly spread: SpreadData; readonly extremes: ExtremesData }>>
  /** The first runs of which this is true. */
  readonly seeds: Readonly<Record<Event, readonly number[]>>
}

/** What a run is or isn't, and somebody may want to look at. */
export const events = ['missed', 'falseAbort', 'undetected', 'unsafe', 'endless', ...verdicts] as const
export type Event = (typeof events)[number]

const keptSeeds = 5

export class Tally {
  runs = 0
  missed = 0
  falseAborts = 0
  readonly verdicts: Record<Verdict, number> = { promoted: 0, aborted: 0, paused: 0, stuck: 0 }
  private readonly spreads = byName(figures, () => new Spread())
  private readonly extremes = byName(figures, () => new Extremes())
  private readonly seeds = byName<Event, number[]>(events, () => [])

  static from(data: TallyData): Tally {
    const tally = new Tally()
    tally.merge(data)
    return tally
  }

  add(seed: number, outcome: Outcome): void {
    this.runs++
    this.verdicts[outcome.verdict]++
    this.happened(outcome.verdict, seed)
    if (outcome.missed) {
      this.missed++
      this.happened('missed', seed)
    }
    if (outcome.falseAbort) {
      this.falseAborts++
      this.happened('falseAbort', seed)
    }
    const { onsetMs } = outcome.times
    if (onsetMs !== null && outcome.detectionMs === null) this.happened('undetected', seed)
    if (onsetMs !== null && outcome.timeToSafeMs === null) this.happened('unsafe', seed)
    if (figureOf('durationMs', outcome) === null) this.happened('endless', seed)
    for (const figure of figures) {
      const value = figureOf(figure, outcome)
      if (value === null) continue
      this.spreads[figure].add(value)
      this.extremes[figure].add(value, seed)
    }
  }

  merge(other: TallyData): void {
    this.runs += other.runs
    this.missed += other.missed
    this.falseAborts += other.falseAborts
    for (const verdict of verdicts) this.verdicts[verdict] += other.verdicts[verdict]
    for (const figure of figures) {
      this.spreads[figure].merge(Spread.from(other.figures[figure].spread))
      this.extremes[figure].merge(other.figures[figure].extremes)
    }
    for (const event of events) {
      const seeds = [...this.seeds[event], ...other.seeds[event]].sort((a, b) => a - b)
      this.seeds[event] = seeds.slice(0, keptSeeds)
    }
  }

  /** Of the runs in which there is such a number. */
  spread(figure: Figure): Spread {
    return this.spreads[figure]
  }

  /** The runs in which it was greatest, and least. */
  extremesOf(figure: Figure): ExtremesData {
    return this.extremes[figure].data()
  }

  /** The first seeds under which it happened. */
  seedsOf(event: Event): readonly number[] {
    return this.seeds[event]
  }

  data(): TallyData {
    const { runs, missed, falseAborts, spreads, extremes, seeds } = this
    const told = byName(figures, (figure) => ({ spread: spreads[figure].data(), extremes: extremes[figure].data() }))
    return { runs, verdicts: this.verdicts, missed, falseAborts, figures: told, seeds }
  }

  private happened(event: Event, seed: number): void {
    const seeds = this.seeds[event]
    if (seeds.length < keptSeeds) seeds.push(seed)
  }
}
