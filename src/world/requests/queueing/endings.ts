// What the engine tells whoever counts: how each attempt of a request ended, in the order of time, a batch at a time. A
// call for each would have to put every time that it carries into an object of its own.

/** The pod of an attempt that reached none. */
export const NOBODY = -1
/** Who has sent a request where users aren't drawn. */
export const NO_USER = -1
/** Rows of a batch. */
export const ROWS = 512

/** One row an attempt, in columns. */
export class Endings {
  /** Rows that are filled. */
  count = 0
  /** When the client knew. */
  readonly timesMs = new Float64Array(ROWS)
  /** From sending this attempt until then. */
  readonly latenciesMs = new Float64Array(ROWS)
  /** What of that was spent in the queue of the pod. */
  readonly waitsMs = new Float64Array(ROWS)
  /** From the arrival of the request until then, with all its attempts and the pauses between them. */
  readonly agesMs = new Float64Array(ROWS)
  readonly lanes = new Int32Array(ROWS)
  /** The number of the pod, or NOBODY. */
  readonly pods = new Int32Array(ROWS)
  readonly codes = new Int32Array(ROWS)
  /** Which attempt of its request it was, counted from 1. */
  readonly tries = new Int32Array(ROWS)
  readonly users = new Int32Array(ROWS)
  /** Which of all requests it belongs to, counted from 1. */
  readonly requests = new Float64Array(ROWS)
  /** The blame of its lane when it was sent there. */
  readonly blames = new Float64Array(ROWS)
  /** 1 if no further attempt follows: metrics see every row, the user only these. */
  readonly isLast = new Uint8Array(ROWS)
}

export interface Sink {
  /** The same record each time: what is in it is only good until this returns. */
  take(endings: Endings): void
}
