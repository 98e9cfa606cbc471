// When requests arrive: by chance at the rate of the traffic, as often as a log counted, or at given instants.
import { exp, log } from '../../../kernel/elementary.js'
import { standardExponential } from '../../../kernel/exponential.js'
import type { Stream } from '../../../kernel/random.js'
import type { Traffic } from '../../traffic.js'

export interface Arrivals {
  /** When the next request arrives; infinity if none does. */
  readonly nextMs: number
  /** It has arrived. */
  take(): void
}

/** A Poisson process whose rate is piecewise linear. */
export class PoissonArrivals implements Arrivals {
  nextMs: number
  /** Of the straight line that the rate is on: where it ends, and rate and slope per millisecond at `nextMs`. */
  private untilMs = 0
  private rate = 0
  private slope = 0

  constructor(
    private readonly stream: Stream,
    private readonly traffic: Traffic,
    fromMs: number,
  ) {
    this.nextMs = fromMs
    this.enter()
    this.take()
  }

  take(): void {
    const requests = standardExponential(this.stream)
    const nextMs = this.nextMs + requests / this.rate
    if (this.slope === 0 && nextMs < this.untilMs) this.nextMs = nextMs
    else this.pass(requests)
  }

  /** Goes on to where so many requests would have arrived on average: the inverse of the traffic's integral. */
  private pass(requests: number): void {
    let left = requests
    while (this.nextMs < Number.POSITIVE_INFINITY) {
      const { rate, slope, untilMs } = this
      // The root of slope t² / 2 + rate t = left that doesn't cancel; none where the line falls to 0 before.
      const square = rate * rate + 2 * slope * left
      const afterMs = square >= 0 ? (2 * left) / (rate + Math.sqrt(square)) : Number.POSITIVE_INFINITY
      const nextMs = this.nextMs + afterMs
      if (nextMs < untilMs || untilMs === Number.POSITIVE_INFINITY) {
        this.rate = Math.max(0, rate + slope * afterMs)
        this.nextMs = nextMs
        return
      }
      const forMs = untilMs - this.nextMs
      left = Math.max(0, left - (rate + (slope * forMs) / 2) * forMs)
      this.nextMs = untilMs
      this.enter()
    }
  }

  private enter(): void {
    const { traffic, nextMs } = this
    this.untilMs = traffic.changesAfter(nextMs)
    this.rate = traffic.rateAt(nextMs) / 1000
    this.slope = traffic.slopeAt(nextMs) / 1000
  }
}

/** So many requests between an edge and the next one, to the request, each at any instant between them alike. */
export class CountedArrivals implements Arrivals {
  nextMs: number
  private span = 0
  private left: number

  constructor(
    private readonly stream: Stream,
    private readonly edgesMs: ArrayLike<number>,
    private readonly counts: ArrayLike<number>,
  ) {
    if (edgesMs.length !== counts.length + 1) {
      throw new RangeError(`${counts.length} counts between ${edgesMs.length} edges`)
    }
    this.nextMs = edgesMs[0]!
    this.left = counts[0] ?? 0
    this.take()
  }

  take(): void {
    while (this.left === 0) {
      this.span++
      this.nextMs = this.span < this.counts.length ? this.edgesMs[this.span]! : Number.POSITIVE_INFINITY
      if (this.span >= this.counts.length) return
      this.left = this.counts[this.span]!
    }
    // The least of so many instants spread evenly over what is left of the span: they come sorted and aren't kept.
    const endMs = this.edgesMs[this.span + 1]!
    const rest = exp(log(1 - this.stream.uniform()) / this.left)
    this.left--
    this.nextMs = Math.min(endMs, endMs - (endMs - this.nextMs) * rest)
  }
}

export class ArrivalsAt implements Arrivals {
  nextMs = Number.POSITIVE_INFINITY
  private index = 0

  constructor(private readonly instantsMs: ArrayLike<number>) {
    this.take()
  }

  take(): void {
    this.nextMs = this.instantsMs[this.index++] ?? Number.POSITIVE_INFINITY
  }
}
