// The connections that clients keep: each leads to the pod that it was opened to until it is over, or the pod is gone.
import { below } from '../../../kernel/below.js'
import { Heap } from '../../../kernel/heap.js'
import type { Stream } from '../../../kernel/random.js'
import type { ConnectionPlan } from '../../coupling.js'

const NOWHERE = -1

export class Connections {
  /** Per connection the place of its pod, or NOWHERE. */
  private readonly places: Int32Array
  /** Of each pool. */
  readonly count: number
  readonly poolCount: number
  /** Per strand, the pool of its clients. */
  readonly pools: Int32Array
  /** How many of a pool lead to a place, at `place * poolCount + pool`: with those that are over and were not closed yet. */
  private leading = new Int32Array(0)
  /** When they are over; one that was closed before has an entry that says nothing. */
  private readonly ends = new Heap()
  private readonly untilMs: Float64Array
  private readonly isUsed: Uint8Array
  private readonly lifetimeMs: number

  constructor({ count, lifetimeMs, pools }: ConnectionPlan, strands: number) {
    if (!(Number.isInteger(count) && count > 0 && lifetimeMs > 0)) {
      throw new RangeError(`${count} connections that live for ${lifetimeMs} ms`)
    }
    this.pools = pools ? Int32Array.from(pools) : new Int32Array(strands)
    this.poolCount = 1 + this.pools.reduce((most, pool) => Math.max(most, pool), 0)
    const all = count * this.poolCount
    this.places = new Int32Array(all).fill(NOWHERE)
    this.untilMs = new Float64Array(all)
    this.isUsed = new Uint8Array(all)
    this.count = count
    this.lifetimeMs = lifetimeMs
  }

  choose(strand: number, stream: Stream): number {
    return this.pools[strand]! * this.count + below(stream, this.count)
  }

  isOpen(connection: number, nowMs: number): boolean {
    return this.places[connection]! >= 0 && nowMs < this.untilMs[connection]!
  }

  placeOf(connection: number): number {
    return this.places[connection]!
  }

  /** How many of a pool lead to a place, as those that are over were closed last. */
  leadingTo(place: number, pool: number): number {
    return this.leading[place * this.poolCount + pool] ?? 0
  }

  /** Closes those that are over. */
  expire(nowMs: number): void {
    const { ends, untilMs } = this
    while (ends.size > 0 && ends.times[0]! <= nowMs) {
      const connection = ends.a[0]!
      if (untilMs[connection] === ends.times[0]!) this.close(connection)
      ends.pop()
    }
  }

  /** The first ones have lived for a part of their time already: clients were there before the scenario. */
  open(connection: number, place: number, nowMs: number, stream: Stream): void {
    const lifetimeMs = this.isUsed[connection] === 1 ? this.lifetimeMs : stream.uniform() * this.lifetimeMs
    const untilMs = nowMs + lifetimeMs
    this.close(connection)
    this.isUsed[connection] = 1
    this.places[connection] = place
    this.untilMs[connection] = untilMs
    // Where there is no pod, there is nothing to keep.
    if (place < 0) return
    const at = place * this.poolCount + this.poolOf(connection)
    if (at >= this.leading.length) this.grow(at)
    this.leading[at]!++
    if (untilMs < Number.POSITIVE_INFINITY) this.ends.push(untilMs, 0, 0, connection, 0)
  }

  hangUp(place: number): void {
    for (let connection = 0; connection < this.places.length; connection++) {
      if (this.places[connection] === place) this.close(connection)
    }
  }

  private close(connection: number): void {
    const place = this.places[connection]!
    if (place < 0) return
    this.leading[place * this.poolCount + this.poolOf(connection)]!--
    this.places[connection] = NOWHERE
  }

  private poolOf(connection: number): number {
    return this.poolCount === 1 ? 0 : Math.floor(connection / this.count)
  }

  private grow(at: number): void {
    const leading = new Int32Array(2 * (at + 1))
    leading.set(this.leading)
    this.leading = leading
  }
}
