// Flies what it is ordered to, wherever it sits: in the program itself, or in a worker.
import type { Outcome } from '../run/record.js'
import { Simulation } from '../run/simulation.js'
import { FailedFlight } from './failed-flight.js'
import { PairTally, type PairTallyData } from './pair-tally.js'
import { type LuckFlown, LuckPilot, type LuckTask } from './rare/luck-task.js'
import { planFrom, type Recipe } from './recipe.js'
import { Tally, type TallyData } from './tally.js'

/** Plans that are flown under the same seeds, so that they meet the same world. */
export interface Task {
  readonly arms: readonly Recipe[]
  /** Which arms are compared with each other, run by run: the second with the first. */
  readonly pairs?: readonly (readonly [number, number])[]
}

/** So many seeds from one on. */
export interface Seeds {
  readonly seed: number
  readonly runs: number
}

export interface Flown {
  readonly arms: readonly TallyData[]
  readonly pairs: readonly PairTallyData[]
}

/** So many plans are kept ready: whoever tries many policies comes back to few of them. */
const mostKept = 64

export class Pilot {
  private readonly simulations = new Map<Recipe, Simulation>()
  private luck: { readonly recipe: Recipe; readonly pilot: LuckPilot } | undefined

  fly({ arms, pairs = [] }: Task, { seed: first, runs }: Seeds): Flown {
    const tallies = arms.map(() => new Tally())
    const pairTallies = pairs.map(() => new PairTally())
    for (let seed = first; seed < first + runs; seed++) {
      const outcomes = arms.map((recipe) => this.outcome(recipe, seed))
      for (const [arm, outcome] of outcomes.entries()) tallies[arm]!.add(seed, outcome)
      for (const [pair, [one, other]] of pairs.entries()) pairTallies[pair]!.add(outcomes[one]!, outcomes[other]!)
    }
    return { arms: tallies.map((tally) => tally.data()), pairs: pairTallies.map((tally) => tally.data()) }
  }

  tryLuck(task: LuckTask, seeds: Seeds): LuckFlown {
    const { recipe } = task
    const all = Array.from({ length: seeds.runs }, (_, index) => seeds.seed + index)
    let flying = seeds.seed
    try {
      if (this.luck?.recipe !== recipe) this.luck = { recipe, pilot: new LuckPilot(planFrom(recipe)) }
      return this.luck.pilot.fly(task, all, (seed) => {
        flying = seed
      })
    } catch (error) {
      throw new FailedFlight(recipe, flying, error)
    }
  }

  private outcome(recipe: Recipe, seed: number): Outcome {
    try {
      return this.simulationOf(recipe).fly(seed)
    } catch (error) {
      throw new FailedFlight(recipe, seed, error)
    }
  }

  /** What is costly to make is made once. */
  private simulationOf(recipe: Recipe): Simulation {
    const known = this.simulations.get(recipe)
    if (known) return known
    const made = new Simulation(planFrom(recipe))
    this.simulations.set(recipe, made)
    const [oldest] = this.simulations.keys()
    if (this.simulations.size > mostKept) this.simulations.delete(oldest!)
    return made
  }
}
