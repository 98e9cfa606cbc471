// Waits in the queue of a pod against theory: their mean, how many wait at all, and how many wait longer than nine in ten
// of those do. Twenty independent replications each, intervals at 99.99 %, seeds fixed.
import { describe, expect, it } from 'vitest'
import { standardExponential } from '../../../../src/kernel/exponential.js'
import { Tape } from '../../../../src/kernel/random.js'
import type { Ending, Sink } from '../../../../src/world/requests/queueing/ending.js'
import type { Law } from '../../../../src/world/requests/queueing/lane-laws.js'
import { UNLIMITED } from '../../../../src/world/requests/queueing/pods.js'
import { Queueing } from '../../../../src/world/requests/queueing/queueing.js'
import { PoissonArrivals } from './arrivals.js'
import { codes } from './engine.js'
import { expectMean, REPLICATIONS } from './replications.js'
import { blockingInMMcK, type Waiting, waitingInMD1, waitingInMH21, waitingInMMc } from './theory.js'

const SERVICE_MS = 1
const exponential: Law = { sample: (stream) => SERVICE_MS * standardExponential(stream) }

describe.each([1, 2, 10, 50])('Where a pod serves %i at once', (servers) => {
  it.each(servers === 50 ? [0.8, 0.9, 0.95] : [0.5, 0.8, 0.9, 0.95])(
    'requests wait as M/M/c has it at a utilisation of %d',
    (utilisation) => {
      expectWaits(
        `M/M/${servers} at ${utilisation}`,
        servers,
        utilisation,
        exponential,
        waitingInMMc(servers, utilisation),
      )
    },
  )
})

describe('Where a pod serves 50 at once at a utilisation of 0.5', () => {
  it('hardly any request waits', () => {
    const tally = new Tally(0)
    simulate(1, 50, UNLIMITED, 25, exponential, tally, 200_000)
    // 2 are expected, and they come in groups.
    expect(200_000 * waitingInMMc(50, 0.5).probability).toBeLessThan(5)
    expect(tally.waited).toBeLessThan(50)
  })
})

describe.each([0.5, 0.8, 0.95])('Where a pod serves one at a time at a utilisation of %d', (utilisation) => {
  it('and each takes as long, requests wait as M/D/1 has it', () => {
    expectWaits(`M/D/1 at ${utilisation}`, 1, utilisation, { sample: () => SERVICE_MS }, waitingInMD1(utilisation))
  })

  it('and one in five takes six times as long, requests wait as M/G/1 has it', () => {
    const rates = [2, 1 / 3] as const
    const law: Law = {
      sample: (stream) => standardExponential(stream) / rates[stream.uniform() < 0.8 ? 0 : 1],
    }
    expectWaits(`M/H2/1 at ${utilisation}`, 1, utilisation, law, waitingInMH21(utilisation, 0.8, rates))
  })
})

describe('Where the queue is short', () => {
  it.each([
    [1, 0, 0.7],
    [1, 3, 1.3],
    [5, 0, 4],
    [5, 5, 5],
    [20, 10, 25],
  ])('a pod for %i with room for %i more sheds as M/M/c/K has it under %d Erlangs', (servers, queue, load) => {
    const shares = replicate((seed) => {
      const tally = new Tally(0)
      simulate(seed, servers, queue, load, exponential, tally, 20_000)
      return tally.shed / tally.count
    })
    expectMean(`M/M/${servers}/${servers + queue} under ${load}`, shares, blockingInMMcK(servers, queue, load), 0.1)
  })
})

function expectWaits(label: string, servers: number, utilisation: number, law: Law, expected: Waiting): void {
  const long = quantile(expected, 0.1 * expected.probability)
  // The busier a pod, the more alike are the waits of those that come one after the other.
  const count = 10_000 / (1 - utilisation)
  const tallies = replicate((seed) => {
    const tally = new Tally(long * SERVICE_MS)
    simulate(seed, servers, UNLIMITED, servers * utilisation, law, tally, count)
    return tally
  })
  const of = (part: (tally: Tally) => number) => tallies.map((tally) => part(tally) / tally.count)
  expectMean(
    `${label}, mean wait`,
    of(({ waitsMs }) => waitsMs / SERVICE_MS),
    expected.mean,
    0.25,
  )
  expectMean(
    `${label}, share that waits`,
    of(({ waited }) => waited),
    expected.probability,
    0.25,
  )
  expectMean(
    `${label}, share beyond ${long}`,
    of((tally) => tally.long),
    expected.tail(long),
    0.5,
  )
}

/** By going up first: far beyond, the series of M/D/1 is a difference of huge numbers. */
function quantile({ tail }: Waiting, beyond: number): number {
  let high = 1 / 64
  while (tail(high) > beyond) high *= 1.25
  let low = 0
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (tail(middle) > beyond) low = middle
    else high = middle
  }
  return low
}

function replicate<T>(run: (seed: number) => T): T[] {
  return Array.from({ length: REPLICATIONS }, (_, seed) => run(seed))
}

class Tally implements Sink {
  count = 0
  shed = 0
  waited = 0
  long = 0
  waitsMs = 0
  isOn = false

  constructor(private readonly longMs: number) {}

  take({ waitMs, code }: Ending): void {
    if (!this.isOn) return
    this.count++
    this.waitsMs += waitMs
    if (code === codes.shed) this.shed++
    if (waitMs > 0) this.waited++
    if (waitMs > this.longMs) this.long++
  }
}

/** From empty; a fifth of the requests goes by before any is counted. */
function simulate(seed: number, servers: number, queue: number, load: number, law: Law, tally: Tally, count: number) {
  const tape = new Tape(seed)
  const capacities = [{ concurrency: servers, queue }]
  const engine = new Queueing({ versions: 1, strands: [1], capacities, codes }, tape, tally)
  engine.answer(0, 0, 0, law, [])
  engine.serve(0, [0])
  engine.receive(new PoissonArrivals(tape.stream('arrivals'), (1000 * load) / SERVICE_MS, 0))
  const forMs = (count * SERVICE_MS) / load
  engine.advance(0.2 * forMs)
  tally.isOn = true
  engine.advance(1.2 * forMs)
}
