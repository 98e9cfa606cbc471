// Swarms on a walk whose law is known: at each stage it goes on with a given chance, told as what a flight tells of itself.
import { describe, expect, it } from 'vitest'
import { exp, log } from '../../../src/kernel/elementary.js'
import { poisson } from '../../../src/kernel/poisson.js'
import { Tape } from '../../../src/kernel/random.js'
import type { Path } from '../../../src/run/lucky-flights.js'
import { flySwarm } from '../../../src/study/rare/swarm.js'

const stages = 12
const mean = 6
/** A check at the end of every third stage lets few enough errors of that stage pass. */
const most = 2
const isChecked = (stage: number) => stage % 3 === 2

/** Errors come `factor` times as often; those of the path decide. */
function walk({ seed, turns }: Path, factor: number) {
  let stream = new Tape(seed).stream('errors')
  const likelihoods = new Float64Array(stages + 1)
  const drawn: number[] = []
  for (let stage = 0; stage < stages; stage++) {
    const turn = turns.find((each) => each.stage === stage)
    if (turn) stream = new Tape(turn.tape).stream('errors')
    stream.seek(stage)
    const errors = poisson(stream, factor * mean)
    drawn.push(errors)
    likelihoods[stage + 1] = likelihoods[stage]! + errors * log(factor) - mean * (factor - 1)
    if (isChecked(stage) && errors > most) return { stoppedAt: stage + 1, likelihoods, isMissed: false, drawn }
  }
  return { stoppedAt: Number.POSITIVE_INFINITY, likelihoods, isMissed: true, drawn }
}

const passes = exp(-mean) * (1 + mean + (mean * mean) / 2)
const expected = passes ** 4

describe.each([1, 0.7, 0.4])('with errors %s times as often', (factor) => {
  it('swarms are right on average: 600 of 60 flights, within four standard errors', () => {
    const values = Array.from({ length: 600 }, (_, swarm) => {
      const seeds = Array.from({ length: 60 }, (__, flight) => 1000 * swarm + flight)
      return flySwarm(`${factor}/${swarm}`, seeds, (path) => walk(path, factor)).value
    })
    const average = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1)
    const standardError = Math.sqrt(variance / values.length)
    expect(standardError).toBeLessThan(expected / 4)
    expect(Math.abs(average - expected) / standardError, `${average}, expected ${expected}`).toBeLessThan(4)
  })
})

it('one whose flights have all been stopped has nothing to go on with', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed)
  const swarm = flySwarm('none', seeds, () => ({ stoppedAt: 3, likelihoods: new Float64Array(13), isMissed: false }))
  expect(swarm).toEqual({ value: 0, flights: 10 })
})

it('copies are as their parents up to where they part, and each has luck of its own afterwards', () => {
  const parent = walk({ seed: 5, turns: [] }, 0.3)
  const copies = ['a', 'b'].map((tape) => walk({ seed: 5, turns: [{ stage: 6, tape }] }, 0.3))
  for (const { drawn } of copies) expect(drawn.slice(0, 6)).toEqual(parent.drawn.slice(0, 6))
  expect(new Set([parent, ...copies].map(({ drawn }) => JSON.stringify(drawn.slice(6)))).size).toBe(3)
})
