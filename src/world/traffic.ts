// The rate at which requests arrive, always piecewise linear; and, where a log is replayed, how many just then.
import type { Tape } from '../kernel/random.js'
import type { Arrivals } from './arrivals.js'
import { Polyline } from './polyline.js'

/** Between two points the rate is a straight line; two points at one instant make a step. */
export interface TrafficPoint {
  readonly atMs: number
  readonly requestsPerSecond: number
}

/** Where the traffic of a flight comes from. */
export interface TrafficSource {
  /** On average over everything that chance may do. */
  readonly mean: Traffic
  /** That of one flight; the same for all of them where nothing is left to chance. */
  draw(tape: Tape): Traffic
}

/** Arrivals per second over time: its own source where there is no other. Before the first point and after the last the rate is theirs. */
export class Traffic implements TrafficSource {
  private readonly rate: Polyline

  constructor(
    rate: Polyline | readonly TrafficPoint[],
    /** Where there are any, requests don't arrive by chance, and the rate is that of each second. */
    readonly arrivals?: Arrivals,
  ) {
    this.rate =
      rate instanceof Polyline
        ? rate
        : Polyline.through(rate.map(({ atMs, requestsPerSecond }) => ({ atMs, value: requestsPerSecond })))
  }

  static constant(requestsPerSecond: number): Traffic {
    return new Traffic([{ atMs: 0, requestsPerSecond }])
  }

  /** Exactly so many requests in each second, and none before and after. */
  static of(arrivals: Arrivals): Traffic {
    const startsMs = [0]
    const rates = [0]
    const step = (second: number, rate: number) => {
      if (rate === rates.at(-1)) return
      startsMs.push(arrivals.startMs + 1000 * second)
      rates.push(rate)
    }
    for (let second = 0; second < arrivals.seconds; second++) step(second, arrivals.countOf(second))
    step(arrivals.seconds, 0)
    return new Traffic(Polyline.steps(startsMs, rates), arrivals)
  }

  get mean(): Traffic {
    return this
  }

  draw(): Traffic {
    return this
  }

  /** Requests per second; at a step, the rate after it. */
  rateAt(timeMs: number): number {
    return this.rate.valueAt(timeMs)
  }

  /** How much the rate grows per millisecond from this instant until the next change. */
  slopeAt(timeMs: number): number {
    return this.rate.slopeAt(timeMs)
  }

  /** The next instant at which the rate stops being the straight line it is on; infinity if never. */
  changesAfter(timeMs: number): number {
    return this.rate.changesAfter(timeMs)
  }

  /** Mean number of requests that arrive in [fromMs, untilMs). */
  integral(fromMs: number, untilMs: number): number {
    return this.rate.integral(fromMs, untilMs)
  }

  /** So many times as much of it, as a factor that changes over time has it. What it leaves at 1 stays as it is. */
  times(factor: Polyline): Traffic {
    if (this.arrivals === undefined) return new Traffic(this.rate.times(factor))
    return Traffic.of(
      this.arrivals.times((fromMs, untilMs) => (1000 * factor.integral(fromMs, untilMs)) / (untilMs - fromMs)),
    )
  }
}
