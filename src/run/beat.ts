// When one target is scraped: once in every interval, at an instant of its own.
import type { Stream, Tape } from '../kernel/random.js'
import type { Scrape } from '../scenario/scrape.js'

/**
 * Prometheus 3 scrapes a target at the times that leave the same rest when divided by the interval (scrape/target.go,
 * offset): a hash of its labels, which is as good as chance and the same after a restart. What comes late on top doesn't
 * shift the scrapes after it.
 */
export class Beat {
  constructor(
    private readonly intervalMs: number,
    private readonly phaseMs: number,
    private readonly jitterMs: number,
    private readonly stream: Stream,
  ) {}

  /** The instant of a round, in whole milliseconds after its interval's own. */
  at(round: number): number {
    const { intervalMs, phaseMs, jitterMs, stream } = this
    const dueMs = round * intervalMs + phaseMs
    if (jitterMs === 0) return dueMs
    stream.seek(round)
    return dueMs + Math.floor(stream.uniform() * (Math.floor(jitterMs) + 1))
  }

  /** The first round that is due at a time or after it. */
  roundFrom(timeMs: number): number {
    return Math.max(0, Math.ceil((timeMs - this.phaseMs) / this.intervalMs))
  }
}

/** Of a target with this name. */
export function beatOf({ intervalMs, jitterMs, spread }: Scrape, target: string, tape: Tape): Beat {
  const phaseMs = spread ? Math.floor(tape.stream('scrape-phase', target).uniform() * intervalMs) : 0
  return new Beat(intervalMs, phaseMs, jitterMs, tape.stream('scrape-jitter', target))
}
