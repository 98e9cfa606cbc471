// Whether a client sends a request again, and after which pause.
import type { Stream } from '../../../kernel/random.js'
import type { RetryPlan } from '../../coupling.js'

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
