// Flights of which it is known how lucky they are: luckier ones than by chance, and others that begin as one did and go on
// with luck of their own.
import { Tape } from '../kernel/random.js'
import { Luck, type Tilt } from '../world/luck.js'
import type { Plan } from './plan.js'
import { Simulation } from './simulation.js'
import { canary } from './stacks.js'

export { sides, type Tilt } from '../world/luck.js'

/** What answers a flight meets: those of a tape, from some stages on those of others. All else is as the seed has it. */
export interface Path {
  readonly seed: number
  readonly turns: readonly { readonly stage: number; readonly tape: string }[]
}

export interface LuckyFlight {
  /** Stopped before the end of this stage; infinity where it never was. */
  readonly stoppedAt: number
  /** At the start of each stage and at the end of the last, as far as it came: how likely it is under its tilt. */
  readonly likelihoods: Float64Array
  readonly isMissed: boolean
  /** By stage, side and kind. */
  readonly counts: Float64Array
  readonly means: Float64Array
}

export class LuckyFlights {
  readonly luck: Luck
  private readonly simulation: Simulation

  constructor(plan: Plan) {
    this.simulation = new Simulation(plan)
    const { cells } = this.simulation.flow
    const { releaseAtMs, durationMs } = plan.scenario
    const afterwardsMs = durationMs - releaseAtMs
    const stages = Math.max(1, Math.min(mostStages, Math.floor(afterwardsMs / shortestStageMs)))
    const isReleased = plan.stacks.map(({ version }) => version === canary)
    this.luck = new Luck(releaseAtMs, afterwardsMs / stages, stages, cells.classes, isReleased)
    cells.luck = this.luck
  }

  /** The numbers are overwritten by the next flight. */
  fly({ seed, turns }: Path, tilt: Tilt | undefined): LuckyFlight {
    const { luck, simulation } = this
    const { counts, means, stages, stageMs, startMs } = luck
    luck.begin(tilt)
    const flying = simulation.takeOff(seed)
    const likelihoods = new Float64Array(stages + 1)
    for (let stage = 0; stage <= stages; stage++) {
      flying.advance(startMs + stage * stageMs)
      likelihoods[stage] = luck.likelihood
      const isStopped = !Number.isNaN(flying.course.decidedMs)
      if (isStopped) return { stoppedAt: stage, likelihoods, isMissed: false, counts, means }
      const turn = turns.find((each) => each.stage === stage)
      if (turn) simulation.flow.cells.turnTape(new Tape(turn.tape))
    }
    return { stoppedAt: Number.POSITIVE_INFINITY, likelihoods, isMissed: flying.land().missed, counts, means }
  }
}

/** As fine as policies can tell. */
const shortestStageMs = 15_000
const mostStages = 64
