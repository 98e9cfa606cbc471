// When requests arrive: by chance at the rate of the traffic, as often as a log counted, or at given instants.
import { exp, log } from '../../../kernel/elementary.js'
import { standardExponential } from '../../../kernel/exponential.js'
import type { Stream } from '../../../kernel/random.js'
import type { Traffic } from '../../traffic.js'

export interface Arrivals {
  /** Writes the next instants in order; infinity where no more come. */
  fill(instantsMs: Float64Array): void
}

/** A Poisson process whose rate is piecewise linear. */
export class PoissonArrivals implements Arrivals {
  private atMs: number
  /** Of the straight line that the rate is on: where it ends, and rate and slope per millisecond at `atMs`. */
  private untilMs = 0
  private rate = 0
  private slope = 0

  constructor(
    private readonly stream: Stream,
    private readonly traffic: Traffic,
    fromMs: number,
  ) {
    this.atMs = fromMs
    this.enter()
  }

  fill(instantsMs: Float64Array): void {
    const { stream } = this
    for (let index = 0; index < instantsMs.length; index++) {
      const mean = standardExponential(stream)
      if (this.slope === 0) {
        const nextMs = this.atMs + mean / this.rate
        if (nextMs < this.untilMs) {
          this.atMs = nextMs
          instantsMs[index] = nextMs
          continue
        }
      }
      this.pass(mean)
      instantsMs[index] = this.atMs
    }
  }

  /** Goes on to where so many requests would have arrived on average: the inverse of the traffic's integral. */
  private pass(requests: number): void {
    let left = requests
    while (this.atMs < Number.POSITIVE_INFINITY) {
      const { rate, slope, untilMs } = this
      // The root of slope t² / 2 + rate t = left that doesn't cancel; none where the line falls to 0 before.
      const square = rate * rate + 2 * slope * left
      const afterMs = square >= 0 ? (2 * left) / (rate + Math.sqrt(square)) : Number.POSITIVE_INFINITY
      const nextMs = this.atMs + afterMs
      if (nextMs < untilMs || untilMs === Number.POSITIVE_INFINITY) {
        this.rate = Math.max(0, rate + slope * afterMs)
        this.atMs = nextMs
        return
      }
      const forMs = untilMs - this.atMs
      left = Math.max(0, left - (rate + (slope * forMs) / 2) * forMs)
      this.atMs = untilMs
      this.enter()
    }
  }

  private enter(): void {
    const { traffic, atMs } = this
    this.untilMs = traffic.changesAfter(atMs)
    this.rate = traffic.rateAt(atMs) / 1000
    this.slope = traffic.slopeAt(atMs) / 1000
  }
}

/** So many requests between an edge and the next one, to the request, each at any instant between them alike. */
export class CountedArrivals implements Arrivals {
  private span = 0
  private left: number
  private atMs: number

  constructor(
    private readonly stream: Stream,
    private readonly edgesMs: ArrayLike<number>,
    private readonly counts: ArrayLike<number>,
  ) {
    if (edgesMs.length !== counts.length + 1) {
      throw new RangeError(`${counts.length} counts between ${edgesMs.length} edges`)
    }
    this.left = counts[0] ?? 0
    this.atMs = edgesMs[0]!
  }

  fill(instantsMs: Float64Array): void {
    for (let index = 0; index < instantsMs.length; index++) instantsMs[index] = this.next()
  }

  private next(): number {
    while (this.left === 0) {
      if (this.span + 1 >= this.counts.length) return Number.POSITIVE_INFINITY
      this.span++
      this.left = this.counts[this.span]!
      this.atMs = this.edgesMs[this.span]!
    }
    // The least of so many instants spread evenly over what is left of the span: they come sorted and aren't kept.
    const endMs = this.edgesMs[this.span + 1]!
    const rest = exp(log(1 - this.stream.uniform()) / this.left)
    this.left--
    this.atMs = Math.min(endMs, endMs - (endMs - this.atMs) * rest)
    return this.atMs
  }
}

export class ArrivalsAt implements Arrivals {
  private index = 0

  constructor(private readonly instantsMs: ArrayLike<number>) {}

  fill(instantsMs: Float64Array): void {
    for (let index = 0; index < instantsMs.length; index++) {
      instantsMs[index] = this.instantsMs[this.index++] ?? Number.POSITIVE_INFINITY
    }
  }
}
