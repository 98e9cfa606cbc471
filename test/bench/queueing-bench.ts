// Measures requests that queue at a pod (M/M/c) against a bare loop that draws the same numbers and keeps the same queue.
import { standardExponential } from '../../src/kernel/exponential.js'
import { Tape } from '../../src/kernel/random.js'
import { Agenda } from '../../src/world/requests/queueing/agenda.js'
import type { Ending } from '../../src/world/requests/queueing/ending.js'
import { UNLIMITED } from '../../src/world/requests/queueing/pods.js'
import { Queueing } from '../../src/world/requests/queueing/queueing.js'
import { PoissonArrivals } from '../world/requests/queueing/arrivals.js'
import { hashOf } from './hash.js'

/** How many requests a pod serves at once. */
export const SERVERS = [1, 10, 100]
export const UTILISATION = 0.8
/** The one that stands for all: a pod with ten workers. */
const TYPICAL = 10
const SERVICE_MS = 10
/** As often as a scrape looks. */
const LOOK_MS = 15_000

export interface QueueingBenchOptions {
  readonly requests: number
  readonly rounds: number
}

export interface QueueingBenchResult {
  readonly queueingRequestsPerSecond: number
  readonly bareQueueingRequestsPerSecond: number
  /** By the number of servers. */
  readonly queueing: Readonly<Record<string, { readonly engine: number; readonly bare: number }>>
  /** Of what became of the first requests: nobody makes them fast by changing what they mean. */
  readonly hash: string
}

export function queueingBench({ requests, rounds }: QueueingBenchOptions): QueueingBenchResult {
  const queueing: Record<string, { engine: number; bare: number }> = {}
  for (const servers of SERVERS) {
    const engine: number[] = []
    const bare: number[] = []
    // By turns, as the machine's speed may change meanwhile.
    for (let round = 0; round < rounds; round++) {
      engine.push(secondsFor(() => simulate(servers, requests)))
      bare.push(secondsFor(() => bareLoop(servers, requests)))
    }
    queueing[servers] = { engine: requests / Math.min(...engine), bare: requests / Math.min(...bare) }
  }
  return {
    queueingRequestsPerSecond: queueing[TYPICAL]!.engine,
    bareQueueingRequestsPerSecond: queueing[TYPICAL]!.bare,
    queueing,
    hash: hashOf(SERVERS.map((servers) => JSON.stringify(simulate(servers, 20_000))).join('\n')),
  }
}

interface Tally {
  readonly requests: number
  readonly waitMs: number
  readonly latencyMs: number
}

export function simulate(servers: number, requests: number): Tally {
  const tape = new Tape(1)
  const tally = { requests: 0, waitMs: 0, latencyMs: 0 }
  const take = ({ waitMs, latencyMs }: Ending) => {
    tally.requests++
    tally.waitMs += waitMs
    tally.latencyMs += latencyMs
  }
  const plan = {
    versions: 1,
    strands: [1],
    capacities: [{ concurrency: servers, queue: UNLIMITED }],
    codes: { ok: 200, shed: 503, timedOut: 504, reset: 503 },
  }
  const engine = new Queueing(plan, tape, { take })
  const requestsPerSecond = (1000 * UTILISATION * servers) / SERVICE_MS
  engine.answer(0, 0, 0, { sample: (stream) => SERVICE_MS * standardExponential(stream) }, [])
  engine.serve(0, [0])
  engine.receive(new PoissonArrivals(tape.stream('arrivals'), requestsPerSecond, 0))
  const endMs = (1000 * requests) / requestsPerSecond
  for (let lookMs = LOOK_MS; lookMs < endMs; lookMs += LOOK_MS) engine.advance(lookMs)
  engine.advance(endMs)
  return tally
}

/** Nothing but arrivals, ends and a queue, in mean service times. */
function bareLoop(servers: number, requests: number): number {
  const tape = new Tape(1)
  const arrivals = tape.stream('arrivals')
  const answers = tape.stream('answers')
  const agenda = new Agenda()
  const queue = new Float64Array(QUEUE)
  const idle = Array.from({ length: servers }, (_, server) => server)
  const gap = 1 / (UTILISATION * servers)
  let nextArrival = gap * standardExponential(arrivals)
  let head = 0
  let tail = 0
  let waits = 0
  for (let done = 0; done < requests; ) {
    if (nextArrival < agenda.nextMs) {
      if (idle.length > 0) agenda.add(nextArrival + standardExponential(answers), idle.pop()!)
      else queue[tail++ & (QUEUE - 1)] = nextArrival
      nextArrival += gap * standardExponential(arrivals)
      continue
    }
    const now = agenda.nextMs
    const server = agenda.first
    agenda.drop()
    done++
    if (head === tail) idle.push(server)
    else {
      waits += now - queue[head++ & (QUEUE - 1)]!
      agenda.add(now + standardExponential(answers), server)
    }
  }
  return waits / requests
}

const QUEUE = 2 ** 16

/** Of the processor: time on the clock passes for others, too. */
function secondsFor(act: () => unknown): number {
  const start = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
