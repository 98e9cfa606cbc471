// Where requests really go while clients keep connections, at an instant: they choose one of them by chance, and follow it
// to the pod that it leads to. Whoever chooses one that is closed opens it anew, so that it leads where the split sends him.
import type { Connections } from './connections.js'
import type { LaneLaws } from './lane-laws.js'
import type { Pods } from './pods.js'

export class KeptShares {
  /** Per pool, how many connections are closed. */
  private readonly closed: Int32Array
  /** How many are open to pods of a version and condition: at `pool * room` + their lane for strand 0. */
  private leading = new Int32Array(0)
  private room = 0

  constructor(
    private readonly connections: Connections,
    private readonly pods: Pods,
    private readonly lanes: LaneLaws,
    /** Per strand its share of the requests. */
    private readonly strands: readonly number[],
  ) {
    this.closed = new Int32Array(connections.poolCount)
  }

  /** Takes down where connections lead now. */
  weigh(nowMs: number): void {
    const { connections, pods, closed } = this
    connections.expire(nowMs)
    this.clear()
    for (let pool = 0; pool < closed.length; pool++) {
      for (let place = 0; place < pods.end; place++) {
        const led = connections.leadingTo(place, pool)
        this.leading[pool * this.room + pods.lanes[place]!]! += led
        closed[pool]! -= led
      }
    }
  }

  /** Of all requests, those that a lane gets if the split sends it such a share of them. */
  shareOf(lane: number, sentShare: number): number {
    const { connections, closed, lanes, leading, room, strands } = this
    const strand = lanes.strandOf(lane)
    const pool = connections.pools[strand]!
    const first = lane - strand
    const led = first < room ? leading[pool * room + first]! : 0
    return (led * strands[strand]! + closed[pool]! * sentShare) / connections.count
  }

  private clear(): void {
    const { closed, connections, leading, pods } = this
    closed.fill(connections.count)
    let room = 0
    for (let place = 0; place < pods.end; place++) room = Math.max(room, pods.lanes[place]! + 1)
    if (room <= this.room) leading.fill(0)
    else {
      this.room = room
      this.leading = new Int32Array(closed.length * room)
    }
  }
}
