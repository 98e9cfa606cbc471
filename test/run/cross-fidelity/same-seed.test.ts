// Random scenarios at both fidelities: the same seed is the same flight, whoever looks on.
import { describe, expect, it } from 'vitest'
import { flyRecorded } from '../../../src/run/fly.js'
import type { Simulation } from '../../../src/run/simulation.js'
import { simulationOf } from './flights.js'
import { scenarioOf } from './scenarios.js'

const seed = 7

describe.each(['flow', 'request'] as const)('%s', (fidelity) => {
  it.each(Array.from({ length: 4 }, (_, index) => 10 * index))(
    'is the same to the last byte under the same seed, in ten scenarios from number %d on',
    async (first) => {
      for (let number = first; number < first + 10; number++) {
        const written = scenarioOf(`same seed ${number}`)
        const simulation = await simulationOf(written, fidelity)
        const flown = JSON.stringify(simulation.fly(seed))
        simulation.fly(seed + 1)
        expect(JSON.stringify(simulation.fly(seed)), `scenario ${number}, flown again`).toBe(flown)
        const anew = await simulationOf(written, fidelity)
        expect(JSON.stringify(anew.fly(seed)), `scenario ${number}, prepared again`).toBe(flown)
        expect(watched(simulation), `scenario ${number}, watched`).toBe(flown)
        if (fidelity === 'request') expect(sampled(simulation), `scenario ${number}, sampled`).toBe(flown)
      }
    },
  )
})

function watched({ plan }: Simulation): string {
  const {
    schema: _schema,
    scenario: _scenario,
    seed: _seed,
    fidelity: _fidelity,
    timeline,
    ...outcome
  } = flyRecorded(plan, seed)
  expect(timeline.length).toBeGreaterThan(0)
  return JSON.stringify(outcome)
}

function sampled(simulation: Simulation): string {
  let lines = 0
  const log = {
    every: 10,
    write: () => {
      lines++
    },
  }
  const flying = simulation.takeOff(seed, undefined, log)
  flying.advance(simulation.plan.scenario.durationMs)
  const outcome = flying.land()
  expect(lines).toBeGreaterThan(100)
  return JSON.stringify(outcome)
}
