// What a pod of finite capacity makes of its requests: how many it sheds, how many its clients give up on, and how long
// the others take, waiting included. Rates are of one pod: each pod gets its part of a Poisson stream at random, so its
// own requests are one.
import type { Latency } from '../latency/latency.js'
import { atomsOf, meanOf, varianceOf } from './atoms.js'
import { firstDeparture, nextDeparture } from './departures.js'
import { erlangLoss } from './erlang-loss.js'
import { type Occupancy, occupancy, type QueuePlan } from './occupancy.js'
import { waitsOf } from './waits.js'

export interface PodQueuePlan {
  /** How long the work on a request takes, waiting not included: that of all kinds together. */
  readonly service: Latency
  /** Requests that the pod works on at once. */
  readonly concurrency: number
  /** Requests that wait beside these; more are shed. */
  readonly queue: number
  /** How long clients wait for their answer; for ever if left out. */
  readonly timeoutMs?: number
}

/** At one rate, in the long run. The shares are of all requests. */
export interface PodState {
  /** Answered with 503, at once. */
  readonly shedShare: number
  /** Whose clients give up before their turn comes: nobody works on these. */
  readonly gaveUpShare: number
  /** How long those wait that the pod works on; their shares add up to 1. */
  readonly delays: readonly Delay[]
  readonly meanWaitMs: number
  /** Of the servers: the share that works. */
  readonly busyShare: number
}

export interface Delay {
  readonly ms: number
  readonly share: number
}

/** What becomes of requests of one kind; the shares are of all of this kind. What is neither shed nor late is answered in time. */
export interface PodAnswers {
  readonly shedShare: number
  /** Clients have given up: 504, at the timeout. */
  readonly timedOutShare: number
  /** Wait and service of those answered in time; undefined where nobody is. */
  readonly latency: Latency | undefined
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

  at(ratePerSecond: number): PodState {
    if (!(ratePerSecond >= 0 && ratePerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${ratePerSecond} requests a second`)
    }
    const ratePerMs = ratePerSecond / 1000
    const { servers, meanMs, patienceMs } = this.queuePlan
    const state = occupancy(this.queuePlan, ratePerMs)
    const { lostShare, freeShare, meanWaitMs } = state
    const shedShare = this.isPatient ? state.fullShare : this.shedShare(state, ratePerMs, patienceMs)
    const { ms, shares } = waitsOf(state)
    const delays = Array.from(ms, (waitMs, index) => ({ share: shares[index]!, ms: waitMs }))
    return {
      shedShare,
      gaveUpShare: lostShare - shedShare,
      delays: delays.length === 0 ? NO_DELAY : [{ share: freeShare, ms: 0 }, ...delays],
      meanWaitMs,
      busyShare: Math.min(1, (ratePerMs * (1 - lostShare) * meanMs) / servers),
    }
  }

  /** What becomes in such a state of requests whose own work takes so long, however long that of others does. */
  answers({ shedShare, gaveUpShare, delays }: PodState, service = this.plan.service): PodAnswers {
    const whole = delays.length === 1 ? service : service.delayed(delays)
    const { lateShare, rest } = whole.cappedAt(this.queuePlan.patienceMs)
    const worked = 1 - shedShare - gaveUpShare
    return { shedShare, timedOutShare: gaveUpShare + worked * lateShare, latency: rest }
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

const NO_DELAY: readonly Delay[] = [{ share: 1, ms: 0 }]
