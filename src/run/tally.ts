// Counts under one set of labels: what the exporter of a target has seen since it started.
import type { Observed } from '../metrics/dialects/dialect.js'
import { type Cells, CODES } from '../world/cells.js'

/** How the latency classes in which the world counts fall into the bins that metrics have. */
export class Bins {
  readonly count: number
  private readonly binOfClass: Int32Array

  constructor(classBoundsMs: ArrayLike<number>, binBoundsMs: readonly number[]) {
    this.count = binBoundsMs.length + 1
    this.binOfClass = Int32Array.from({ length: classBoundsMs.length + 1 }, (_, index) => {
      const upper = classBoundsMs[index] ?? Number.POSITIVE_INFINITY
      const bin = binBoundsMs.findIndex((bound) => bound >= upper)
      return bin < 0 ? binBoundsMs.length : bin
    })
  }

  of(latencyClass: number): number {
    return this.binOfClass[latencyClass]!
  }
}

export class Tally implements Observed {
  readonly requests = new Float64Array(CODES.length)
  readonly latencyBins: Float64Array
  readonly latencySumsMs = new Float64Array(CODES.length)

  constructor(
    private readonly bins: Bins,
    public startTimeMs: number,
  ) {
    this.latencyBins = new Float64Array(CODES.length * bins.count)
  }

  /** A container that starts again counts from zero. */
  restart(nowMs: number): void {
    this.requests.fill(0)
    this.latencyBins.fill(0)
    this.latencySumsMs.fill(0)
    this.startTimeMs = nowMs
  }

  /** Adds all that a cell of the world has counted so far. */
  addCell(cells: Cells, cell: number): void {
    const { requests, latencyBins, latencySumsMs, bins } = this
    for (let code = 0; code < CODES.length; code++) {
      for (let latencyClass = 0; latencyClass < cells.classes; latencyClass++) {
        const count = cells.counts[cells.index(cell, code, latencyClass)]!
        if (count === 0) continue
        requests[code]! += count
        latencyBins[code * bins.count + bins.of(latencyClass)]! += count
      }
      latencySumsMs[code]! += cells.sumsMs[cell * CODES.length + code]!
    }
  }

  /** Adds what has come between two states of another tally. */
  addDifference(before: Tally, after: Tally): void {
    add(this.requests, before.requests, after.requests)
    add(this.latencyBins, before.latencyBins, after.latencyBins)
    add(this.latencySumsMs, before.latencySumsMs, after.latencySumsMs)
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

function add(to: Float64Array, before: Float64Array, after: Float64Array): void {
  for (let index = 0; index < to.length; index++) to[index]! += after[index]! - before[index]!
}
