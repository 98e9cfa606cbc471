// Whether a client sends a request again, and after which pause.
import type { Stream } from '../../../kernel/random.js'

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

export class Retries {
  /** Retries under way. */
  pending = 0
  private readonly isRetried: Uint8Array

  constructor(
    private readonly plan: RetryPlan,
    private readonly stream: Stream,
  ) {
    const { attempts, backoffMs, factor, jitter, budget, on } = plan
    if (!(attempts >= 0 && backoffMs >= 0 && factor > 0 && jitter >= 0 && jitter <= 1 && budget >= 0)) {
      throw new RangeError(
        `retries of ${attempts} attempts after ${backoffMs} ms × ${factor} ± ${jitter} for ${budget}`,
      )
    }
    this.isRetried = new Uint8Array(1 + Math.max(0, ...on))
    for (const code of on) this.isRetried[code] = 1
  }

  /** Whether the try with this number, counted from 1, is followed by another one. */
  follows(code: number, tries: number, underWay: number): boolean {
    if (this.isRetried[code] !== 1 || tries > this.plan.attempts) return false
    return this.pending < Math.max(LEAST_PENDING, Math.floor(this.plan.budget * underWay))
  }

  pauseMs(tries: number): number {
    const { backoffMs, factor, jitter } = this.plan
    let lengthMs = backoffMs
    for (let pause = 1; pause < tries; pause++) lengthMs *= factor
    return jitter === 0 ? lengthMs : lengthMs * (1 + jitter * (2 * this.stream.uniform() - 1))
  }
}

const LEAST_PENDING = 3
