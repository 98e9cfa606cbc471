// Requests that are known one by one in number: so many in each second, as a log has counted them.

/** Within a second the k-th of n requests, counted from zero, arrives at (k + ½) / n. */
export class Arrivals {
  /** Requests before each second, and at last all of them. */
  private readonly before: Float64Array

  constructor(
    /** When the first second begins. */
    readonly startMs: number,
    counts: ArrayLike<number>,
  ) {
    this.before = new Float64Array(counts.length + 1)
    for (let second = 0; second < counts.length; second++) {
      const count = counts[second]!
      if (!(Number.isSafeInteger(count) && count >= 0)) throw new RangeError(`${count} requests in a second`)
      this.before[second + 1] = this.before[second]! + count
    }
  }

  get seconds(): number {
    return this.before.length - 1
  }

  get total(): number {
    return this.before[this.seconds]!
  }

  countOf(second: number): number {
    return this.before[second + 1]! - this.before[second]!
  }

  /** How many requests have arrived before an instant. */
  countBefore(timeMs: number): number {
    const sinceMs = timeMs - this.startMs
    const second = Math.floor(sinceMs / 1000)
    if (second < 0) return 0
    if (second >= this.seconds) return this.total
    const count = this.countOf(second)
    const within = Math.ceil(((sinceMs - 1000 * second) / 1000) * count - 0.5)
    return this.before[second]! + Math.min(count, Math.max(0, within))
  }

  /** When a request arrives, by its number from zero. */
  instantOf(index: number): number {
    if (!(index >= 0 && index < this.total)) throw new RangeError(`request ${index} of ${this.total}`)
    let low = 0
    let high = this.seconds - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.before[middle]! <= index) low = middle
      else high = middle - 1
    }
    return this.startMs + 1000 * (low + (index - this.before[low]! + 0.5) / this.countOf(low))
  }

  /**
   * So many times as many, by a mean factor per second. The sum so far is rounded and not each second, so that no more
   * than half a request is ever lost or won.
   */
  times(meanFactor: (fromMs: number, untilMs: number) => number): Arrivals {
    const counts = new Float64Array(this.seconds)
    let sum = 0
    let whole = 0
    for (let second = 0; second < this.seconds; second++) {
      const fromMs = this.startMs + 1000 * second
      sum += this.countOf(second) * meanFactor(fromMs, fromMs + 1000)
      counts[second] = Math.floor(sum + 0.5) - whole
      whole += counts[second]!
    }
    return new Arrivals(this.startMs, counts)
  }
}
