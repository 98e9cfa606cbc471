// What is flown for the sake of misses that hardly ever happen: flights one by one, and swarms of them.

import type { Tilt } from '../../run/lucky-flights.js'
import { LuckyFlights } from '../../run/lucky-flights.js'
import type { Plan } from '../../run/plan.js'
import type { Recipe } from '../recipe.js'
import { flySwarm, type Swarm } from './swarm.js'
import type { Draws } from './tilts.js'

export interface LuckTask {
  readonly recipe: Recipe
  /** Undefined for chance as it is. */
  readonly tilt: Tilt | undefined
  /** Whether the seeds are those of one swarm; otherwise each flies alone. */
  readonly isSwarm: boolean
}

export interface Trial extends Draws {
  readonly isMissed: boolean
}

/** What came of it: the one or the other. */
export interface LuckFlown {
  readonly trials: readonly Trial[]
  readonly swarm: Swarm | undefined
  /** Of what is counted in one stage and on one side. */
  readonly kinds: number
  readonly stageMs: number
}

export class LuckPilot {
  private readonly flights: LuckyFlights

  constructor(plan: Plan) {
    this.flights = new LuckyFlights(plan)
  }

  /** Tells each seed before it is flown. */
  fly({ tilt, isSwarm }: LuckTask, seeds: readonly number[], told: (seed: number) => void): LuckFlown {
    const { flights } = this
    const { kinds, stageMs } = flights.luck
    const about = { kinds, stageMs }
    if (isSwarm) {
      const swarm = flySwarm(`${seeds[0]}`, seeds, (path) => {
        told(path.seed)
        return flights.fly(path, tilt)
      })
      return { ...about, trials: [], swarm }
    }
    const trials = seeds.map((seed) => {
      told(seed)
      const { isMissed, counts, means } = flights.fly({ seed, turns: [] }, tilt)
      return { isMissed, counts: counts.slice(), means: means.slice() }
    })
    return { ...about, trials, swarm: undefined }
  }
}
