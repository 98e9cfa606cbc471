// What a scrape has read of its targets, until Prometheus has stored it.
import type { TargetKind } from '../scenario/scrape.js'
import type { Found } from './counted-pods.js'
import { asItIs } from './pipeline.js'

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

  /** The same, to be stored later: what is counted meanwhile is none of it. */
  kept(): Reading {
    return new Reading(
      this.clockMs,
      this.found.map(({ exposition, sources }) => ({
        exposition,
        sources: sources?.map((each) => each && asItIs(each)),
      })),
    )
  }

  /** In parts that may be stored at different times. */
  parts(): ReadonlyMap<TargetKind | undefined, Reading> {
    const found = new Map<TargetKind | undefined, Found[]>()
    for (const each of this.found) {
      const part = found.get(each.of)
      if (part) part.push(each)
      else found.set(each.of, [each])
    }
    return new Map([...found].map(([of, part]) => [of, new Reading(this.clockMs, part)]))
  }
}
