// Counts under one set of labels: what the exporter of a target has seen since it started.
import type { Observed } from '../metrics/dialects/dialect.js'
import type { Cells } from '../world/cells.js'

/** How the latency classes in which the world counts fall into the bins that metrics have. */
export class Bins {
  readonly count: number
  readonly ofClass: Int32Array

  constructor(
    classBoundsMs: ArrayLike<number>,
    binBoundsMs: readonly number[],
    /** How many response codes there are. */
    readonly codes: number,
  ) {
    this.count = binBoundsMs.length + 1
    this.ofClass = Int32Array.from({ length: classBoundsMs.length + 1 }, (_, index) => {
      const upper = classBoundsMs[index] ?? Number.POSITIVE_INFINITY
      const bin = binBoundsMs.findIndex((bound) => bound >= upper)
      return bin < 0 ? binBoundsMs.length : bin
    })
  }
}

/** How much of the world's counts a reader has already taken, cell by cell. */
export class Taken {
  private counts = new Float64Array(64)
  private sumsMs = new Float64Array(16)

  reset(): void {
    this.counts.fill(0)
    this.sumsMs.fill(0)
  }

  /** Hands what is new in a cell to a tally. */
  take(cells: Cells, cell: number, tally: Tally): void {
    if (this.counts.length < cells.counts.length) this.counts = grown(this.counts, cells.counts.length)
    if (this.sumsMs.length < cells.sumsMs.length) this.sumsMs = grown(this.sumsMs, cells.sumsMs.length)
    const { counts, sumsMs } = this
    const { classes, codes } = cells
    for (let code = 0; code < codes; code++) {
      const first = cells.index(cell, code)
      for (let latencyClass = 0; latencyClass < classes; latencyClass++) {
        const now = cells.counts[first + latencyClass]!
        const fresh = now - counts[first + latencyClass]!
        if (fresh === 0) continue
        counts[first + latencyClass] = now
        tally.add(code, latencyClass, fresh)
      }
      const sumAt = cell * codes + code
      tally.latencySumsMs[code]! += cells.sumsMs[sumAt]! - sumsMs[sumAt]!
      sumsMs[sumAt] = cells.sumsMs[sumAt]!
    }
  }
}

function grown(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * length)
  larger.set(array)
  return larger
}

export class Tally implements Observed {
  readonly requests: Float64Array
  readonly latencyBins: Float64Array
  readonly latencySumsMs: Float64Array

  constructor(
    private readonly bins: Bins,
    public startTimeMs: number,
  ) {
    this.requests = new Float64Array(bins.codes)
    this.latencyBins = new Float64Array(bins.codes * bins.count)
    this.latencySumsMs = new Float64Array(bins.codes)
  }

  add(code: number, latencyClass: number, count: number): void {
    this.requests[code]! += count
    this.latencyBins[code * this.bins.count + this.bins.ofClass[latencyClass]!]! += count
  }

  /** Whatever the response code. */
  get total(): number {
    return this.requests.reduce((sum, count) => sum + count, 0)
  }

  /** A container that starts again counts from zero. */
  restart(startTimeMs = this.startTimeMs): void {
    this.requests.fill(0)
    this.latencyBins.fill(0)
    this.latencySumsMs.fill(0)
    this.startTimeMs = startTimeMs
  }

  /** As it is now, for whoever reads it later. */
  copy(): Tally {
    const copy = new Tally(this.bins, this.startTimeMs)
    copy.requests.set(this.requests)
    copy.latencyBins.set(this.latencyBins)
    copy.latencySumsMs.set(this.latencySumsMs)
    return copy
  }
}
