// Requests for an engine that nobody else sends any: by chance at a constant rate, or at given instants.
import { standardExponential } from '../../../../src/kernel/exponential.js'
import type { Stream } from '../../../../src/kernel/random.js'
import type { Arrivals } from '../../../../src/world/requests/queueing/arrivals.js'

export class PoissonArrivals implements Arrivals {
  private readonly perMs: number

  constructor(
    private readonly stream: Stream,
    requestsPerSecond: number,
    public nextMs: number,
  ) {
    this.perMs = requestsPerSecond / 1000
    this.take()
  }

  take(): void {
    this.nextMs += standardExponential(this.stream) / this.perMs
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
