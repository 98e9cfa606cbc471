// One flight with everything that happened in it: what a person wants to read.
import { type Course, strikesOf } from '../world/course.js'
import { faultWords, struckBy } from './fault-words.js'
import type { Flying } from './flying.js'
import type { Plan } from './plan.js'
import { type RunRecord, runSchema } from './record.js'
import type { RequestLog } from './request-log.js'
import { Simulation } from './simulation.js'
import { Timeline } from './timeline.js'

export function flyRecorded(plan: Plan, seed: number): RunRecord {
  return flyWhole(plan, seed, () => {})
}

/** For whoever lets it go on bit by bit. */
export class RecordedFlight {
  readonly flying: Flying
  private timeline: Timeline | undefined

  constructor(
    private readonly plan: Plan,
    private readonly seed: number,
    prepare: (flying: Flying) => void = () => {},
    log?: RequestLog,
  ) {
    const timelineOf = (flying: Flying) => {
      const { loop } = flying
      const timeline = new Timeline(
        () => loop.now,
        () => loop.now >= plan.scenario.releaseAtMs,
        plan.policy.subscriptions,
      )
      this.timeline = timeline
      tellFaults(plan, flying, timeline)
      prepare(flying)
      return timeline
    }
    this.flying = new Simulation(plan).takeOff(seed, timelineOf, log)
  }

  /** As if the scenario ended now. */
  land(): RunRecord {
    const { plan, seed, flying, timeline } = this
    const { fidelity } = plan.fidelity
    return { schema: runSchema, scenario: plan.name, seed, fidelity, ...flying.land(), timeline: timeline!.entries }
  }
}

/**
 * Whoever looks on sees the flight every so often from the release until shortly after the last change, and as it is in
 * the end. Looking changes nothing.
 */
export function flyWatched(
  plan: Plan,
  seed: number,
  everyMs: number,
  lastChangeMs: number,
  look: (flying: Flying) => void,
): RunRecord {
  const { releaseAtMs, durationMs } = plan.scenario
  return flyWhole(plan, seed, (flying) => {
    const { loop } = flying
    const handler = loop.handler(() => {
      look(flying)
      if (loop.now >= durationMs) return
      const isOver = loop.now >= lastChangeMs
      loop.at(isOver ? durationMs : Math.min(durationMs, loop.now + everyMs), lookPriority, handler)
    })
    loop.at(releaseAtMs, lookPriority, handler)
  })
}

/** After everything else of that instant. */
const lookPriority = 1000

function flyWhole(plan: Plan, seed: number, prepare: (flying: Flying) => void): RunRecord {
  const flight = new RecordedFlight(plan, seed, prepare)
  flight.flying.advance(plan.scenario.durationMs)
  return flight.land()
}

const faultPriority = -1

function tellFaults({ scenario, faults }: Plan, flying: Flying, timeline: Timeline): void {
  const { loop } = flying
  const tell = loop.handler((index, begins) => {
    const fault = scenario.faults[index]!
    timeline.add({ what: 'fault', on: struckBy(fault), effect: faultWords(fault), begins: begins === 1 })
  })
  const tellOf = (index: number, course: Course) => {
    if (scenario.faults[index]!.isToldBefore) return
    for (const { onsetMs, endMs } of strikesOf(course)) {
      loop.at(onsetMs, faultPriority, tell, index, 1)
      // What is over as soon as it has happened has no end to be told.
      if (endMs > onsetMs && endMs < Number.POSITIVE_INFINITY) loop.at(endMs, faultPriority, tell, index, 0)
    }
  }
  for (const [index, fault] of faults.entries())
    if (scenario.faults[index]!.when.after === 'release') tellOf(index, fault)
  flying.began = tellOf
}
