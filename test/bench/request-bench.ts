// Measures requests flown one by one against a bare loop that draws the same for each of them: a wait, an outcome, a count.
import { Alias } from '../../src/kernel/alias.js'
import { standardExponential } from '../../src/kernel/exponential.js'
import { Tape } from '../../src/kernel/random.js'
import { Simulation } from '../../src/run/simulation.js'
import { canary30m } from './canary-30m.js'
import { hashOf } from './hash.js'
import { heapBytes } from './memory-bench.js'

export interface RequestBenchOptions {
  readonly flights: number
  readonly rounds: number
}

export interface RequestBenchResult {
  readonly requestsPerSecond: number
  readonly bareRequestsPerSecond: number
  readonly requestsOverBare: number
  /** Bytes that the heap has grown by over all the flights, and the requests of these. */
  readonly heapGrowthBytes: number
  readonly requestsFlown: number
  /** Of the outcome of one flight: nobody makes it fast by changing what it means. */
  readonly requestHash: string
}

export function requestBench({ flights, rounds }: RequestBenchOptions): RequestBenchResult {
  const simulation = new Simulation(canary30m('request'))
  const first = simulation.fly(0)
  const perFlight = first.blastRadius.requests.total
  bareFlight(0, perFlight)
  const heapBefore = heapBytes()
  const seconds: number[] = []
  const bareSeconds: number[] = []
  let requestsFlown = 0
  // By turns, as the machine's speed may change meanwhile.
  for (let round = 0; round < rounds; round++) {
    let requests = 0
    const took = secondsFor(flights, (seed) => {
      requests += simulation.fly(seed).blastRadius.requests.total
    })
    seconds.push(took / requests)
    requestsFlown += requests
    bareSeconds.push(secondsFor(flights, (seed) => bareFlight(seed, perFlight)) / (flights * perFlight))
  }
  const heapGrowthBytes = heapBytes() - heapBefore
  const [perRequest, perBareRequest] = [Math.min(...seconds), Math.min(...bareSeconds)]
  return {
    requestsPerSecond: 1 / perRequest,
    bareRequestsPerSecond: 1 / perBareRequest,
    requestsOverBare: perRequest / perBareRequest,
    heapGrowthBytes,
    requestsFlown,
    requestHash: hashOf(JSON.stringify(first)),
  }
}

/** Two versions, good and bad answers: four outcomes. */
function bareFlight(seed: number, requests: number): number {
  const tape = new Tape(seed)
  const waits = tape.stream('waits')
  const outcomes = tape.stream('outcomes')
  const alias = new Alias([0.7992, 0.0008, 0.1998, 0.0002])
  const counts = new Float64Array(4)
  let timeMs = 0
  for (let request = 0; request < requests; request++) {
    timeMs += 0.1 * standardExponential(waits)
    counts[alias.draw(outcomes)]! += 1
  }
  return timeMs + counts[0]!
}

function secondsFor(flights: number, fly: (seed: number) => unknown): number {
  const start = process.cpuUsage()
  for (let seed = 0; seed < flights; seed++) fly(seed)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
