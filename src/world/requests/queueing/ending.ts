// What the engine tells whoever counts: how each attempt of a request ended, in the order of time.

/** The pod of an attempt that reached none. */
export const NOBODY = -1
/** Who has sent a request where users aren't drawn. */
export const NO_USER = -1

/** A record of numbers that is written over: what a call carried instead would get an object for every time in it. */
export class Ending {
  /** When the client knew. */
  timeMs = 0
  /** From sending this attempt until then. */
  latencyMs = 0
  /** What of that was spent in the queue of the pod. */
  waitMs = 0
  /** From the arrival of the request until then, with all its attempts and the pauses between them. */
  ageMs = 0
  /** The blame of its lane when it was sent there. */
  blame = 0
  /** Which of all requests it belongs to, counted from 1. */
  request = 0
  lane = 0
  /** The number of the pod, or NOBODY. */
  pod = NOBODY
  code = 0
  /** Which attempt of its request it was, counted from 1. */
  tries = 1
  user = NO_USER
  /** Whether no further attempt follows: metrics see every one, the user only these. */
  isLast = true
}

export interface Sink {
  /** The same record each time: what is in it is only good until this returns. */
  take(ending: Ending): void
}
