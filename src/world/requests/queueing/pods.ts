// The pods: how much each can take at once, what it works on and what waits in its queue.
import { grown } from '../../../kernel/grown.js'

/** What a pod can take. Left out is unlimited; a queue only where places are limited. */
export interface Capacity {
  /** Requests that it works on at once. */
  readonly concurrency?: number
  /** Places for those that wait, first come first served; 0 if left out. */
  readonly queue?: number
  /** Requests that it accepts a second, with a second's worth at once. */
  readonly perSecond?: number
}

export const UNLIMITED = 0x7fffffff
const NONE = -1

/** Columns by place. A pod gives its place back when it has left the rotation and has done its work. */
export class Pods {
  /** Places ever used. */
  end = 0
  numbers = new Int32Array(FIRST_ROOM)
  versions = new Int32Array(FIRST_ROOM)
  /** The lane of its version and condition, for strand 0. */
  lanes = new Int32Array(FIRST_ROOM)
  /** 1 while new requests are sent to it. */
  isOpen = new Uint8Array(FIRST_ROOM)
  /** Requests it works on, and how many it can. */
  busy = new Int32Array(FIRST_ROOM)
  concurrency = new Int32Array(FIRST_ROOM)
  /** Requests in its queue, how many it has places for, and the first and last of them. */
  queued = new Int32Array(FIRST_ROOM)
  room = new Int32Array(FIRST_ROOM)
  heads = new Int32Array(FIRST_ROOM)
  tails = new Int32Array(FIRST_ROOM)
  /** Requests that it accepts each millisecond; 0 is without such a limit. */
  private rates = new Float64Array(FIRST_ROOM)
  /** How many it might still accept at once, and when that was so. */
  private tokens = new Float64Array(FIRST_ROOM)
  private filledMs = new Float64Array(FIRST_ROOM)
  private readonly places = new Map<number, number>()
  private readonly free: number[] = []

  placeOf(number: number): number | undefined {
    return this.places.get(number)
  }

  add(number: number, version: number, lane: number, capacity: Capacity, nowMs: number): number {
    const place = this.free.pop() ?? this.open()
    const { concurrency = UNLIMITED, queue = 0, perSecond = 0 } = capacity
    this.places.set(number, place)
    this.numbers[place] = number
    this.versions[place] = version
    this.lanes[place] = lane
    this.isOpen[place] = 1
    this.busy[place] = 0
    this.concurrency[place] = Math.min(concurrency, UNLIMITED)
    this.queued[place] = 0
    this.room[place] = Math.min(queue, UNLIMITED)
    this.rates[place] = perSecond / 1000
    this.tokens[place] = Math.max(1, perSecond)
    this.filledMs[place] = nowMs
    return place
  }

  remove(place: number): void {
    this.places.delete(this.numbers[place]!)
    this.numbers[place] = NONE
    this.isOpen[place] = 0
    this.busy[place] = 0
    this.queued[place] = 0
    this.free.push(place)
  }

  /** From now on it accepts so many requests a second. */
  limit(place: number, perSecond: number): void {
    this.rates[place] = perSecond / 1000
  }

  isIdle(place: number): boolean {
    return this.busy[place] === 0 && this.queued[place] === 0
  }

  /** Whether the rate limit lets one more pass. The bucket holds one second's worth, at least one request. */
  accepts(place: number, nowMs: number): boolean {
    const rate = this.rates[place]!
    if (rate === 0) return true
    const filled = this.tokens[place]! + rate * (nowMs - this.filledMs[place]!)
    const tokens = Math.min(filled, Math.max(1, 1000 * rate))
    const accepts = tokens >= 1
    this.filledMs[place] = nowMs
    this.tokens[place] = accepts ? tokens - 1 : tokens
    return accepts
  }

  private open(): number {
    if (this.end === this.numbers.length) this.grow()
    return this.end++
  }

  private grow(): void {
    const places = 2 * this.end
    this.numbers = grown(this.numbers, new Int32Array(places))
    this.versions = grown(this.versions, new Int32Array(places))
    this.lanes = grown(this.lanes, new Int32Array(places))
    this.isOpen = grown(this.isOpen, new Uint8Array(places))
    this.busy = grown(this.busy, new Int32Array(places))
    this.concurrency = grown(this.concurrency, new Int32Array(places))
    this.queued = grown(this.queued, new Int32Array(places))
    this.room = grown(this.room, new Int32Array(places))
    this.heads = grown(this.heads, new Int32Array(places))
    this.tails = grown(this.tails, new Int32Array(places))
    this.rates = grown(this.rates, new Float64Array(places))
    this.tokens = grown(this.tokens, new Float64Array(places))
    this.filledMs = grown(this.filledMs, new Float64Array(places))
  }
}

const FIRST_ROOM = 16
