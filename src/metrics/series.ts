// One time series: its samples in time order, in arrays that survive from run to run.

import type { Labels } from './labels.js'

const INITIAL_CAPACITY = 32

/** Samples are at indices [from, to) of `times`, `values` and `stale`. Written by Store only. */
export class Series {
  times = new Float64Array(INITIAL_CAPACITY)
  values = new Float64Array(INITIAL_CAPACITY)
  /** 1 where the sample is a staleness marker. JavaScript may canonicalise NaN bits, so the value can't tell. */
  stale = new Uint8Array(INITIAL_CAPACITY)
  from = 0
  to = 0
  /** The latest staleness marker, and the latest sample lower than the one before: windows past both need no scan. */
  lastStale = -1
  lastReset = -1
  /** Whether the store lists the series: it has got a sample since the store was last cleared. */
  listed = false

  constructor(
    readonly labels: Labels,
    readonly id: number,
  ) {}

  /** False if the sample is not newer than the latest, which Prometheus refuses too (out of order, duplicate). */
  append(timeMs: number, value: number, isStale: boolean, retentionMs: number): boolean {
    if (this.to > this.from && timeMs <= this.times[this.to - 1]!) return false
    if (this.to === this.times.length) this.#makeRoom(timeMs - retentionMs)
    const index = this.to
    this.times[index] = timeMs
    this.values[index] = value
    this.stale[index] = isStale ? 1 : 0
    if (isStale) this.lastStale = index
    // Stale neighbours are NaN and so never "lower"; a window with a marker in it is scanned anyway.
    else if (index > this.from && value < this.values[index - 1]!) this.lastReset = index
    this.to = index + 1
    return true
  }

  /** The index of the latest sample at or before an instant; `from - 1` if there is none. */
  latestAt(timeMs: number): number {
    const times = this.times
    let high = this.to - 1
    // Nearly every query asks about now, or about a window that ends now.
    if (high < this.from || times[high]! <= timeMs) return high
    let low = this.from - 1
    // Scrapes come regularly: counting back from the last two finds the place, mostly at once, however long the history.
    const guess =
      high === this.from ? low : high - Math.ceil((times[high]! - timeMs) / (times[high]! - times[high - 1]!))
    if (guess > low) {
      if (times[guess]! > timeMs) high = guess
      else if (times[guess + 1]! > timeMs) return guess
      else low = guess + 1
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (times[middle]! <= timeMs) low = middle
      else high = middle
    }
    return low
  }

  /** Whether all its samples are from before a time, or from then. */
  endedBefore(timeMs: number): boolean {
    return this.to === this.from || this.times[this.to - 1]! <= timeMs
  }

  clear(): void {
    this.from = 0
    this.to = 0
    this.lastStale = -1
    this.lastReset = -1
    this.listed = false
  }

  /** Drops what no window reaches any more; doubles the arrays if that frees less than half. */
  #makeRoom(oldestMs: number): void {
    while (this.from < this.to && this.times[this.from]! <= oldestMs) this.from++
    const { from, to } = this
    if (to - from <= this.times.length / 2) {
      this.times.copyWithin(0, from, to)
      this.values.copyWithin(0, from, to)
      this.stale.copyWithin(0, from, to)
    } else {
      const capacity = this.times.length * 2
      this.times = grown(new Float64Array(capacity), this.times, from)
      this.values = grown(new Float64Array(capacity), this.values, from)
      this.stale = grown(new Uint8Array(capacity), this.stale, from)
    }
    this.from = 0
    this.to = to - from
    this.lastStale = Math.max(-1, this.lastStale - from)
    this.lastReset = Math.max(-1, this.lastReset - from)
  }
}

function grown<Samples extends Float64Array | Uint8Array>(larger: Samples, samples: Samples, from: number): Samples {
  larger.set(samples.subarray(from))
  return larger
}
