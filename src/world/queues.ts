// What becomes of requests at pods that have room for only so many, as rules: with the wait, with what is shed and what
// clients give up on. Flights are much alike, so what has been worked out is kept from one to the next.
import type { Places } from '../scenario/service.js'
import type { Objective } from './harm.js'
import { Latency } from './latency/latency.js'
import { PodQueue } from './queueing/pod-queue.js'
import { type Grid, type Rule, timesOf } from './rule.js'

/** Requests of one strand, and how a pod would answer them that has room for all. */
export interface Stream {
  readonly rule: Rule
  readonly share: number
}

export interface Queued {
  /** Of the requests that come, whichever strand they are of, so many find a place. */
  readonly admittedShare: number
  /** By strand. */
  readonly rules: readonly Rule[]
}

export class Queues {
  private readonly known = new Map<string, Known>()
  private readonly numbers = new WeakMap<Rule, number>()
  private lastNumber = 0

  constructor(
    private readonly grid: Grid,
    private readonly objective: Objective | undefined,
    private readonly timeoutMs: number | undefined,
  ) {}

  /** At one of the pods to which these streams go, so many requests a second to each. */
  at(places: Places, streams: readonly Stream[], ratePerSecond: number): Queued {
    const { queue, byRate } = this.queueOf(places, streams)
    let queued = byRate.get(ratePerSecond)
    if (queued === undefined) {
      queued = this.queued(queue, streams, ratePerSecond)
      if (byRate.size >= MOST_RATES) byRate.clear()
      byRate.set(ratePerSecond, queued)
    }
    return queued
  }

  private queueOf(places: Places, streams: readonly Stream[]): Known {
    const { concurrency, queue } = places
    let key = `${concurrency} ${queue}`
    for (const { rule, share } of streams) key += ` ${this.numberOf(rule)} ${share}`
    let known = this.known.get(key)
    if (known === undefined) {
      const kinds = streams.map(({ rule, share }) => ({ share, law: rule.service }))
      const service = Latency.ofKinds(kinds.filter(({ share }) => share > 0))
      const { timeoutMs = Number.POSITIVE_INFINITY } = this
      known = { queue: new PodQueue({ service, concurrency, queue, timeoutMs }), byRate: new Map() }
      if (this.known.size >= MOST_QUEUES) this.known.clear()
      this.known.set(key, known)
    }
    return known
  }

  private queued(pod: PodQueue, streams: readonly Stream[], ratePerSecond: number): Queued {
    // What hangs keeps its place for good, so in the long run none is left.
    const isDeaf = streams.some(({ rule, share }) => share > 0 && rule.hangShare > 0)
    if (isDeaf && ratePerSecond > 0) return { admittedShare: 0, rules: streams.map(({ rule }) => rule) }
    const state = pod.at(ratePerSecond)
    const admittedShare = 1 - state.shedShare
    const worked = admittedShare - state.gaveUpShare
    const waiting = (service: Latency) => {
      const { timedOutShare, latency } = pod.answers(state, service)
      return {
        lateShare: admittedShare > 0 ? timedOutShare / admittedShare : 0,
        workedShare: admittedShare > 0 ? worked / admittedShare : 0,
        ...(latency && timesOf(latency, this.grid, this.objective)),
      }
    }
    // Most strands differ in nothing here.
    const known = new Map<Latency, ReturnType<typeof waiting>>()
    const rules = streams.map(({ rule, share }) => {
      if (share === 0) return rule
      const { service } = rule
      const times = known.get(service) ?? waiting(service)
      known.set(service, times)
      return { ...rule, ...times }
    })
    return { admittedShare, rules }
  }

  private numberOf(rule: Rule): number {
    let number = this.numbers.get(rule)
    if (number === undefined) {
      number = ++this.lastNumber
      this.numbers.set(rule, number)
    }
    return number
  }
}

interface Known {
  readonly queue: PodQueue
  readonly byRate: Map<number, Queued>
}

const MOST_QUEUES = 512
const MOST_RATES = 1024
