// How many requests each pod has answered, on average over everything that chance may do: what autoscalers go by.
import type { Pod } from './cluster/objects.js'
import type { Traffic } from './traffic.js'

/**
 * Every ready pod of a version answers the same part of what the version is sent, and no more than it can. Where pods
 * have room for only so many, whoever flies the requests knows what that comes to.
 */
export class PodLoad {
  private nowMs = 0
  private readonly shares: Float64Array
  private readonly pods: Float64Array
  /** Requests that a pod of the version has answered that was ready all the time. */
  private readonly answered: Float64Array
  /** By version that has to be asked: how many requests, when it was asked last. */
  private readonly served: Float64Array
  private readonly books = new Map<Pod, { before: number; sinceReady: number }>()

  constructor(
    private readonly traffic: Traffic,
    /** By version: requests a second that one pod can answer; undefined where that depends on more than their number. */
    private readonly capacities: readonly (number | undefined)[],
    private readonly versionOf: (pod: Pod) => number,
    /** How many requests such a version has served until an instant that is not before the last one asked for. */
    private readonly servedBy: (version: number, untilMs: number) => number = () => 0,
  ) {
    this.served = new Float64Array(capacities.length)
    this.shares = new Float64Array(capacities.length)
    this.pods = new Float64Array(capacities.length)
    this.answered = new Float64Array(capacities.length)
  }

  /** From now on versions get these shares of the requests, and have so many serving pods. */
  split(nowMs: number, shares: ArrayLike<number>, pods: ArrayLike<number>): void {
    this.advance(nowMs)
    this.shares.set(shares)
    this.pods.set(pods)
  }

  /** The pod became ready, or isn't any more. */
  turned(pod: Pod, nowMs: number): void {
    this.advance(nowMs)
    const answered = this.answered[this.versionOf(pod)]!
    const book = this.books.get(pod) ?? { before: 0, sinceReady: Number.NaN }
    if (pod.deleted) this.books.delete(pod)
    else if (pod.ready) this.books.set(pod, { ...book, sinceReady: answered })
    else if (!Number.isNaN(book.sinceReady)) {
      this.books.set(pod, { before: book.before + answered - book.sinceReady, sinceReady: Number.NaN })
    }
  }

  /** Undefined for a pod that has never been ready. */
  answeredBy(pod: Pod, nowMs: number): number | undefined {
    this.advance(nowMs)
    const book = this.books.get(pod)
    if (!book) return undefined
    return book.before + (Number.isNaN(book.sinceReady) ? 0 : this.answered[this.versionOf(pod)]! - book.sinceReady)
  }

  private advance(untilMs: number): void {
    if (untilMs > this.nowMs) this.ask(untilMs)
    while (this.nowMs < untilMs) {
      const toMs = Math.min(untilMs, this.traffic.changesAfter(this.nowMs))
      const rate = this.traffic.rateAt(this.nowMs)
      const slope = this.traffic.slopeAt(this.nowMs)
      for (let version = 0; version < this.answered.length; version++) {
        const pods = this.pods[version]!
        const capacity = this.capacities[version]
        if (pods === 0 || capacity === undefined) continue
        const part = this.shares[version]! / pods
        this.answered[version]! += under(rate * part, slope * part, capacity, toMs - this.nowMs) / 1000
      }
      this.nowMs = toMs
    }
  }

  private ask(untilMs: number): void {
    for (const [version, capacity] of this.capacities.entries()) {
      if (capacity !== undefined) continue
      const served = this.servedBy(version, untilMs)
      if (this.pods[version]! > 0) this.answered[version]! += (served - this.served[version]!) / this.pods[version]!
      this.served[version] = served
    }
  }
}

/** The integral of a straight line, as far as it is below a limit. */
function under(start: number, slope: number, limit: number, length: number): number {
  const end = start + slope * length
  const line = ((start + end) / 2) * length
  if (Math.max(start, end) <= limit) return line
  if (Math.min(start, end) >= limit) return limit * length
  // What is above the limit is a triangle.
  const above = Math.max(start, end) - limit
  return line - (above * above) / (2 * Math.abs(slope))
}
