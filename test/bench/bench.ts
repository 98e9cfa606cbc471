// Measures flights against a bare loop in the same process, by turns: on a shared machine only the ratio says much.
import { poisson } from '../../src/kernel/poisson.js'
import { Tape } from '../../src/kernel/random.js'
import { ArgoRollouts } from '../../src/policy/argo/controller.js'
import { Simulation } from '../../src/run/simulation.js'
import { CODES } from '../../src/world/codes.js'
import { canary30m } from './canary-30m.js'
import { hashOf } from './hash.js'

export interface BenchOptions {
  readonly flights: number
  readonly rounds: number
}

export interface BenchResult {
  readonly flowRunsPerSecond: number
  readonly bareFlowRunsPerSecond: number
  readonly flowOverBare: number
  readonly microsecondsPerRun: number
  /** Shares of a flight's time. */
  readonly parts: Readonly<Record<string, number>>
  /** Of the outcomes of the first flights: nobody makes them fast by changing what they mean. */
  readonly hash: string
}

export function bench({ flights, rounds }: BenchOptions): BenchResult {
  const simulation = new Simulation(canary30m())
  const looks = looksOf(simulation)
  const hash = hashOf(Array.from({ length: 20 }, (_, seed) => JSON.stringify(simulation.fly(seed))).join('\n'))
  const flow: number[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    flow.push(secondsFor(flights, (seed) => simulation.fly(seed)))
    bare.push(secondsFor(flights, (seed) => bareFlight(seed, looks)))
  }
  const flowSeconds = median(flow) / flights
  const bareSeconds = median(bare) / flights
  return {
    flowRunsPerSecond: 1 / flowSeconds,
    bareFlowRunsPerSecond: 1 / bareSeconds,
    flowOverBare: flowSeconds / bareSeconds,
    microsecondsPerRun: 1e6 * flowSeconds,
    parts: partsOf(simulation, flights),
    hash,
  }
}

/** By look, version and code: how many answers came since the look before, in one flight. */
type Looks = readonly (readonly (readonly number[])[])[]

function looksOf(simulation: Simulation): Looks {
  const { flow } = simulation
  const looks: number[][][] = []
  const draw = flow.draw.bind(flow)
  let before = [0, 1].map(() => CODES.map(() => 0))
  flow.draw = (timeMs) => {
    draw(timeMs)
    const now = [0, 1].map((version) => CODES.map((_, code) => flow.cells.counts[flow.cells.index(version, code)]!))
    looks.push(now.map((codes, version) => codes.map((count, code) => count - before[version]![code]!)))
    before = now
  }
  simulation.fly(1)
  flow.draw = draw
  return looks
}

/** Draws every count of a flight with the mean it had, and does nothing else. */
function bareFlight(seed: number, looks: Looks): number {
  const tape = new Tape(seed)
  const streams = [tape.stream('answers', '0'), tape.stream('answers', '1')]
  let sum = 0
  for (let look = 0; look < looks.length; look++) {
    for (let version = 0; version < streams.length; version++) {
      const means = looks[look]![version]!
      for (let code = 0; code < means.length; code++) {
        if (means[code] === 0) continue
        const stream = streams[version]!
        stream.seek(look * means.length + code)
        sum += poisson(stream, means[code]!)
      }
    }
  }
  return sum
}

/** A clock around each part costs some time itself, so these are shares and not durations. */
function partsOf(simulation: Simulation, flights: number): Record<string, number> {
  const spent: Record<string, number> = { 'draw counts': 0, scrape: 0, query: 0, policy: 0 }
  const inside: string[] = []
  const timed = <Args extends unknown[], Result>(part: string, act: (...args: Args) => Result) => {
    return function (this: unknown, ...args: Args): Result {
      const outer = inside.at(-1)
      inside.push(part)
      const start = performance.now()
      const result = act.apply(this, args)
      const seconds = performance.now() - start
      inside.pop()
      spent[part]! += seconds
      // Time counts for the innermost part only.
      if (outer !== undefined) spent[outer]! -= seconds
      return result
    }
  }
  const { flow, observatory } = simulation
  const originals = { draw: flow.draw, split: flow.split, scrape: observatory.scrape, answer: observatory.answer }
  const prototype = ArgoRollouts.prototype as unknown as { pass: () => void }
  const { pass } = prototype
  flow.draw = timed('draw counts', flow.draw.bind(flow))
  flow.split = timed('draw counts', flow.split.bind(flow))
  observatory.answer = timed('query', observatory.answer.bind(observatory))
  observatory.scrape = (...args) => timed('scrape', originals.scrape.bind(observatory))(...args)
  prototype.pass = timed('policy', pass)
  const total = 1000 * secondsFor(flights, (seed) => simulation.fly(seed))
  Object.assign(flow, { draw: originals.draw, split: originals.split })
  Object.assign(observatory, { scrape: originals.scrape, answer: originals.answer })
  prototype.pass = pass
  const parts = Object.fromEntries(Object.entries(spent).map(([part, ms]) => [part, ms / total]))
  return { ...parts, rest: 1 - Object.values(parts).reduce((sum, share) => sum + share, 0) }
}

function secondsFor(flights: number, fly: (seed: number) => unknown): number {
  const start = performance.now()
  for (let seed = 0; seed < flights; seed++) fly(seed)
  return (performance.now() - start) / 1000
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
