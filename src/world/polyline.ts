// A number that changes over time in straight lines and steps: a rate, or a factor on one.

/** Two points at one instant make a step. */
export interface PolylinePoint {
  readonly atMs: number
  readonly value: number
}

/** Never negative. Before the first point and after the last the value is theirs. */
export class Polyline {
  private constructor(
    private readonly startsMs: Float64Array,
    private readonly values: Float64Array,
    private readonly slopes: Float64Array,
  ) {}

  static through(points: readonly PolylinePoint[]): Polyline {
    const first = points[0]
    if (first === undefined) throw new RangeError('a polyline needs at least one point')
    const lines = new Lines()
    if (first.atMs > 0) lines.add(0, first.value, 0)
    for (const [index, { atMs, value }] of points.entries()) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(`a polyline through ${value}`)
      const next = points[index + 1]
      if (next !== undefined && !(next.atMs >= atMs)) throw new RangeError(`points at ${atMs} ms, then ${next.atMs} ms`)
      if (next?.atMs === atMs) continue
      lines.add(atMs, value, next === undefined ? 0 : (next.value - value) / (next.atMs - atMs))
    }
    return lines.polyline()
  }

  static constant(value: number): Polyline {
    return Polyline.through([{ atMs: 0, value }])
  }

  /** Level lines, each from its start until that of the next. */
  static steps(startsMs: readonly number[], values: readonly number[]): Polyline {
    return Polyline.of(startsMs, values, new Float64Array(values.length))
  }

  /** Lines that somebody has checked. */
  static of(startsMs: readonly number[], values: readonly number[], slopes: ArrayLike<number>): Polyline {
    return new Polyline(Float64Array.from(startsMs), Float64Array.from(values), Float64Array.from(slopes))
  }

  /** At a step, the value after it. */
  valueAt(timeMs: number): number {
    return this.valueOn(this.lineAt(timeMs), timeMs)
  }

  /** How much the value grows per millisecond from this instant until the next change. */
  slopeAt(timeMs: number): number {
    return this.slopes[this.lineAt(timeMs)]!
  }

  /** The next instant at which the value stops being the straight line it is on; infinity if never. */
  changesAfter(timeMs: number): number {
    return this.startsMs[this.lineAt(timeMs) + 1] ?? Number.POSITIVE_INFINITY
  }

  /** Over time, in seconds. */
  integral(fromMs: number, untilMs: number): number {
    let sum = 0
    let startMs = fromMs
    for (let line = this.lineAt(fromMs); startMs < untilMs; line++) {
      const endMs = Math.min(untilMs, this.startsMs[line + 1] ?? Number.POSITIVE_INFINITY)
      sum += (this.valueOn(line, (startMs + endMs) / 2) * (endMs - startMs)) / 1000
      startMs = endMs
    }
    return sum
  }

  /**
   * The product of two. Where both are sloped it is a parabola, which becomes as many chords as keep it within a
   * thousandth of its greatest value there.
   */
  times(other: Polyline): Polyline {
    const lines = new Lines()
    let startMs = Math.max(this.startsMs[0]!, other.startsMs[0]!)
    while (startMs < Number.POSITIVE_INFINITY) {
      const mine = this.lineAt(startMs)
      const theirs = other.lineAt(startMs)
      const endMs = Math.min(
        this.startsMs[mine + 1] ?? Number.POSITIVE_INFINITY,
        other.startsMs[theirs + 1] ?? Number.POSITIVE_INFINITY,
      )
      const at = (timeMs: number) => this.valueOn(mine, timeMs) * other.valueOn(theirs, timeMs)
      // Everybody's last line is level.
      if (endMs === Number.POSITIVE_INFINITY) lines.add(startMs, at(startMs), 0)
      else lines.chords(at, this.slopes[mine]! * other.slopes[theirs]!, startMs, endMs)
      startMs = endMs
    }
    return lines.polyline()
  }

  private valueOn(line: number, timeMs: number): number {
    return this.values[line]! + this.slopes[line]! * (timeMs - this.startsMs[line]!)
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

class Lines {
  private readonly startsMs: number[] = []
  private readonly values: number[] = []
  private readonly slopes: number[] = []

  add(startMs: number, value: number, slope: number): void {
    this.startsMs.push(startMs)
    // What is zero at the end of a line is a little less or more by rounding.
    this.values.push(Math.max(0, value))
    this.slopes.push(slope)
  }

  /** A parabola with this coefficient of its square is a quarter of it times the length squared off its chord. */
  chords(at: (timeMs: number) => number, bend: number, startMs: number, endMs: number): void {
    const greatest = Math.max(at(startMs), at((startMs + endMs) / 2), at(endMs))
    const off = (Math.abs(bend) * (endMs - startMs) ** 2) / 4
    const chords = off === 0 ? 1 : Math.ceil(Math.sqrt(off / (TOLERANCE * greatest)))
    for (let chord = 0; chord < chords; chord++) {
      const fromMs = startMs + ((endMs - startMs) * chord) / chords
      const untilMs = startMs + ((endMs - startMs) * (chord + 1)) / chords
      this.add(fromMs, at(fromMs), (at(untilMs) - at(fromMs)) / (untilMs - fromMs))
    }
  }

  polyline(): Polyline {
    return Polyline.of(this.startsMs, this.values, this.slopes)
  }
}

const TOLERANCE = 1e-3
