// What doesn't change while requests queue: versions, strands, capacities and clients.
import type { Stream } from '../../../kernel/random.js'
import type { ConnectionPlan, RetryPlan } from '../../coupling.js'
import type { Capacity } from './pods.js'

export interface QueueingPlan {
  readonly versions: number
  /** Per strand its share of the requests. */
  readonly strands: readonly number[]
  /** Of one pod, per version. */
  readonly capacities: readonly Capacity[]
  readonly codes: Codes
  /** How long a client waits for the answer to one attempt; for ever if left out. */
  readonly timeoutMs?: number
  readonly retries?: RetryPlan
  readonly connections?: ConnectionPlan
  readonly users?: Users
}

/** What a row says where a lane doesn't: small whole numbers of whoever counts. */
export interface Codes {
  readonly ok: number
  /** The queue is full, the rate limit reached, or there is no pod: answered at once (503). */
  readonly shed: number
  /** The client has lost patience (504). */
  readonly timedOut: number
  /** The pod was killed with the request in it: Envoy answers 503 (flag UC), nginx and HAProxy 502. */
  readonly reset: number
}

export interface Users {
  /** Whose request of a strand it is: an integer below 2^31. */
  drawUser?(strand: number, stream: Stream): number
  /** The same where that depends on the version that it was sent to first. */
  drawUserOf?(strand: number, version: number, stream: Stream): number
  /** Where routing is sticky: the version that a user of a strand is sent to. */
  versionOf?(user: number, strand: number): number
  /** A request that is sent again goes to the same version, as long as that is sent any: its user sticks to it. */
  readonly keepVersion?: boolean
}
