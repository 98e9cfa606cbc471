// One flight with everything that happened in it: what a person wants to read.
import { formatLatencyChange, formatPercentage } from '../scenario/units.js'
import type { Plan } from './plan.js'
import { type RunRecord, runSchema } from './record.js'
import { type Flying, Simulation } from './simulation.js'
import { Timeline } from './timeline.js'

export function flyRecorded(plan: Plan, seed: number): RunRecord {
  return record(plan, seed, () => {})
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
  return record(plan, seed, (flying) => {
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

function record(plan: Plan, seed: number, prepare: (flying: Flying) => void): RunRecord {
  let timeline: Timeline | undefined
  const outcome = new Simulation(plan).fly(seed, (flying) => {
    const { loop } = flying
    timeline = new Timeline(
      () => loop.now,
      () => loop.now >= plan.scenario.releaseAtMs,
      plan.policy.subscriptions,
    )
    tellFaults(plan, flying, timeline)
    prepare(flying)
    return timeline
  })
  return { schema: runSchema, scenario: plan.name, seed, ...outcome, timeline: timeline!.entries }
}

const faultPriority = -1

function tellFaults({ scenario, faults }: Plan, { loop }: Flying, timeline: Timeline): void {
  const tell = loop.handler((index, begins) => {
    const { on, effect, name } = scenario.faults[index]!
    timeline.add({ what: 'fault', on, effect: name ?? describe(effect), begins: begins === 1 })
  })
  for (const [index, { onsetMs, endMs }] of faults.entries()) {
    loop.at(onsetMs, faultPriority, tell, index, 1)
    if (endMs < Number.POSITIVE_INFINITY) loop.at(endMs, faultPriority, tell, index, 0)
  }
}

function describe(effect: Plan['scenario']['faults'][number]['effect']): string {
  switch (effect.kind) {
    case 'errors':
      return `${formatPercentage(effect.ratio)} errors`
    case 'latency':
      return `latency ${formatLatencyChange(effect.change)}`
    case 'crash-loop':
      return 'crash loop'
    case 'not-ready':
      return 'never ready'
  }
}
