// By how much two policies differ, seed by seed: both met the same world, so most of what is chance falls out.

import type { Outcome } from '../run/record.js'
import { byName } from './by-name.js'
import { type Figure, figureOf, figures } from './figures.js'
import { Spread, type SpreadData } from './spread.js'

/** What is true of a run or isn't. */
const facts = {
  missed: ({ missed }) => missed,
  falseAbort: ({ falseAbort }) => falseAbort,
  detected: ({ detectionMs }) => detectionMs !== null,
  promoted: ({ verdict }) => verdict === 'promoted',
  undetected: ({ times, detectionMs }) => times.onsetMs !== null && detectionMs === null,
  unsafe: ({ times, timeToSafeMs }) => times.onsetMs !== null && timeToSafeMs === null,
  endless: (outcome) => figureOf('durationMs', outcome) === null,
} as const satisfies Record<string, (outcome: Outcome) => boolean>
export type Fact = keyof typeof facts
const factNames = Object.keys(facts) as readonly Fact[]

/** What not every run has: of the runs in which both have it, either's own values are kept beside the differences. */
const partial = ['detectionMs', 'timeToSafeMs', 'durationMs'] as const satisfies readonly Figure[]
export type PartialFigure = (typeof partial)[number]

/** In how many runs it is true of the first alone, and of the second alone. */
export interface Split {
  readonly first: number
  readonly second: number
}

export interface PairTallyData {
  readonly runs: number
  readonly facts: Readonly<Record<Fact, Split>>
  readonly differences: Readonly<Record<Figure, SpreadData>>
  readonly both: Readonly<Record<PartialFigure, { readonly first: SpreadData; readonly second: SpreadData }>>
}

export class PairTally {
  runs = 0
  readonly facts = byName<Fact, { first: number; second: number }>(factNames, () => ({ first: 0, second: 0 }))
  /** The second less the first, in the runs in which both have the figure and it means the same. */
  readonly differences = byName<Figure, Spread>(figures, () => new Spread())
  /** Of the same runs. */
  readonly both = byName(partial, () => ({ first: new Spread(), second: new Spread() }))

  static from(data: PairTallyData): PairTally {
    const tally = new PairTally()
    tally.merge(data)
    return tally
  }

  add(first: Outcome, second: Outcome): void {
    this.runs++
    for (const fact of factNames) {
      const [ofFirst, ofSecond] = [facts[fact](first), facts[fact](second)]
      if (ofFirst && !ofSecond) this.facts[fact].first++
      if (ofSecond && !ofFirst) this.facts[fact].second++
    }
    for (const figure of figures) {
      const [before, after] = [figureOf(figure, first), figureOf(figure, second)]
      if (before === null || after === null || !areAlike(figure, first, second)) continue
      this.differences[figure].add(after - before)
      if (!isPartial(figure)) continue
      this.both[figure].first.add(before)
      this.both[figure].second.add(after)
    }
  }

  merge(other: PairTallyData): void {
    this.runs += other.runs
    for (const fact of factNames) {
      this.facts[fact].first += other.facts[fact].first
      this.facts[fact].second += other.facts[fact].second
    }
    for (const figure of figures) this.differences[figure].merge(Spread.from(other.differences[figure]))
    for (const figure of partial) {
      this.both[figure].first.merge(Spread.from(other.both[figure].first))
      this.both[figure].second.merge(Spread.from(other.both[figure].second))
    }
  }

  data(): PairTallyData {
    const { runs, differences, both } = this
    return {
      runs,
      facts: this.facts,
      differences: byName(figures, (figure) => differences[figure].data()),
      both: byName(partial, (figure) => ({ first: both[figure].first.data(), second: both[figure].second.data() })),
    }
  }
}

/** How long it takes to stop a release is no more or less than how long it takes to bring it to everyone. */
function areAlike(figure: Figure, first: Outcome, second: Outcome): boolean {
  return figure !== 'durationMs' || first.verdict === second.verdict
}

export function isPartial(figure: Figure): figure is PartialFigure {
  return (partial as readonly Figure[]).includes(figure)
}
