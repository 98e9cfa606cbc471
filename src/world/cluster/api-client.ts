// How a program of the control plane reaches the API server, and what its watches tell it when that was away.

/**
 * Follows client-go 0.34: while a watch can't be had, a reflector tries after 0.8 to 1.6 s, then ever later, up to 30 to
 * 60 s (tools/cache/reflector.go). Until it has one again, what it shows is what there was before.
 */
export class ApiClient {
  /** Whether its requests are answered. */
  isAnswered = true
  private readonly blindUntilMs = new Map<string, number>()

  /** Whether it hears at a time of what happens to objects of a kind. */
  sees(kind: string, timeMs: number): boolean {
    if (this.blindUntilMs.size === 0) return this.isAnswered
    return this.isAnswered && timeMs >= (this.blindUntilMs.get(kind) ?? Number.NEGATIVE_INFINITY)
  }

  /** The server answers again; by kind, from when on the watch is there. */
  reconnect(watchedFromMs: Readonly<Record<string, number>>): void {
    this.isAnswered = true
    this.blindUntilMs.clear()
    for (const [kind, fromMs] of Object.entries(watchedFromMs)) this.blindUntilMs.set(kind, fromMs)
  }
}

const firstBackOffMs = 800
const lastBackOffMs = 30_000

/** When a watch that broke is there again, if the server answers from a later time on. */
export function watchedAgainMs(brokeMs: number, answersFromMs: number, uniform: () => number): number {
  let triedMs = brokeMs
  let backOffMs = firstBackOffMs
  while (triedMs < answersFromMs) {
    triedMs += Math.floor(backOffMs * (1 + uniform()))
    backOffMs = Math.min(lastBackOffMs, 2 * backOffMs)
  }
  return triedMs
}
