// What has to be known of a flight's course for its outcome.

export interface Course {
  firstFailedCheckMs: number
  decidedMs: number
  promotedMs: number
  /** Since when no request goes to the canary; infinity while some do. */
  quietSinceMs: number
  lastScrapeMs: number
}
