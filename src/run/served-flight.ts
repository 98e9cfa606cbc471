// A flight that others look at, after it or while it goes on, through Prometheus' HTTP API.
import { answer } from '../metrics/api/answer.js'
import type { Reply, Request } from '../metrics/api/reply.js'
import type { ExposedFamily } from '../metrics/api/sources.js'
import { limits } from '../scenario/limits.js'
import { RecordedFlight } from './fly.js'
import type { Plan } from './plan.js'
import type { RunRecord } from './record.js'

export type { Reply, Request }

/** All samples of a flight that is served are kept, and there are more than can be. */
export class TooManySamples extends Error {
  constructor(mostSamples: number) {
    super(`the flight has more than ${mostSamples} samples to keep`)
  }
}

export class ServedFlight {
  readonly startsAtMs: number
  readonly durationMs: number
  private readonly flight: RecordedFlight
  private readonly families: readonly ExposedFamily[]
  private record: RunRecord | undefined

  /** The plan is one that was prepared to be served. */
  constructor(
    private readonly plan: Plan,
    seed: number,
    private readonly version: string,
    private readonly mostSamples: number = limits.servedSamples,
  ) {
    this.startsAtMs = plan.observation.startsAtMs
    this.durationMs = plan.scenario.durationMs
    this.families = plan.observation.exposure.families.filter(({ quantity }) => quantity !== 'up')
    this.flight = new RecordedFlight(plan, seed)
  }

  /** Since the scenario began. */
  get timeMs(): number {
    return this.flight.flying.loop.now
  }

  get isReleased(): boolean {
    return this.timeMs > this.plan.scenario.releaseAtMs
  }

  /** Lets it go on until a time of the scenario, if that isn't past. */
  advance(timeMs: number): void {
    const { flying } = this.flight
    const { exposure, scrape } = this.plan.observation
    while (this.timeMs < timeMs) {
      flying.advance(Math.min(timeMs, this.timeMs + scrape.intervalMs))
      if (exposure.store.sampleCount > this.mostSamples) throw new TooManySamples(this.mostSamples)
    }
  }

  /** `elapsedMs` is the real time that has passed since the request came. */
  answer(request: Request, elapsedMs: () => number): Reply {
    const { exposure, scrape } = this.plan.observation
    const { observatory } = this.flight.flying
    // Whoever looks back on a flight may, even if its Prometheus was down in the end.
    if (!this.record && !observatory.isUp) return unavailable
    return answer(request, {
      store: exposure.store,
      nowMs: Math.floor(this.startsAtMs + this.timeMs),
      families: this.families,
      groups: observatory.ruler?.groups ?? [],
      scrapeIntervalMs: scrape.intervalMs,
      version: this.version,
      elapsedMs,
    })
  }

  /** What came of it, as if the scenario ended now. */
  land(): RunRecord {
    this.record ??= this.flight.land()
    return this.record
  }
}

/** What a proxy says for a server that isn't there. */
const unavailable: Reply = {
  status: 503,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'Prometheus is down in this flight now.\n',
}
