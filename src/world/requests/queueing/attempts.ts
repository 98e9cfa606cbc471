// The attempts that are under way: columns with a free list; and, oldest first, those whose client counts the time.
import { grown } from '../../../kernel/grown.js'

/** The pod of an attempt that reached none. */
export const NOBODY = -1
/** Who has sent a request where users aren't drawn. */
export const NO_USER = -1

/** Nobody's any more. */
export const FREE = 0
/** Waits in the queue of a pod. */
export const QUEUED = 1
/** A pod works on it. */
export const SERVED = 2
/** A pod works on it and never will be done. */
export const STUCK = 3
/** In the queue, at work, or at work for ever, but its client has gone: the states from above with this added. */
export const IN_VAIN = 4
/** Its client waits before it sends the request again. */
export const BACKING_OFF = 8
/** Its pod is gone; only the agenda still knows it. */
export const LOST = 9

const NONE = -1

export class Attempts {
  /** Rows ever used. */
  end = 0
  states = new Uint8Array(FIRST_ROOM)
  /** When the request arrived, of those that are sent again. */
  private arrivedMs = new Float64Array(FIRST_ROOM)
  sentMs = new Float64Array(FIRST_ROOM)
  /** When a pod began to work on it; infinity until then. */
  startedMs = new Float64Array(FIRST_ROOM)
  strands = new Int32Array(FIRST_ROOM)
  users = new Int32Array(FIRST_ROOM).fill(NO_USER)
  /** Which of all requests it belongs to, counted from 1. */
  requests = new Float64Array(FIRST_ROOM)
  /** Which attempt of its request it is, counted from 1. */
  tries = new Int32Array(FIRST_ROOM).fill(1)
  /** The place of its pod. */
  pods = new Int32Array(FIRST_ROOM)
  /** Of the version it was sent to, and the condition in which its pod was or began with it. */
  lanes = new Int32Array(FIRST_ROOM)
  /** The blame of its lane when it was sent there. */
  blames = new Float64Array(FIRST_ROOM)
  /** What its pod will answer. */
  codes = new Int32Array(FIRST_ROOM)
  /** The next one in the same queue, or the next free row. */
  next = new Int32Array(FIRST_ROOM)
  /** The first one whose client will lose patience. */
  oldest = NONE
  private newest = NONE
  private older = new Int32Array(FIRST_ROOM)
  private newer = new Int32Array(FIRST_ROOM)
  private free = NONE

  take(): number {
    const row = this.free
    if (row < 0) return this.open()
    this.free = this.next[row]!
    return row
  }

  give(row: number): void {
    this.states[row] = FREE
    this.next[row] = this.free
    this.free = row
  }

  /** When the request arrived: it is sent at once. */
  arrivalMs(row: number): number {
    return this.tries[row] === 1 ? this.sentMs[row]! : this.arrivedMs[row]!
  }

  /** A client begins to count the time. All are equally patient, so the list stays in order. */
  watch(row: number): void {
    this.older[row] = this.newest
    this.newer[row] = NONE
    if (this.newest === NONE) this.oldest = row
    else this.newer[this.newest] = row
    this.newest = row
  }

  unwatch(row: number): void {
    const older = this.older[row]!
    const newer = this.newer[row]!
    if (older === NONE) this.oldest = newer
    else this.newer[older] = newer
    if (newer === NONE) this.newest = older
    else this.older[newer] = older
  }

  /** Another row for the same request, whose client will send it once more. */
  again(row: number, next: number): void {
    this.arrivedMs[next] = this.arrivalMs(row)
    this.tries[next] = this.tries[row]! + 1
    this.strands[next] = this.strands[row]!
    this.users[next] = this.users[row]!
    this.requests[next] = this.requests[row]!
    this.lanes[next] = this.lanes[row]!
    this.pods[next] = NOBODY
    this.states[next] = BACKING_OFF
  }

  private open(): number {
    if (this.end === this.states.length) this.grow()
    return this.end++
  }

  private grow(): void {
    const rows = 2 * this.end
    if (rows > MOST_ROWS) throw new RangeError(`more than ${MOST_ROWS} requests under way at once`)
    this.states = grown(this.states, new Uint8Array(rows))
    this.arrivedMs = grown(this.arrivedMs, new Float64Array(rows))
    this.sentMs = grown(this.sentMs, new Float64Array(rows))
    this.startedMs = grown(this.startedMs, new Float64Array(rows))
    this.strands = grown(this.strands, new Int32Array(rows))
    this.users = grown(this.users, new Int32Array(rows).fill(NO_USER))
    this.requests = grown(this.requests, new Float64Array(rows))
    this.tries = grown(this.tries, new Int32Array(rows).fill(1))
    this.pods = grown(this.pods, new Int32Array(rows))
    this.lanes = grown(this.lanes, new Int32Array(rows))
    this.blames = grown(this.blames, new Float64Array(rows))
    this.codes = grown(this.codes, new Int32Array(rows))
    this.next = grown(this.next, new Int32Array(rows))
    this.older = grown(this.older, new Int32Array(rows))
    this.newer = grown(this.newer, new Int32Array(rows))
  }
}

const FIRST_ROOM = 64
const MOST_ROWS = 2 ** 24
