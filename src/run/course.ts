// What has to be known of a flight's course for its outcome.
import { Presence } from './presence.js'

export class Course {
  /** Instants at which a measurement was Failed or Error. */
  readonly failedChecksMs: number[] = []
  decidedMs = Number.NaN
  promotedMs = Number.NaN
  lastScrapeMs = Number.NaN
  /** Where targets are scraped apart: the first scrape after an exposed request. */
  firstSeenMs = Number.NaN
  /** When Prometheus is down. */
  readonly outages = new Presence()
  /** By version: its pods, and the requests that go to it. */
  readonly pods: readonly Presence[] = [new Presence(), new Presence()]
  readonly requests: readonly Presence[] = [new Presence(), new Presence()]
}
