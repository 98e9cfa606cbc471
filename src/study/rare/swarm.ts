// Many flights that reach together what hardly one of them would: whenever some have been stopped, they begin anew as copies
// of those that go on, each from there on with luck of its own.
import { exp } from '../../kernel/elementary.js'
import { Tape } from '../../kernel/random.js'
import type { LuckyFlight, Path } from '../../run/lucky-flights.js'

export interface Swarm {
  /** The chance of a miss: right on average, however few flights there are and whatever their tilt. */
  readonly value: number
  /** Each flight counted as often as it began anew. */
  readonly flights: number
}

/**
 * A sequential Monte Carlo sampler (C. Andrieu, A. Doucet and R. Holenstein, Particle Markov chain Monte Carlo methods,
 * 2010, section 2.2) with systematic resampling. The product of its mean weights has no bias (P. Del Moral, Feynman-Kac
 * Formulae, 2004). It resamples when flights have been stopped, and never because their weights differ: until a check has
 * judged them, those that weigh most are those that it will stop.
 */
export function flySwarm(
  name: string,
  seeds: readonly number[],
  fly: (path: Path) => Pick<LuckyFlight, 'stoppedAt' | 'likelihoods' | 'isMissed'>,
): Swarm {
  const { length } = seeds
  const chance = new Tape(`swarm ${name}`).stream('copies')
  let paths: readonly Path[] = seeds.map((seed) => ({ seed, turns: [] }))
  let value = 1
  for (let base = 0, flown = length; ; flown += length) {
    const flights = paths.map(fly)
    const last = flights[0]!.likelihoods.length - 1
    const stage = stageToEndAt(flights, base, last)
    const weights = flights.map(({ stoppedAt, likelihoods, isMissed }) => {
      const isOut = stage >= stoppedAt || (stage === last && !isMissed)
      return isOut ? 0 : exp(likelihoods[base]! - likelihoods[stage]!)
    })
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / length
    value *= mean
    if (stage === last || mean === 0) return { value, flights: flown }
    const parents = resample(weights, length * mean, chance.uniform())
    paths = parents.map((parent, copy) => {
      const { seed, turns } = paths[parent]!
      return { seed, turns: [...turns, { stage, tape: `${name}/${stage}/${copy}` }] }
    })
    base = stage
  }
}

/** The first after which too few are left. */
function stageToEndAt(flights: readonly Pick<LuckyFlight, 'stoppedAt'>[], base: number, last: number): number {
  for (let stage = base + 1; stage < last; stage++) {
    const left = flights.filter(({ stoppedAt }) => stoppedAt > stage).length
    if (left < enoughLeft * flights.length) return stage
  }
  return last
}

const enoughLeft = 0.75

/** As many as there are, each as often as it weighs: one point of chance, and the others at equal distances. */
function resample(weights: readonly number[], sum: number, point: number): readonly number[] {
  const { length } = weights
  const chosen: number[] = []
  let passed = 0
  for (const [at, weight] of weights.entries()) {
    passed += weight
    while (chosen.length < length && ((chosen.length + point) * sum) / length < passed) chosen.push(at)
  }
  // What rounding has left over.
  const last = weights.findLastIndex((weight) => weight > 0)
  while (chosen.length < length) chosen.push(last)
  return chosen
}
