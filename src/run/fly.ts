// One flight with everything that happened in it: what a person wants to read.
import { formatLatencyChange, formatPercentage } from '../scenario/units.js'
import type { Plan } from './plan.js'
import { type RunRecord, runSchema } from './record.js'
import { type Flying, Simulation } from './simulation.js'
import { Timeline } from './timeline.js'

/** Whoever looks on is told of each change, with the flight as it is at that instant. */
export function flyRecorded(plan: Plan, seed: number, onChange: (flying: Flying) => void = () => {}): RunRecord {
  let timeline: Timeline | undefined
  const outcome = new Simulation(plan).fly(seed, (flying) => {
    const { loop } = flying
    timeline = new Timeline(
      () => loop.now,
      () => loop.now >= plan.scenario.releaseAtMs,
    )
    timeline.changed = () => onChange(flying)
    tellFaults(plan, flying, timeline)
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
