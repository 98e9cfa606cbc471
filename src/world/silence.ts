// Since when nothing is sent to what is released, and that nothing has reached it since.
import { BrokenLaw } from './broken-law.js'

export class Silence {
  /** Undefined while it is sent requests. */
  sinceMs: number | undefined = 0
  private sent = 0

  constructor(
    /** Means of the same requests, summed in different orders, differ by such a part of them; counts don't. */
    private readonly rounding = 0,
  ) {}

  reset(): void {
    this.sinceMs = 0
    this.sent = 0
  }

  /** From now on such a share of each strand is sent there; so many requests were until now. */
  split(timeMs: number, shares: Float64Array, sent: number): void {
    this.check(timeMs, sent)
    for (const share of shares) {
      if (share > 0) {
        this.sinceMs = undefined
        return
      }
    }
    this.sent = sent
    this.sinceMs ??= timeMs
  }

  /** So many requests have reached it until now. */
  check(timeMs: number, sent: number): void {
    const { sinceMs, sent: before, rounding } = this
    if (sinceMs === undefined || Math.abs(sent - before) <= rounding * (1 + before)) return
    throw new BrokenLaw('no request goes where none is sent', { sinceMs, timeMs, sent, before })
  }
}
