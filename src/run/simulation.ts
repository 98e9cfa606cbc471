// Flies a plan, for one seed after another.
import { Loop } from '../kernel/loop.js'
import { Tape } from '../kernel/random.js'
import { Flow } from '../world/flow.js'
import { type OneByOne, oneByOne } from '../world/requests/one-by-one.js'
import { Service as Answering } from '../world/service.js'
import { Flying } from './flying.js'
import { Observatory } from './observatory.js'
import type { Plan } from './plan.js'
import type { Outcome } from './record.js'
import type { RequestLog } from './request-log.js'
import type { Timeline } from './timeline.js'

/** Reused from seed to seed: what is costly to make is made once. */
export class Simulation {
  readonly flow: Flow | OneByOne
  readonly observatory: Observatory
  private readonly service: Answering
  private readonly loop = new Loop()

  constructor(readonly plan: Plan) {
    this.service = new Answering(plan.service)
    const flown = { ...plan.flow, answering: this.service }
    this.flow = plan.fidelity.fidelity === 'request' ? oneByOne(flown) : new Flow(flown, new Tape(0))
    this.observatory = new Observatory(plan.observation, plan.workload, this.flow)
  }

  fly(seed: number, timelineOf?: (flying: Flying) => Timeline): Outcome {
    const flying = this.takeOff(seed, timelineOf)
    flying.advance(this.plan.scenario.durationMs)
    return flying.land()
  }

  /** A flight that has just begun, for whoever wants to be there while it goes on, and to see its requests. */
  takeOff(seed: number, timelineOf?: (flying: Flying) => Timeline, log?: RequestLog): Flying {
    const tape = new Tape(seed)
    this.loop.reset()
    this.flow.reset(tape)
    this.observatory.reset()
    return new Flying(this.plan, this.loop, tape, this.flow, this.service, this.observatory, timelineOf, log)
  }
}
