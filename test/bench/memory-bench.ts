// Measures how much of the heap is in use along one flight of very many requests: it doesn't grow with them. What it gains
// at first, a few hundred KiB, is V8's compiled code: from the first to the last of its points, a second flight of 31 days
// in the same process gains 25 KiB, and the first one 16 KiB where `--no-opt --no-sparkplug` leaves the compilers out.
import { type Plan, prepare } from '../../src/run/plan.js'
import { Simulation } from '../../src/run/simulation.js'
import type { Fidelity } from '../../src/scenario/fidelity.js'
import type { Files } from '../../src/scenario/files.js'
import { readManifests, readScenario } from '../../src/scenario/load.js'
import { Problems } from '../../src/scenario/problem.js'
import { policy } from './canary-30m.js'

export interface MemoryBenchOptions {
  readonly fidelity: Fidelity
  readonly requests: number
  readonly days: number
}

export interface MemoryBenchResult {
  readonly fidelity: Fidelity
  readonly days: number
  /** Those that have come. */
  readonly requests: number
  readonly seconds: number
  /** Before the flight, at ten points of it, and after it. */
  readonly heapBytes: readonly number[]
}

/** Traffic with all that is drawn along the way, and a bad canary that is watched to the end. */
function planOf({ fidelity, days }: MemoryBenchOptions, ratePerSecond: number): Plan {
  const scenario = `
teaches: How much memory a long flight needs.
policy: policy.yaml
release: {at: 10m, image: "shop:2"}
duration: ${days}d
traffic:
  rate: ${ratePerSecond}/s
  users: 100k
  week: {low: 40%, peak: "14:00", days: {sat: 60%, sun: 50%}}
  noise: {deviation: 10%, every: 5m}
  bursts: {factor: 2, every: 1h, for: 30s}
startsAt: 2026-03-02T00:00:00Z
clients: {timeout: 2s}
faults: [{on: both, errors: 0.2%}, {on: canary, errors: 0.2%}]
`
  const files: Files = { read: (path) => ({ text: path.endsWith('policy.yaml') ? waiting : scenario }) }
  const problems = new Problems()
  const file = readScenario('scenario.yaml', files, problems)
  const manifests = readManifests(['policy.yaml'], files, problems)
  const plan = prepare('memory', file, manifests, problems, { fidelity })
  problems.throwIfAny()
  return plan!
}

export function memoryBench(options: MemoryBenchOptions): MemoryBenchResult {
  const perRate = planOf(options, 1).flow.traffic.mean.integral(0, options.days * dayMs)
  const plan = planOf(options, options.requests / perRate)
  const simulation = new Simulation(plan)
  const { durationMs } = plan.scenario
  const heap = [heapBytes()]
  const start = process.cpuUsage()
  const flying = simulation.takeOff(1)
  for (let point = 1; point <= POINTS; point++) {
    flying.advance((durationMs * point) / (POINTS + 1))
    heap.push(heapBytes())
  }
  flying.advance(durationMs)
  const { requests } = flying.land().blastRadius
  const { user, system } = process.cpuUsage(start)
  heap.push(heapBytes())
  const { fidelity, days } = options
  return { fidelity, days, requests: requests.total, seconds: (user + system) / 1e6, heapBytes: heap }
}

const POINTS = 10
const dayMs = 86_400_000

/** Nobody goes on from its first step, and the analysis never fails. */
const waiting = policy.replace('pause: {duration: 5m}', 'pause: {}').replace('>= 0.99', '>= 0.5')

/** Of what is still in use, where garbage can be collected at will. */
export function heapBytes(): number {
  const { gc } = globalThis as { gc?: () => void }
  gc?.()
  return process.memoryUsage().heapUsed
}
