// When something was there in a flight: a version's pods, or requests that go to them.

export class Presence {
  /** Instants at which it came and went, in turns. */
  private readonly changesMs: number[] = []

  note(isThere: boolean, nowMs: number): void {
    if (isThere !== this.isThere) this.changesMs.push(nowMs)
  }

  get isThere(): boolean {
    return this.changesMs.length % 2 === 1
  }

  /** Since when it hasn't been there; infinity while it is. */
  get goneSinceMs(): number {
    return this.isThere ? Number.POSITIVE_INFINITY : (this.changesMs.at(-1) ?? 0)
  }

  /** The first instant of a stretch of time at which it was there; infinity if it wasn't. */
  firstWithin(fromMs: number, untilMs: number): number {
    const { changesMs } = this
    for (let came = 0; came < changesMs.length; came += 2) {
      const startMs = Math.max(fromMs, changesMs[came]!)
      if (startMs < Math.min(untilMs, changesMs[came + 1] ?? Number.POSITIVE_INFINITY)) return startMs
    }
    return Number.POSITIVE_INFINITY
  }
}
