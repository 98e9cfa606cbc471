// The connections that clients keep: each leads to the pod that it was opened to until it is over, or the pod is gone.
import { below } from '../../../kernel/below.js'
import type { Stream } from '../../../kernel/random.js'
import type { ConnectionPlan } from '../../coupling.js'

const NOWHERE = -1

export class Connections {
  /** Per connection the place of its pod, or NOWHERE. */
  readonly places: Int32Array
  /** Of each pool. */
  readonly count: number
  /** Per strand, the pool of its clients. */
  readonly pools: Int32Array
  private readonly untilMs: Float64Array
  private readonly isUsed: Uint8Array
  private readonly lifetimeMs: number

  constructor({ count, lifetimeMs, pools }: ConnectionPlan, strands: number) {
    if (!(Number.isInteger(count) && count > 0 && lifetimeMs > 0)) {
      throw new RangeError(`${count} connections that live for ${lifetimeMs} ms`)
    }
    this.pools = pools ? Int32Array.from(pools) : new Int32Array(strands)
    const all = count * (1 + this.pools.reduce((most, pool) => Math.max(most, pool), 0))
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

  /** The first ones have lived for a part of their time already: clients were there before the scenario. */
  open(connection: number, place: number, nowMs: number, stream: Stream): void {
    const lifetimeMs = this.isUsed[connection] === 1 ? this.lifetimeMs : stream.uniform() * this.lifetimeMs
    this.isUsed[connection] = 1
    this.places[connection] = place
    this.untilMs[connection] = nowMs + lifetimeMs
  }

  hangUp(place: number): void {
    for (let connection = 0; connection < this.places.length; connection++) {
      if (this.places[connection] === place) this.places[connection] = NOWHERE
    }
  }
}
