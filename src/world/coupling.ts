// What makes requests touch each other: places in a pod that one takes from another, clients that send again, and
// connections that many share.
import type { Places } from '../scenario/service.js'

export interface Coupling {
  /** By version, for how many requests a pod has room; undefined where it takes whatever comes. */
  readonly places: readonly (Places | undefined)[]
  readonly retries?: RetryPlan
  readonly connections?: ConnectionPlan
}

export interface RetryPlan {
  /** How often a request is sent again at most. */
  readonly attempts: number
  readonly backoffMs: number
  /** By which each pause is longer than the one before. */
  readonly factor: number
  /** A pause is anywhere from 1 - jitter to 1 + jitter times its length (gRPC: 0.2). */
  readonly jitter: number
  /**
   * Envoy's retry budget (source/common/upstream/resource_manager_impl.h): a request isn't sent again while the retries
   * under way, from the begin of their pause to their answer, are as many as this share of all attempts under way,
   * rounded down, and at least 3 (min_retry_concurrency). Infinity is without a budget.
   */
  readonly budget: number
  /** The codes after which a request is sent again. */
  readonly on: readonly number[]
}

export interface ConnectionPlan {
  /** Connections that the clients of one pool hold, all used alike; any number of requests shares one (HTTP/2). */
  readonly count: number
  readonly lifetimeMs: number
  /** Per strand, the pool of its clients; all strands use one if left out. */
  readonly pools?: ArrayLike<number>
}
