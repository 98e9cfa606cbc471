// When requests arrive: by chance at the rate of the traffic, or as often as a log says.
import { describe, expect, it } from 'vitest'
import { Tape } from '../../../../src/kernel/random.js'
import { type Arrivals, CountedArrivals, PoissonArrivals } from '../../../../src/world/requests/queueing/arrivals.js'
import { Traffic } from '../../../../src/world/traffic.js'
import { expectContinuousFit, expectDiscreteFit } from '../../../kernel/goodness.js'

const ramps = new Traffic([
  { atMs: 1000, requestsPerSecond: 0 },
  { atMs: 3000, requestsPerSecond: 200 },
  { atMs: 4000, requestsPerSecond: 200 },
  { atMs: 4000, requestsPerSecond: 50 },
  { atMs: 6000, requestsPerSecond: 0 },
  { atMs: 9000, requestsPerSecond: 0 },
  { atMs: 9000, requestsPerSecond: 20 },
  { atMs: 10_000, requestsPerSecond: 0 },
])

describe('Requests that arrive by chance', () => {
  it('come at the rate of the traffic, up and down its ramps and never while it is zero', () => {
    const instants = runs(400, (seed) => until(10_000, poisson(seed, ramps)))
    const share = (ms: number) => ramps.integral(0, ms) / ramps.integral(0, 10_000)
    expectContinuousFit('instants', instants.flat(), share)
    expect(instants.flat().filter((ms) => ms < 1000 || (ms > 6000 && ms < 9000))).toEqual([])
  })

  it('are as many as Poisson has it, in each part alike', () => {
    const counts = runs(4000, (seed) => until(6000, poisson(seed, ramps)).filter((ms) => ms > 3900 && ms < 4100).length)
    const mean = ramps.integral(3900, 4100)
    const probabilities = [Math.exp(-mean)]
    for (let k = 1; k < 80; k++) probabilities.push((probabilities[k - 1]! * mean) / k)
    expectDiscreteFit('counts', counts, { first: 0, probabilities })
  })

  it('end where the traffic ends for good', () => {
    const arrivals = poisson(1, ramps)
    until(1e9, arrivals)
    expect(arrivals.nextMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('begin anew from any instant', () => {
    const from = new PoissonArrivals(new Tape(1).stream('arrivals'), ramps, 3500)
    const instants = until(10_000, from)
    expect(instants[0]).toBeGreaterThan(3500)
    expect(Math.abs(instants.length - ramps.integral(3500, 10_000))).toBeLessThan(
      4 * Math.sqrt(ramps.integral(3500, 10_000)),
    )
  })
})

describe('Requests that were counted', () => {
  it('are as many between two edges as were counted, to the request, and in order', () => {
    const edges = [0, 1000, 1500, 60_000, 60_001]
    const counts = [3, 0, 4000, 7]
    const instants = until(1e9, new CountedArrivals(new Tape(1).stream('arrivals'), edges, counts))
    expect([...instants].sort((one, other) => one - other)).toEqual(instants)
    const found = counts.map((_, span) => instants.filter((ms) => ms >= edges[span]! && ms <= edges[span + 1]!).length)
    expect(found).toEqual(counts)
  })

  it('come at any instant between the edges alike', () => {
    const instants = until(1e9, new CountedArrivals(new Tape(1).stream('arrivals'), [500, 1500], [20_000]))
    expectContinuousFit('instants', instants, (ms) => (ms - 500) / 1000)
  })

  it('need an edge more than counts', () => {
    expect(() => new CountedArrivals(new Tape(1).stream('arrivals'), [0, 1], [1, 2])).toThrow(
      '2 counts between 2 edges',
    )
  })
})

function poisson(seed: number, traffic: Traffic): Arrivals {
  return new PoissonArrivals(new Tape(seed).stream('arrivals'), traffic, 0)
}

function runs<T>(count: number, run: (seed: number) => T): T[] {
  return Array.from({ length: count }, (_, seed) => run(seed))
}

function until(endMs: number, arrivals: Arrivals): number[] {
  const instants: number[] = []
  for (; arrivals.nextMs <= endMs; arrivals.take()) instants.push(arrivals.nextMs)
  return instants
}
