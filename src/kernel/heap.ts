// The pending events: a 4-ary heap ordered by (time, rank), kept as one typed array a field. With the tens to thousands
// of events that a run has pending it outruns binary heaps (by a quarter at a thousand), heaps of objects (twofold) and
// calendar queues, which only win above a hundred thousand.
import { grown } from './grown.js'

export class Heap {
  size = 0
  times = new Float64Array(64)
  handlers = new Int32Array(64)
  a = new Int32Array(64)
  b = new Int32Array(64)
  private ranks = new Float64Array(64)

  /** The least event lies at index 0 of every array. */
  push(timeMs: number, rank: number, handler: number, a: number, b: number): void {
    if (this.size === this.times.length) this.grow()
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (this.precedes(parent, timeMs, rank)) break
      this.move(parent, hole)
      hole = parent
    }
    this.times[hole] = timeMs
    this.ranks[hole] = rank
    this.handlers[hole] = handler
    this.a[hole] = a
    this.b[hole] = b
  }

  /** Drops the least event: the last one sinks from the root to its place. */
  pop(): void {
    const last = --this.size
    const timeMs = this.times[last]!
    const rank = this.ranks[last]!
    let hole = 0
    for (let first = 1; first < last; first = 4 * hole + 1) {
      const child = this.leastOf(first, Math.min(first + 4, last))
      if (!this.precedes(child, timeMs, rank)) break
      this.move(child, hole)
      hole = child
    }
    this.move(last, hole)
  }

  private leastOf(first: number, end: number): number {
    let least = first
    for (let i = first + 1; i < end; i++) {
      if (this.precedes(i, this.times[least]!, this.ranks[least]!)) least = i
    }
    return least
  }

  private precedes(i: number, timeMs: number, rank: number): boolean {
    const own = this.times[i]!
    return own < timeMs || (own === timeMs && this.ranks[i]! < rank)
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!
    this.ranks[to] = this.ranks[from]!
    this.handlers[to] = this.handlers[from]!
    this.a[to] = this.a[from]!
    this.b[to] = this.b[from]!
  }

  private grow(): void {
    this.times = grown(this.times, new Float64Array(2 * this.size))
    this.ranks = grown(this.ranks, new Float64Array(2 * this.size))
    this.handlers = grown(this.handlers, new Int32Array(2 * this.size))
    this.a = grown(this.a, new Int32Array(2 * this.size))
    this.b = grown(this.b, new Int32Array(2 * this.size))
  }
}
