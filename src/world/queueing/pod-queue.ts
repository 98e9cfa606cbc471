// What a pod of finite capacity makes of its requests: how many it sheds, how many its clients give up on, and how long
// the others take, waiting included. `new PodQueue(plan).at(ratePerSecond)`, the rate being that of one pod: each pod
// gets its part of a Poisson stream at random, so its own requests are one.
import type { Latency } from '../latency/latency.js'
import { atomsOf, meanOf, varianceOf } from './atoms.js'
import { firstDeparture, nextDeparture } from './departures.js'
import { erlangLoss } from './erlang-loss.js'
import { type Occupancy, occupancy, type QueuePlan } from './occupancy.js'
import { waitsOf } from './waits.js'

export interface PodQueuePlan {
  /** How long the work on a request takes, waiting not included. */
  readonly service: Latency
  /** Requests that the pod works on at once. */
  readonly concurrency: number
  /** Requests that wait beside these; more are shed. */
  readonly queue: number
  /** How long clients wait for their answer; for ever if left out. */
  readonly timeoutMs?: number
}

/** At one rate, in the long run. The shares are of all requests; what is neither is answered in time. */
export interface PodAnswers {
  /** Answered with 503, at once. */
  readonly shedShare: number
  /** Clients have given up: 504, at the timeout. */
  readonly timedOutShare: number
  /** Wait and service of those answered in time; undefined where nobody is. */
  readonly latency: Latency | undefined
  /** Of those whom the pod works on. */
  readonly meanWaitMs: number
  /** Of the servers: the share that works. */
  readonly busyShare: number
}

/**
 * First come first served. A client that has given up leaves its request behind: in the queue it keeps its place but is
 * not worked on when its turn comes, and what a server works on it finishes.
 *
 * Exact where nobody has to wait, for exponential services (but for how finely waits are told apart), for a single
 * server in the number of its requests, and without a queue; elsewhere near, by how much docs/numbers.md says.
 */
export class PodQueue {
  private readonly queuePlan: QueuePlan
  /** The queue is full before anybody in it gives up, at the latest at the pace at which it moves. */
  private readonly isPatient: boolean
  private readonly known = new Map<number, PodAnswers>()

  constructor(private readonly plan: PodQueuePlan) {
    const { service, concurrency: servers, queue, timeoutMs = Number.POSITIVE_INFINITY } = plan
    if (!(Number.isSafeInteger(servers) && servers > 0)) throw new RangeError(`a concurrency of ${servers}`)
    if (!(Number.isSafeInteger(queue) && queue >= 0)) throw new RangeError(`a queue of ${queue}`)
    const atoms = atomsOf(service)
    const meanMs = meanOf(atoms)
    const squaredVariation = varianceOf(atoms) / (meanMs * meanMs)
    // So many are served before a client loses its patience; nobody much further back in the queue ever is.
    const patience = (timeoutMs * servers) / meanMs
    this.isPatient = !(patience < queue)
    this.queuePlan = {
      step: nextDeparture(atoms, servers, Math.min(queue, patience), squaredVariation),
      first: firstDeparture(atoms, servers),
      meanMs,
      squaredVariation,
      servers,
      queue: Math.min(queue, Math.ceil(patience + 8 * Math.sqrt(patience) + 8)),
      patienceMs: timeoutMs,
    }
  }

  at(ratePerSecond: number): PodAnswers {
    const known = this.known.get(ratePerSecond)
    if (known !== undefined) return known
    if (!(ratePerSecond >= 0 && ratePerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${ratePerSecond} requests a second`)
    }
    const answers = this.answersAt(ratePerSecond / 1000)
    if (this.known.size >= MOST_KNOWN) this.known.clear()
    this.known.set(ratePerSecond, answers)
    return answers
  }

  private answersAt(ratePerMs: number): PodAnswers {
    const { service, timeoutMs = Number.POSITIVE_INFINITY } = this.plan
    const { servers, meanMs } = this.queuePlan
    const state = occupancy(this.queuePlan, ratePerMs)
    const { lateShare, rest } = this.soonerOrLater(service, state).cappedAt(timeoutMs)
    const served = 1 - state.lostShare
    const shedShare = this.isPatient ? state.fullShare : this.shedShare(state, ratePerMs, timeoutMs)
    return {
      shedShare,
      timedOutShare: state.lostShare - shedShare + served * lateShare,
      latency: rest,
      meanWaitMs: state.meanWaitMs,
      busyShare: Math.min(1, (ratePerMs * served * meanMs) / servers),
    }
  }

  private soonerOrLater(service: Latency, state: Occupancy): Latency {
    const { ms, shares } = waitsOf(state)
    if (ms.length === 0) return service
    const waits = Array.from(ms, (waitMs, index) => ({ share: shares[index]!, ms: waitMs }))
    return service.delayed([{ share: state.freeShare, ms: 0 }, ...waits])
  }

  /**
   * Where clients give up before the queue is full: each keeps its place for as long as it waits, to be served or in
   * vain, so the places are like the lines of a telephone exchange, and what finds none free is Erlang's loss.
   */
  private shedShare({ lostShare, meanWaitMs }: Occupancy, ratePerMs: number, timeoutMs: number): number {
    const heldMs = (1 - lostShare) * meanWaitMs + lostShare * timeoutMs
    return Math.min(lostShare, erlangLoss(this.plan.queue, ratePerMs * heldMs))
  }
}

const MOST_KNOWN = 1024
