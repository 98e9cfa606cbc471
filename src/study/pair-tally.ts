// By how much two policies differ, seed by seed: both met the same world, so most of what is chance falls out.
import type { Outcome } from '../run/record.js'
import { type Figure, figureOf, figures } from './figures.js'
import { Spread, type SpreadData } from './spread.js'

/** What is true of a run or isn't. */
const facts = {
  missed: ({ missed }) => missed,
  falseAbort: ({ falseAbort }) => falseAbort,
  detected: ({ detectionMs }) => detectionMs !== null,
  promoted: ({ verdict }) => verdict === 'promoted',
} as const satisfies Record<string, (outcome: Outcome) => boolean>
export type Fact = keyof typeof facts
const factNames = Object.keys(facts) as readonly Fact[]

/** In how many runs it is true of the first alone, and of the second alone. */
export interface Split {
  readonly first: number
  readonly second: number
}

export interface PairTallyData {
  readonly runs: number
  readonly facts: Readonly<Record<Fact, Split>>
  readonly differences: Readonly<Record<Figure, SpreadData>>
}

export class PairTally {
  runs = 0
  readonly facts = fill<Fact, { first: number; second: number }>(factNames, () => ({ first: 0, second: 0 }))
  /** The second less the first, in the runs in which both have the figure. */
  readonly differences = fill<Figure, Spread>(figures, () => new Spread())

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
      if (before !== null && after !== null) this.differences[figure].add(after - before)
    }
  }

  merge(other: PairTallyData): void {
    this.runs += other.runs
    for (const fact of factNames) {
      this.facts[fact].first += other.facts[fact].first
      this.facts[fact].second += other.facts[fact].second
    }
    for (const figure of figures) this.differences[figure].merge(Spread.from(other.differences[figure]))
  }

  data(): PairTallyData {
    const { runs, differences } = this
    return { runs, facts: this.facts, differences: fill(figures, (figure) => differences[figure].data()) }
  }
}

function fill<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>
}
