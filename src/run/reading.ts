// What a scrape has read of its targets, until Prometheus has stored it.
import type { Found } from './counted-pods.js'

export class Reading {
  constructor(
    private readonly clockMs: number,
    private readonly found: readonly Found[],
  ) {}

  store(): void {
    for (const { exposition, sources } of this.found) {
      if (sources) exposition.scrape(this.clockMs, sources)
      else exposition.fail(this.clockMs)
    }
  }
}
