// The rate at which requests arrive: constant, in steps or in ramps, always piecewise linear.

/** Between two points the rate is a straight line; two points at one instant make a step. */
export interface TrafficPoint {
  readonly atMs: number
  readonly requestsPerSecond: number
}

/** Arrivals per second over time. Before the first point and after the last the rate is theirs. */
export class Traffic {
  private readonly startsMs: Float64Array
  private readonly rates: Float64Array
  private readonly slopes: Float64Array

  constructor(points: readonly TrafficPoint[]) {
    const lines = linesThrough(points)
    this.startsMs = Float64Array.from(lines, (line) => line.startMs)
    this.rates = Float64Array.from(lines, (line) => line.rate)
    this.slopes = Float64Array.from(lines, (line) => line.slope)
  }

  static constant(requestsPerSecond: number): Traffic {
    return new Traffic([{ atMs: 0, requestsPerSecond }])
  }

  /** Requests per second; at a step, the rate after it. */
  rateAt(timeMs: number): number {
    const line = this.lineAt(timeMs)
    return this.rates[line]! + this.slopes[line]! * (timeMs - this.startsMs[line]!)
  }

  /** How much the rate grows per millisecond from this instant until the next change. */
  slopeAt(timeMs: number): number {
    return this.slopes[this.lineAt(timeMs)]!
  }

  /** The next instant at which the rate stops being the straight line it is on; infinity if never. */
  changesAfter(timeMs: number): number {
    return this.startsMs[this.lineAt(timeMs) + 1] ?? Number.POSITIVE_INFINITY
  }

  /** Mean number of requests that arrive in [fromMs, untilMs). */
  integral(fromMs: number, untilMs: number): number {
    let requests = 0
    let startMs = fromMs
    for (let line = this.lineAt(fromMs); startMs < untilMs; line++) {
      const endMs = Math.min(untilMs, this.startsMs[line + 1] ?? Number.POSITIVE_INFINITY)
      const middleMs = (startMs + endMs) / 2 - this.startsMs[line]!
      requests += ((this.rates[line]! + this.slopes[line]! * middleMs) * (endMs - startMs)) / 1000
      startMs = endMs
    }
    return requests
  }

  private lineAt(timeMs: number): number {
    let low = 0
    let high = this.startsMs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.startsMs[middle]! <= timeMs) low = middle
      else high = middle - 1
    }
    return low
  }
}

interface Line {
  readonly startMs: number
  readonly rate: number
  readonly slope: number
}

function linesThrough(points: readonly TrafficPoint[]): Line[] {
  const first = points[0]
  if (first === undefined) throw new RangeError('traffic needs at least one point')
  const lines: Line[] = first.atMs > 0 ? [{ startMs: 0, rate: first.requestsPerSecond, slope: 0 }] : []
  for (const [index, point] of points.entries()) {
    if (!(point.requestsPerSecond >= 0 && point.requestsPerSecond < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`traffic rate ${point.requestsPerSecond} is not a finite number of requests per second`)
    }
    const next = points[index + 1]
    if (next !== undefined && !(next.atMs >= point.atMs)) {
      throw new RangeError(`traffic point at ${next.atMs} ms comes after the one at ${point.atMs} ms`)
    }
    if (next?.atMs === point.atMs) continue
    const slope = next === undefined ? 0 : (next.requestsPerSecond - point.requestsPerSecond) / (next.atMs - point.atMs)
    lines.push({ startMs: point.atMs, rate: point.requestsPerSecond, slope })
  }
  return lines
}
